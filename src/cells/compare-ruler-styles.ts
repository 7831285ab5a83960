import { css } from "lit";

/** The table of the ruler: each number over a bar in the colour of its run. */
export const compareRulerStyles = css`
  .about {
    margin: 0 0 8px;
    max-width: 80ch;
    color: var(--soft);
  }
  .about b {
    font-weight: 600;
  }
  table {
    width: 100%;
  }
  td {
    min-width: 62px;
    white-space: nowrap;
  }
  tbody th {
    max-width: 28ch;
    min-width: 11ch;
  }
  tbody small {
    display: block;
    font-size: 12px;
    color: var(--soft);
  }
  .run {
    color: var(--run);
  }
  .before td {
    opacity: 0.55;
  }
  .best {
    font-weight: 600;
  }
  .track {
    display: block;
    height: 6px;
    margin-top: 3px;
    border-radius: 2px;
    background: var(--code);
  }
  .track i {
    display: block;
    height: 100%;
    border-radius: 2px;
    transform-origin: left;
    background: var(--run);
  }
`;
