import { css } from "lit";

/** The list of notebooks in the sidebar. */
export const libraryListStyles = css`
  :host {
    display: block;
    font: 13px/1.5 var(--sans);
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  a {
    display: block;
    padding: 4px 8px;
    border-radius: 6px;
    color: var(--soft);
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  a:hover {
    color: var(--ink);
  }
  .entry {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    border-radius: 6px;
  }
  .entry.open {
    background: var(--code);
  }
  .entry.open > a {
    color: var(--ink);
    font-weight: 600;
  }
  .marks {
    grid-column: 1 / -1;
    margin-top: -4px;
    padding: 0 8px 4px;
    color: var(--soft);
    font-size: 11.5px;
  }
  .menu {
    min-width: 26px;
    min-height: 24px;
    margin: 2px 2px 2px 0;
    padding: 0 4px;
    color: var(--soft);
    font-size: 15px;
    line-height: 1;
  }
  .menu:hover,
  .menu[aria-expanded="true"] {
    color: var(--ink);
    background: var(--card);
  }
  /* every row has one; it need not be seen in all at once */
  @media (hover: hover) and (min-width: 801px) {
    .entry:not(.open, :hover, :focus-within) .menu:not([aria-expanded="true"]) {
      opacity: 0;
    }
  }
  ul ul {
    margin: 4px 0 8px 8px;
    border-left: 1px solid var(--line);
  }
  ul ul a {
    margin-left: -1px;
    padding: 3px 8px 3px 13px;
    border-left: 2px solid transparent;
    border-radius: 0;
  }
  a[aria-current="location"] {
    color: var(--ink);
    border-left-color: var(--ink);
  }
  .group {
    margin: 18px 8px 4px;
    color: var(--ink);
    font: 600 11.5px/1.5 var(--sans);
  }
  .none {
    margin: 0 8px;
    color: var(--soft);
    font-size: 12px;
  }
  .more {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    margin-top: 8px;
    padding-left: 8px;
  }
  .more button {
    padding: 3px 10px;
    border-color: var(--line);
    font-size: 12px;
  }
  .more button:hover {
    border-color: var(--ink);
  }
  @media (max-width: 800px) {
    a {
      padding-block: 8px;
    }
    .marks {
      margin-top: -8px;
      padding-bottom: 7px;
    }
    .menu {
      min-width: 40px;
      min-height: 32px;
    }
    .more button {
      padding-block: 7px;
    }
  }
`;
