import { css } from "lit";

/** The look of the match of two networks: a row a layer, both sides of it beside each other; on narrow screens beneath. */
export const matchStyles = css`
  i {
    font-family: var(--serif);
  }
  .matches {
    display: grid;
    grid-template-columns: max-content max-content repeat(3, max-content) minmax(120px, max-content) repeat(3, max-content) minmax(0, 1fr);
    gap: 0 14px;
    font: 13px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .head,
  .match {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-items: center;
    min-height: 38px;
    padding: 3px 0;
  }
  .match {
    border-top: 1px solid var(--line);
  }
  .head {
    align-items: end;
    min-height: 0;
    color: var(--soft);
    font-size: 12px;
  }
  .head .title {
    color: var(--ink);
    font-weight: 600;
  }
  .facts {
    text-align: right;
    white-space: nowrap;
  }
  .facts small {
    display: none;
  }
  .other {
    margin-left: 14px;
  }
  .layer {
    font: 12px/1.5 var(--mono);
  }
  .layer select {
    width: 100%;
    max-width: 15em;
  }
  .use {
    font-weight: 600;
  }
  .how {
    color: var(--soft);
    overflow-wrap: anywhere;
  }
  .how button {
    padding: 0 6px;
  }
  .help,
  .said {
    margin: 8px 0 0;
    max-width: 78ch;
    font: 13px/1.5 var(--sans);
  }
  .help {
    color: var(--soft);
    font-size: 12px;
  }
  @container cell (width < 760px) {
    .matches {
      grid-template-columns: repeat(3, max-content) minmax(0, 1fr);
      gap: 0 10px;
    }
    .head {
      display: none;
    }
    .match {
      gap: 2px 10px;
      padding: 8px 0;
    }
    .use {
      grid-column: 1;
    }
    .layer {
      grid-column: 2 / -1;
    }
    .other {
      grid-column: 1 / -1;
      margin: 4px 0 0;
    }
    .short {
      display: none;
    }
    .facts {
      color: var(--soft);
      font-size: 12px;
      text-align: left;
    }
    .facts small {
      display: inline;
      font-size: inherit;
    }
    .how {
      grid-column: 1 / -1;
      font-size: 12px;
    }
  }
`;
