import { css } from "lit";

/** Rows of bars, one a term of J: its name, a track with the bar and a mark of where it was at the start, and its number. */
export const costBarsStyles = css`
  ul {
    display: grid;
    grid-template-columns: max-content minmax(40px, 1fr) minmax(5em, max-content);
    gap: 4px 10px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    position: relative;
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-items: center;
  }
  .term {
    font: 11.5px/1.5 var(--mono);
  }
  li .number {
    text-align: right;
  }
  .track {
    position: relative;
  }
  .track i {
    display: block;
    height: 11px;
    border-radius: 2px;
    transform-origin: left;
    background: var(--style);
  }
  .track i.content {
    background: var(--content);
  }
  .track i.tv {
    background: var(--soft);
  }
  .track b {
    position: absolute;
    top: -2px;
    bottom: -2px;
    width: 2px;
    margin-left: -1px;
    border-radius: 1px;
    background: var(--edge);
    box-shadow: 0 0 0 1px var(--card);
  }
`;
