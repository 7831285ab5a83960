import { css, html } from "lit";
import { formatNumber } from "./numbers";

/** A few numbers as a table, row by row; rows and columns are counted from 0, as code does. */
export function valueTable(values: ArrayLike<number>, rows: number, columns: number, label: string) {
  const row = (r: number) => Array.from({ length: columns }, (_, c) => html`<td>${formatNumber(values[r * columns + c], 4)}</td>`);
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table class="values">
      <thead>
        <tr>${rows > 1 ? html`<td></td>` : ""}${Array.from({ length: columns }, (_, c) => html`<th scope="col">${c}</th>`)}</tr>
      </thead>
      <tbody>
        ${Array.from({ length: rows }, (_, r) => html`<tr>${rows > 1 ? html`<th scope="row">${r}</th>` : ""}${row(r)}</tr>`)}
      </tbody>
    </table>
  </div>`;
}

export const tableStyles = css`
  .scroll {
    min-width: 0;
    max-width: 100%;
    overflow-x: auto;
  }
  .values {
    border-collapse: collapse;
    font: 12.5px/1.5 var(--mono);
    font-variant-numeric: tabular-nums;
  }
  .values td,
  .values th {
    padding: 2px 10px;
    text-align: right;
    white-space: nowrap;
  }
  .values th {
    color: var(--soft);
    font: 11.5px/1.5 var(--sans);
  }
  .values tbody td {
    border: 1px solid var(--line);
  }
`;
