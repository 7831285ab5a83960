import { css } from "lit";

/** The letter of a run, in its colour. */
export const markStyles = css`
  .mark,
  .tag {
    display: inline-grid;
    place-items: center;
    width: 20px;
    height: 20px;
    border-radius: 50%;
    color: var(--card);
    font: 600 12px/1 var(--sans);
  }
`;

/** The look of two pictures in one frame: beside it, or beneath it on narrow cells, what is to be said of them. */
export const comparePairStyles = [
  markStyles,
  css`
    :host {
      display: block;
      container-type: inline-size;
      font: 13px/1.5 var(--sans);
    }
    .pair {
      display: grid;
      grid-template-columns: minmax(0, 560px) minmax(0, 1fr);
      gap: 12px 22px;
      align-items: start;
    }
    .stage {
      position: relative;
      /* a tall picture is not taller than the window */
      max-width: calc(min(76vh, 620px) * var(--aspect));
    }
    .stage nst-linked-picture + nst-linked-picture {
      position: absolute;
      inset: 0;
    }
    .away {
      visibility: hidden;
    }
    .nothing {
      border-radius: 6px;
      background: var(--code);
    }
    .tag {
      position: absolute;
      top: 8px;
      pointer-events: none;
      box-shadow: 0 0 0 1.5px var(--card);
    }
    .tag.left {
      left: 8px;
    }
    .tag.right {
      right: 8px;
    }
    .line {
      position: absolute;
      inset-block: 0;
      width: 28px;
      margin-left: -14px;
      cursor: ew-resize;
      touch-action: none;
    }
    .line::before {
      content: "";
      position: absolute;
      inset: 0 13px;
      background: #fff;
      box-shadow: 0 0 0 1px #000;
    }
    .line i {
      position: absolute;
      top: calc(50% - 14px);
      left: 0;
      width: 28px;
      height: 28px;
      border: 1px solid #000;
      border-radius: 50%;
      background: #fff;
    }
    .line i::before {
      content: "◂▸";
      display: grid;
      place-items: center;
      height: 100%;
      color: #000;
      font: 11px/1 var(--sans);
      letter-spacing: 1px;
    }
    .line:focus-visible {
      outline: 2px solid var(--focus);
      outline-offset: 0;
    }
    p {
      margin: 0 0 8px;
      color: var(--soft);
      overflow-wrap: anywhere;
    }
    .words p .mark {
      margin-right: 4px;
    }
    p > b:not(.mark) {
      color: var(--ink);
    }
    dl {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 22px;
      margin: 10px 0;
    }
    dt {
      color: var(--soft);
      font-size: 12px;
    }
    dd {
      margin: 0;
      font-weight: 600;
    }
    nst-colour-legend {
      margin-bottom: 8px;
    }
    .controls {
      margin-top: 10px;
    }
    @container (width < 640px) {
      .pair {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
];
