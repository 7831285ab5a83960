import { css } from "lit";

/** Of the drawing, in pixels. */
export const HEIGHT = 230;

/** Around the axes, in pixels: room for the numbers on the left and for the names of the curves on the right. */
export const MARGIN = { top: 10, right: 98, bottom: 34, left: 46 };

/** The look of the cost curves; the drawing itself is Plot's, of a fixed height. */
export const curvesStyles = css`
  :host {
    display: block;
    min-width: 0;
    font: 12px/1.5 var(--sans);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
    align-items: start;
    justify-content: space-between;
    max-width: 100%;
  }
  .readout {
    display: grid;
    /* room for "0.00123" in each, else the last goes below */
    grid-template-columns: repeat(auto-fit, minmax(56px, 1fr));
    flex: 1 1 min(100%, 304px);
    min-width: 0;
    max-width: 410px;
    gap: 4px 6px;
    margin: 0;
    min-height: 38px;
    font: 600 13px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .readout.soft {
    display: block;
    font-weight: 400;
  }
  .readout small {
    display: block;
    font: 400 12px/1.4 var(--sans);
  }
  .step.held {
    color: var(--picture);
  }
  .tv {
    color: var(--soft);
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .note {
    margin: 4px 0 0;
    color: var(--soft);
  }
  .note b {
    font-weight: 600;
    color: var(--picture);
  }
  .scales {
    display: inline-flex;
    border: 1px solid var(--edge);
    border-radius: 7px;
    overflow: clip;
  }
  .scales button {
    min-height: 24px;
    padding: 1px 9px;
    border: 0;
    border-radius: 0;
    font-size: 12px;
    color: var(--soft);
  }
  .scales button[aria-pressed="true"] {
    background: var(--code);
    color: var(--ink);
    font-weight: 600;
  }
  .scales button:focus-visible {
    outline-offset: -2px;
  }
  .plot {
    position: relative;
    margin-top: 6px;
    min-height: ${HEIGHT}px;
  }
  .drawing {
    overflow: hidden;
    height: ${HEIGHT}px;
  }
  .drawing svg {
    display: block;
    max-width: none;
    background: none;
    color: var(--soft);
    font: 11px var(--sans);
    font-variant-numeric: tabular-nums;
    overflow: visible;
  }
  .end {
    font-weight: 600;
  }
  .hit {
    position: absolute;
    inset: 0 0 ${MARGIN.bottom - 10}px 0;
    cursor: crosshair;
    touch-action: pan-y;
    border-radius: 6px;
  }
  .rule {
    position: absolute;
    top: ${MARGIN.top}px;
    bottom: ${MARGIN.bottom}px;
    left: 0;
    width: 1px;
    margin-left: -0.5px;
    background: var(--edge);
    pointer-events: none;
  }
  .rule i {
    position: absolute;
    left: -3.5px;
    width: 8px;
    height: 8px;
    margin-top: -4px;
    border-radius: 50%;
    box-shadow: 0 0 0 1.5px var(--card);
  }
`;
