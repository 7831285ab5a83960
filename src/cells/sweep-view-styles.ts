import { css } from "lit";

/** The look of a sweep: the grid and the chosen picture side by side; on a telephone one beneath the other, rows under their names. */
export const sweepViewStyles = css`
  :host {
    display: block;
    min-width: 0;
    color: var(--ink);
    font: 13px/1.5 var(--sans);
    container: sweep / inline-size;
  }
  .layout {
    display: grid;
    grid-template-columns: minmax(0, 1.45fr) minmax(0, 1fr);
    gap: 22px;
    align-items: start;
    padding: 14px;
  }
  .scroll {
    overflow-x: auto;
    /* room for the outline of what is chosen */
    padding: 3px;
    margin: -3px;
  }
  .grid {
    display: grid;
    grid-template-columns: max-content repeat(var(--columns), minmax(72px, 1fr));
    gap: 7px;
    align-items: center;
  }
  [role="row"] {
    display: contents;
  }
  .head,
  .corner {
    font: 600 12px/1.4 var(--sans);
  }
  .head {
    text-align: center;
  }
  .corner {
    display: grid;
    color: var(--soft);
    font-weight: 400;
  }
  .side {
    max-width: 12em;
    padding-right: 4px;
    font: 600 12px/1.4 var(--mono);
    overflow-wrap: break-word;
  }
  .place {
    position: relative;
    background: var(--code);
    border-radius: 5px;
    cursor: pointer;
  }
  .place canvas {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: 5px;
  }
  .place canvas.empty {
    opacity: 0;
  }
  .place:hover {
    box-shadow: 0 0 0 1.5px var(--edge);
  }
  .place[aria-selected="true"] {
    box-shadow: 0 0 0 2.5px var(--picture);
  }
  .place.failed {
    box-shadow: 0 0 0 1.5px var(--error);
  }
  .place.left-out {
    background: none;
    box-shadow: inset 0 0 0 1.5px var(--line);
  }
  .place.left-out canvas {
    opacity: 0;
  }
  .place.left-out[aria-selected="true"] {
    box-shadow: inset 0 0 0 1.5px var(--line), 0 0 0 2.5px var(--picture);
  }
  .hint {
    font-size: 12px;
  }
  .badge,
  .waits {
    position: absolute;
    padding: 0 4px;
    border-radius: 4px;
    background: var(--card);
    color: var(--soft);
    font: 11px/1.4 var(--sans);
  }
  .badge {
    top: 4px;
    right: 4px;
  }
  .badge.mark {
    right: auto;
    left: 4px;
    color: var(--picture);
    font-weight: 600;
  }
  .waits {
    bottom: 6px;
    left: 4px;
  }
  .left {
    display: grid;
    gap: 12px;
    min-width: 0;
  }
  .line {
    position: absolute;
    inset: auto 0 0;
    height: 3px;
    background: var(--picture);
    transform-origin: left;
  }
  @container sweep (width < 760px) {
    .layout {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container sweep (width < 520px) {
    .grid {
      grid-template-columns: repeat(var(--columns), minmax(72px, 1fr));
      gap: 5px;
    }
    .corner,
    .side {
      grid-column: 1 / -1;
      max-width: none;
    }
    .corner {
      display: flex;
      gap: 14px;
    }
    .side {
      margin-top: 5px;
    }
  }
`;
