import { css } from "lit";
import { cellStyles, controlStyles } from "./theme";

/** The look of the board: the map above, a row a term below. */
export const boardStyles = [
  controlStyles,
  cellStyles,
  css`
    .presets button {
      min-height: 26px;
      padding: 2px 9px;
    }
    .presets button[aria-pressed="true"] {
      border-color: var(--ink);
      background: var(--code);
      font-weight: 600;
    }
    .hand {
      margin: 10px 0 12px;
      color: var(--soft);
    }
    .help {
      margin: 10px 0 0;
      max-width: 78ch;
      font: 12px/1.5 var(--sans);
      color: var(--soft);
    }
    .terms {
      display: grid;
      grid-template-columns: max-content minmax(200px, 1.5fr) minmax(110px, 1fr) max-content 30px;
      gap: 2px 14px;
      font: 13px/1.4 var(--sans);
    }
    .head,
    .term {
      display: grid;
      grid-template-columns: subgrid;
      grid-column: 1 / -1;
      align-items: center;
    }
    .head {
      color: var(--soft);
      font-size: 12px;
    }
    .head i,
    .raw i,
    .symbol {
      font-family: var(--serif);
    }
    .term {
      min-height: 36px;
      border-top: 1px solid var(--line);
    }
    .what {
      font: 600 12px/1.5 var(--mono);
    }
    .what.tv,
    .all .what {
      font: 600 13px/1.4 var(--sans);
    }
    .what.tv {
      color: var(--soft);
    }
    .what small {
      margin-left: 4px;
      font: 400 11px/1.3 var(--sans);
      color: var(--soft);
    }
    .what .bad {
      display: block;
      margin: 0;
      color: var(--error);
    }
    .weight {
      display: grid;
      grid-template-columns: 2.6em minmax(0, 1fr);
      gap: 6px;
      align-items: center;
      min-width: 0;
    }
    .symbol {
      color: var(--soft);
      white-space: nowrap;
    }
    .fixed {
      justify-self: end;
      padding-right: 8px;
    }
    .share {
      display: grid;
      grid-template-columns: minmax(40px, 1fr) 4em;
      gap: 8px;
      align-items: center;
    }
    .track {
      height: 11px;
      border-radius: 2px;
      background: var(--code);
    }
    .track i {
      display: block;
      height: 100%;
      border-radius: 2px;
      background: var(--soft);
      forced-color-adjust: none;
    }
    .track .of-content {
      background: var(--content);
    }
    .track .of-style {
      background: var(--style);
    }
    .part {
      text-align: right;
    }
    .old {
      opacity: 0.45;
    }
    .raw {
      color: var(--soft);
      white-space: nowrap;
    }
    .term button {
      min-width: 28px;
      padding: 0;
    }
    .of-content nst-log-slider {
      --accent: var(--content);
    }
    .of-style nst-log-slider,
    .all nst-log-slider {
      --accent: var(--style);
    }
    .place {
      margin-top: 14px;
    }
    .messages p {
      margin: 0;
      padding: 8px 14px;
      border-top: 1px solid var(--line);
      background: var(--code);
      font: 13px/1.5 var(--sans);
    }
    .messages .bad {
      background: var(--error-wash);
      color: var(--error);
    }
    @container cell (width < 620px) {
      .head {
        display: none;
      }
      .terms {
        grid-template-columns: minmax(0, 1fr) max-content 30px;
      }
      .term {
        row-gap: 4px;
        padding: 6px 0;
      }
      .weight,
      .share {
        grid-column: 1 / -1;
      }
      .what {
        grid-area: 1 / 1;
      }
      .raw {
        grid-area: 1 / 2;
      }
      .term > :last-child {
        grid-area: 1 / 3;
      }
    }
  `,
];
