import { css } from "lit";

/** Layout of the pixels cell: the picture beside its numbers, the way of one pixel, the memory. */
export const pixelsStyles = css`
  h3 {
    margin: 0 0 8px;
    font: 600 14px/1.4 var(--sans);
  }
  h3 small {
    margin-left: 4px;
    color: var(--soft);
    font: 12px/1.4 var(--sans);
  }
  p {
    margin: 10px 0 0;
    max-width: 96ch;
    font: 13px/1.55 var(--sans);
  }
  h3 + p {
    margin-top: 0;
  }
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 320px) minmax(0, 1fr);
    gap: 18px 28px;
    align-items: start;
  }
  .whole .controls {
    margin-top: 8px;
    color: var(--ink);
  }
  .zoomed {
    display: grid;
    gap: 8px;
    width: min(100%, 520px);
    container-type: inline-size;
  }
  .zoomed figcaption {
    margin: 0;
    min-height: 36px;
  }
  .steps {
    gap: 4px;
    color: var(--ink);
  }
  .steps button {
    position: relative;
    min-height: 28px;
    padding: 2px 8px;
    font-size: 12px;
  }
  .steps button[aria-pressed="true"] {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--paper);
  }
  .link {
    min-height: 0;
    padding: 0;
    border: 0;
    background: none;
    color: inherit;
    font: inherit;
    text-decoration: underline;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    font: 13px/1.45 var(--sans);
  }
  th {
    padding: 4px 10px 4px 8px;
    text-align: left;
    font-weight: 400;
  }
  th b {
    display: inline-block;
    min-width: 80px;
  }
  th span,
  td small {
    color: var(--soft);
    font-size: 12px;
  }
  td {
    width: 96px;
    padding: 4px 8px;
    text-align: right;
    white-space: nowrap;
  }
  tr + tr > * {
    border-top: 1px solid var(--line);
  }
  .shown > * {
    background: var(--code);
  }
  .back > * {
    border-top: 1px solid var(--edge);
  }
  .ribbon {
    display: grid;
    grid-template-columns: repeat(9, minmax(0, 1fr));
    margin: 10px 0 0;
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 6px;
    overflow: clip;
    list-style: none;
  }
  li {
    display: grid;
    justify-items: center;
    padding: 5px 2px;
    min-width: 0;
    font: 13px/1.4 var(--sans);
  }
  li + li {
    border-left: 1px solid var(--line);
  }
  li span,
  li small {
    color: var(--soft);
    font-size: 11px;
  }
  .here {
    background: var(--code);
    box-shadow: inset 0 0 0 2px var(--ink);
  }
  code {
    background: var(--code);
    border-radius: 4px;
    padding: 1px 5px;
    white-space: nowrap;
  }
  @container cell (max-width: 720px) {
    .stage {
      grid-template-columns: minmax(0, 1fr);
    }
    th b {
      display: block;
    }
    td {
      width: auto;
      padding: 4px 5px;
      vertical-align: top;
    }
    td small {
      display: block;
    }
    li:nth-child(-n + 2),
    li:nth-last-child(-n + 2) {
      display: none;
    }
    .ribbon {
      grid-template-columns: repeat(5, minmax(0, 1fr));
    }
  }
`;
