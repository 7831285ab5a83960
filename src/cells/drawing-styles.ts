import { css } from "lit";

/** A drawing of Plot in a cell: `.drawing` holds it, so that it is never wider than its place. */
export const drawingStyles = css`
  :host {
    display: block;
    min-width: 0;
    font: 12.5px/1.45 var(--sans);
  }
  .drawing {
    overflow: hidden;
  }
  .drawing svg {
    display: block;
    max-width: none;
    background: none;
    color: var(--soft);
    font: 11px var(--sans);
    font-variant-numeric: tabular-nums;
  }
`;
