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
  .top {
    display: grid;
    gap: 8px;
    padding: 12px 14px 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
  }
  .status {
    margin: 0;
    color: var(--soft);
  }
  .status b {
    margin-right: 4px;
    color: var(--ink);
    font-weight: 600;
  }
  .message,
  .promise {
    margin: 0;
    max-width: 75ch;
  }
  .message {
    padding: 6px 10px;
    border-radius: 7px;
    background: var(--code);
  }
  .message.problem {
    background: var(--error-wash);
    color: var(--error);
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
  .stage {
    position: relative;
    background: var(--code);
    border-radius: 6px;
    overflow: clip;
  }
  .stage canvas {
    width: 100%;
    height: 100%;
    border-radius: 0;
  }
  .stage canvas[hidden] {
    display: none;
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: var(--soft);
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
