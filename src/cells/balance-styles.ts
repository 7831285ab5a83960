import { css } from "lit";
import { cellStyles, controlStyles } from "./theme";

/** The look of the balance between the two costs. */
export const balanceStyles = [
  controlStyles,
  cellStyles,
  css`
    .slider {
      display: flex;
      flex-wrap: wrap;
      gap: 6px 10px;
      align-items: center;
      max-width: 560px;
      font: 13px/1.4 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    .bar {
      display: flex;
      gap: 2px;
      flex: 1 0 100%;
      height: 10px;
    }
    .bar i {
      border-radius: 2px;
      forced-color-adjust: none;
    }
    .of-style {
      background: var(--style);
    }
    .of-content {
      background: var(--content);
    }
    .slider input[type="range"] {
      flex: 1 0 100%;
      min-width: 0;
      height: 24px;
      margin: 0;
    }
    .slider + .controls {
      margin-top: 8px;
    }
    .choice {
      display: inline-flex;
      gap: 8px;
      align-items: center;
    }
    .note {
      margin: 10px 0 0;
      max-width: 74ch;
      font: 13px/1.5 var(--sans);
      color: var(--soft);
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 148px), 1fr));
      gap: 12px 22px;
      margin: 0;
    }
    dt {
      font: 13px/1.4 var(--sans);
      color: var(--soft);
    }
    dd {
      margin: 0;
      font: 600 15px/1.5 var(--sans);
    }
    small {
      display: block;
      font: 400 12px/1.4 var(--sans);
      color: var(--soft);
    }
    dl > div:last-child {
      grid-column: 1 / -1;
      max-width: 62ch;
    }
  `,
];
