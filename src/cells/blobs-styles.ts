import { css } from "lit";

/** Layout of the blobs: F and F′ side by side where there is room, the formulas beneath. */
export const blobsStyles = css`
  h3 {
    margin: 0 0 8px;
    font: 600 14px/1.4 var(--sans);
  }
  h3 small {
    margin-left: 4px;
    font: 12px/1.4 var(--sans);
    color: var(--soft);
  }
  .labelled {
    display: inline-flex;
    gap: 7px;
    align-items: center;
  }
  .check {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    min-height: 28px;
  }
  .panels {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 18px 28px;
    margin-top: 16px;
  }
  h3 + .panels {
    margin-top: 0;
  }
  .after {
    --accent: var(--picture);
    --wash: var(--picture-wash);
  }
  .maps {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: start;
  }
  .maps figure {
    flex: 0 1 112px;
    min-width: 84px;
  }
  .maps .gram {
    flex: 0 0 auto;
    min-width: 0;
  }
  figcaption {
    text-align: center;
  }
  .panel .controls {
    margin-top: 10px;
  }
  table {
    border-collapse: collapse;
    border: solid var(--edge);
    border-width: 0 1.5px;
    border-radius: 5px;
    font: 500 13px/1 var(--sans);
    font-variant-numeric: tabular-nums;
    color: var(--ink);
  }
  td {
    min-width: 26px;
    height: 28px;
    padding: 2px 6px;
    text-align: center;
  }
  .changed {
    background: var(--picture-wash);
    color: var(--picture);
    font-weight: 700;
  }
  .formulas {
    display: grid;
    gap: 6px;
  }
  .line {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 28px;
    align-items: center;
  }
  .line nst-formula {
    flex: 0 1 auto;
    min-width: 0;
  }
  .line .either button[aria-pressed="false"] {
    text-decoration: line-through;
  }
  .summary {
    margin: 4px 0 0;
    min-height: 21px;
  }
  .slope p {
    margin: 0 0 8px;
    color: var(--soft);
    font: 13px/1.5 var(--sans);
  }
  .slope nst-colour-legend {
    margin-top: 8px;
    max-width: 200px;
  }
  @container cell (max-width: 720px) {
    .panels {
      grid-template-columns: minmax(0, 1fr);
    }
    .maps figure {
      flex-basis: 92px;
    }
  }
`;
