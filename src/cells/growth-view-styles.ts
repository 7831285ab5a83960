import { css } from "lit";

/** The look of a row of pictures that grow: as many side by side as there is room for, two on a telephone. */
export const growthViewStyles = css`
  :host {
    display: block;
    min-width: 0;
    color: var(--ink);
    font: 13px/1.5 var(--sans);
    container: growth / inline-size;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
    gap: 14px;
    padding: 14px;
  }
  .tiles.single {
    grid-template-columns: minmax(0, 260px);
  }
  figure {
    min-width: 0;
  }
  figcaption {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    justify-content: space-between;
    align-items: baseline;
    margin: 5px 0 4px;
    font-variant-numeric: tabular-nums;
  }
  .title {
    color: var(--ink);
    font: 600 12px/1.5 var(--mono);
  }
  .value {
    color: var(--ink);
    font: 600 13px/1.5 var(--sans);
  }
  .step {
    margin: 3px 0 0;
    min-height: 1.45em;
    font-size: 11px;
  }
  .note {
    margin: 3px 0 0;
    font-size: 12px;
  }
  .scale {
    margin-top: 5px;
    font-size: 11px;
  }
  .scale i {
    display: block;
    height: 5px;
    min-width: 2px;
    border: 1px solid var(--ink);
    border-top: 0;
  }
  nst-growth-curve.content {
    --curve: var(--content);
  }
  nst-growth-curve.style {
    --curve: var(--style);
  }
  @container growth (width < 420px) {
    .tiles {
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 14px 12px;
    }
    .tiles.single {
      grid-template-columns: minmax(0, 260px);
    }
  }
`;
