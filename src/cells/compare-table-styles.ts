import { css } from "lit";

/** Tables of compared runs: they scroll sideways in a place of their own, with the heads of the rows always in sight. */
export const comparedTableStyles = css`
  :host {
    display: block;
    min-width: 0;
    font: 13px/1.45 var(--sans);
  }
  .scroll {
    overflow-x: auto;
    max-width: 100%;
  }
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 5px 14px 5px 0;
    border-bottom: 1px solid var(--line);
    text-align: left;
    vertical-align: top;
    font-weight: 400;
    overflow-wrap: break-word;
  }
  thead th,
  thead td {
    border-bottom-color: var(--edge);
    vertical-align: bottom;
  }
  th:first-child,
  td:first-child {
    position: sticky;
    left: 0;
    z-index: 1;
    background: var(--card);
  }
  tbody th {
    font-weight: 500;
  }
  .run {
    font: 600 13px/1.45 var(--sans);
  }
  .title {
    color: var(--soft);
    overflow-wrap: anywhere;
  }
  p {
    margin: 8px 0 0;
  }
`;
