import { css } from "lit";
import { controlStyles } from "./theme";

/** The look of gradients as pictures. */
export const pullPicturesStyles = [
  controlStyles,
  css`
    :host {
      display: block;
      container: pulls / inline-size;
      font: 13px/1.5 var(--sans);
    }
    .choice {
      display: inline-flex;
      gap: 8px;
      align-items: center;
      white-space: nowrap;
    }
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 24fr) minmax(0, 26fr);
      gap: 18px 24px;
      margin-top: 12px;
    }
    .large {
      display: grid;
      gap: 6px;
      align-content: start;
      min-width: 0;
    }
    figcaption {
      margin: 0;
      font: 13px/1.5 var(--sans);
    }
    figcaption .number {
      color: var(--ink);
    }
    .right {
      min-width: 0;
    }
    .tiles {
      display: grid;
      grid-template-columns: repeat(5, minmax(0, 1fr));
      gap: 6px;
      align-content: start;
    }
    .tile {
      display: block;
      min-height: 0;
      padding: 4px 4px 1px;
      border-color: transparent;
      background: none;
      font: 11.5px/1.5 var(--mono);
      color: var(--term, var(--ink));
    }
    .tile nst-pixel-canvas {
      pointer-events: none;
    }
    .tile[aria-pressed="true"] {
      border-color: var(--ink);
      background: var(--code);
      font-weight: 600;
    }
    .tile.content {
      --term: var(--content);
    }
    .tile.style {
      --term: var(--style);
    }
    .tile.tv {
      --term: var(--soft);
    }
    .tile.total {
      --term: var(--picture);
    }
    .way {
      display: grid;
      grid-template-columns: max-content minmax(40px, 150px) max-content;
      gap: 3px 8px;
      align-items: center;
      font: 12px/1.3 var(--sans);
      color: var(--soft);
      font-variant-numeric: tabular-nums;
    }
    .way .label {
      grid-column: 1 / -1;
    }
    .way i {
      height: 8px;
      border: 1px solid var(--line);
      border-radius: 2px;
      forced-color-adjust: none;
    }
    .ends {
      display: flex;
      justify-content: space-between;
    }
    .pixel {
      margin-top: 16px;
      max-width: 520px;
    }
    .pixel p {
      display: flex;
      gap: 8px;
      align-items: center;
      margin: 0 0 6px;
    }
    .pixel p .soft {
      white-space: nowrap;
    }
    .swatch {
      flex: none;
      display: inline-block;
      width: 16px;
      height: 16px;
      border: 1px solid var(--edge);
      border-radius: 4px;
      vertical-align: -3px;
      forced-color-adjust: none;
    }
    table {
      width: 100%;
      border-collapse: collapse;
      font: 12.5px/1.4 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    th,
    td {
      padding: 2px 6px;
      text-align: right;
      font-weight: 400;
      white-space: nowrap;
    }
    thead th {
      color: var(--soft);
    }
    th[scope="row"] {
      padding-left: 6px;
      text-align: left;
      font: 12px/1.4 var(--mono);
    }
    .tv {
      color: var(--soft);
    }
    tr.lit > * {
      background: var(--code);
    }
    tr.last > * {
      border-top: 1px solid var(--line);
      font-weight: 600;
    }
    @container pulls (width < 640px) {
      .tiles {
        grid-template-columns: repeat(auto-fill, minmax(72px, 1fr));
      }
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
];
