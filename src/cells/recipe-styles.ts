import { css } from "lit";
import { factStyles } from "./fact-styles";
import { powerStripStyles } from "./recipe-axis";
import { cellStyles, controlStyles } from "./theme";

/** The look of one recipe. */
export const recipeStyles = [
  controlStyles,
  cellStyles,
  factStyles,
  powerStripStyles,
  css`
    select {
      max-width: min(100%, 420px);
    }
    .fits,
    .lead,
    .help {
      margin: 10px 0 0;
      max-width: 74ch;
      font: 13px/1.5 var(--sans);
    }
    .help {
      color: var(--soft);
    }
    .lead {
      margin: 0 0 8px;
    }
    .steps {
      display: inline-flex;
      gap: 8px;
      align-items: center;
    }
    i {
      font-family: var(--serif);
    }
    a {
      color: inherit;
    }
    .formula {
      display: grid;
      margin-top: 12px;
    }
    .formula .line {
      display: grid;
      grid-template-columns: 84px minmax(0, 1fr);
      gap: 2px 12px;
      align-items: baseline;
      padding: 4px 10px;
      border-left: 3px solid transparent;
    }
    .formula .label {
      font: 600 13px/1.4 var(--sans);
    }
    .line.content {
      --mark: var(--content);
      --wash: var(--content-wash);
    }
    .line.style {
      --mark: var(--style);
      --wash: var(--style-wash);
    }
    .line.tv {
      --mark: var(--soft);
      --wash: var(--code);
    }
    .formula .label {
      color: var(--mark);
    }
    .formula .tex {
      min-width: 0;
      color: var(--ink);
    }
    .changed {
      border-left-color: var(--mark) !important;
      animation: rewritten 2.4s ease-out;
    }
    .changed .tex > nst-formula {
      animation: written 0.7s ease-out;
    }
    .was {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      gap: 10px;
      align-items: baseline;
      color: var(--soft);
    }
    .was nst-formula {
      zoom: 0.8;
    }
    @keyframes rewritten {
      from {
        background: var(--wash);
      }
    }
    @keyframes written {
      from {
        opacity: 0;
        transform: translateX(14px);
      }
    }
    table {
      border-collapse: collapse;
      font: 13px/1.5 var(--sans);
      font-variant-numeric: tabular-nums;
    }
    th,
    td {
      padding: 3px 18px 3px 0;
      border-bottom: 1px solid var(--line);
      font-weight: 400;
      text-align: right;
      white-space: nowrap;
    }
    th {
      color: var(--soft);
    }
    th[scope="row"] {
      color: inherit;
      text-align: left;
    }
    tr.content th[scope="row"] {
      color: var(--content);
    }
    tr.style th[scope="row"] {
      color: var(--style);
    }
    tr td {
      color: var(--ink);
    }
    tr td.soft,
    th small {
      color: var(--soft);
    }
    th small {
      font: 12px/1.5 var(--mono);
    }
    .change {
      color: var(--soft);
    }
    .ratios {
      max-width: 620px;
      min-width: 0;
      margin-top: 12px;
      color: var(--soft);
    }
    .ratios .title {
      display: block;
      margin-bottom: 6px;
      font: 12px/1.5 var(--sans);
    }
    dd {
      max-width: 66ch;
    }
    ul {
      margin: 0;
      padding: 0 0 0 16px;
    }
    .defects li::marker {
      content: "! ";
      font-weight: 700;
      color: var(--error);
    }
    @container cell (width >= 780px) {
      .weights {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 0 36px;
        align-items: start;
      }
      .lead {
        grid-column: 1 / -1;
      }
      .ratios {
        margin-top: 4px;
      }
    }
    @container cell (width < 560px) {
      .formula .line {
        grid-template-columns: minmax(0, 1fr);
      }
      .wide {
        display: none;
      }
      th,
      td {
        padding-right: 10px;
      }
      th small {
        display: block;
      }
      dl {
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
      }
      dd {
        margin-bottom: 8px;
      }
    }
  `,
];
