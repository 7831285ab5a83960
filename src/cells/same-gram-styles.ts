import { css } from "lit";

/** Layout of the same-gram cell: two maps, their numbers, their histograms. */
export const sameGramStyles = css`
  h3 {
    margin: 0 0 8px;
    font: 600 14px/1.4 var(--sans);
  }
  .slide {
    display: inline-flex;
    gap: 8px;
    align-items: center;
  }
  .slide input {
    width: min(200px, 40cqw);
  }
  .stepper {
    display: inline-flex;
    gap: 8px;
    align-items: center;
    white-space: nowrap;
  }
  .angle {
    min-width: 28px;
  }
  .parts {
    display: grid;
    grid-template-columns: 150px 150px minmax(0, 1fr) minmax(0, 1fr);
    gap: 14px 20px;
    align-items: start;
    margin: 12px 0 10px;
  }
  .facts {
    display: grid;
    gap: 10px;
    min-width: 0;
  }
  .moments {
    display: grid;
    grid-template-columns: auto minmax(40px, 1fr) auto;
    gap: 4px 8px;
    align-items: center;
    color: var(--soft);
    font: 12px/1.5 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .bar {
    display: flex;
    height: 14px;
    overflow: clip;
    border-radius: 3px;
    background: var(--code);
  }
  .bar i {
    height: 100%;
  }
  .mean {
    background: var(--edge);
  }
  .variance {
    background: repeating-linear-gradient(135deg, var(--picture) 0 4px, color-mix(in srgb, var(--picture) 55%, var(--card)) 4px 7px);
  }
  .key {
    white-space: nowrap;
  }
  .mark {
    display: inline-block;
    width: 10px;
    height: 10px;
    margin-right: 4px;
    border-radius: 2px;
  }
  dl {
    display: grid;
    gap: 0;
    margin: 0;
    font: 13px/1.45 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  dt {
    font-size: 12px;
  }
  dt:not([class]) {
    color: var(--soft);
  }
  dd {
    margin: 0 0 4px;
  }
  p {
    margin: 0;
    font: 13px/1.5 var(--sans);
  }
  .why {
    max-width: 72ch;
    margin-top: 12px;
    color: var(--soft);
  }
  @container cell (max-width: 860px) {
    .parts {
      grid-template-columns: repeat(2, minmax(0, 180px));
    }
    .facts,
    nst-two-histograms {
      grid-column: 1 / -1;
    }
  }
`;
