import { css } from "lit";

/** Parts of a view that stand one below the other, parted by hairlines, each with a heading and perhaps a note. */
export const partsStyles = css`
  :host {
    display: block;
  }
  .body {
    padding: 14px;
  }
  .body + .body {
    border-top: 1px solid var(--line);
  }
  h3 {
    margin: 0 0 10px;
    font: 600 13px/1.4 var(--sans);
  }
  .note {
    margin: 6px 0 0;
    max-width: 74ch;
    font: 14px/1.5 var(--sans);
    color: var(--soft);
  }
`;
