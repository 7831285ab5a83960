import { css } from "lit";
import { partsStyles } from "./parts-styles";
import { controlStyles } from "./theme";

/** The look of a content cost that is taken apart. */
export const contentCostStyles = [
  controlStyles,
  partsStyles,
  css`
    :host {
      container: cost / inline-size;
    }
    .note b {
      color: var(--ink);
    }
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 26fr) minmax(0, 24fr);
      gap: 18px 28px;
    }
    .where {
      display: grid;
      gap: 10px;
      align-content: start;
    }
    .choice {
      display: inline-flex;
      gap: 8px;
      align-items: center;
      margin-right: 8px;
      white-space: nowrap;
    }
    .parts {
      display: grid;
      gap: 14px;
      align-content: start;
      min-width: 0;
    }
    .position p {
      margin: 0 0 4px;
      font: 14px/1.4 var(--sans);
    }
    table {
      border-collapse: collapse;
      font: 13px/1.4 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    /* a row more or less would move all that stands below */
    .position {
      min-height: 176px;
    }
    th {
      padding: 0 14px 0 0;
      text-align: left;
      font-weight: 400;
    }
    td {
      padding: 3px 8px 3px 0;
      white-space: nowrap;
    }
    th button {
      min-height: 26px;
      margin-left: -8px;
      padding: 1px 8px;
      font-weight: 400;
    }
    .lit th button {
      background: var(--code);
      font-weight: 600;
    }
    .maps {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 14px;
      margin-top: 14px;
    }
    .maps figcaption .of {
      color: var(--soft);
    }
    .maps b {
      color: var(--ink);
      font-size: 13px;
    }
    .term {
      margin: 10px 0;
      font: 14px/1.5 var(--sans);
    }
    .legends {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 264px));
      gap: 10px 28px;
    }
    @container cost (width < 640px) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
      .maps {
        gap: 8px;
      }
    }
  `,
];
