import { css } from "lit";

/** The list of networks: a row has its sizes in columns, and beneath them where it came from. */
export const networkListStyles = css`
  .ways {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr));
    gap: 16px;
    margin-bottom: 18px;
  }
  .gone {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    margin-bottom: 10px;
    padding: 8px 12px;
    border-radius: 7px;
    background: var(--code);
  }
  .gone p {
    flex: 1 1 240px;
    margin: 0;
  }
  .heads,
  .networks li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 84px 84px 172px;
    gap: 0 12px;
    align-items: center;
  }
  .heads {
    padding-bottom: 5px;
    border-bottom: 1px solid var(--line);
    color: var(--soft);
    font-size: 12px;
  }
  .heads h3 {
    margin: 0;
    color: var(--ink);
  }
  .heads span,
  .size {
    text-align: right;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .networks li {
    padding: 9px 0;
    border-bottom: 1px solid var(--line);
  }
  .name {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  button.title {
    min-height: 0;
    margin-right: 6px;
    padding: 0;
    border-radius: 3px;
    font: 600 14px/1.5 var(--sans);
    text-align: left;
  }
  button.title:hover {
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .warn {
    color: var(--error);
    font-size: 12px;
  }
  .size {
    font-size: 13px;
    white-space: nowrap;
  }
  .size .word {
    display: none;
  }
  .about {
    grid-row: 2;
    grid-column: 1 / 4;
    overflow-wrap: anywhere;
  }
  .can {
    grid-row: 1 / 3;
    grid-column: 4;
    display: flex;
    gap: 4px;
    justify-content: flex-end;
  }
  .drafts {
    margin-bottom: 16px;
  }
  .drafts li {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 12px;
    align-items: center;
    padding: 8px 0;
    border-bottom: 1px solid var(--line);
  }
  .drafts span {
    flex: 1 1 240px;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  @media (max-width: 640px) {
    .heads span {
      display: none;
    }
    .heads {
      grid-template-columns: minmax(0, 1fr);
    }
    .networks li {
      grid-template-columns: max-content max-content minmax(0, 1fr);
      gap: 4px 14px;
    }
    .name,
    .about {
      grid-row: auto;
      grid-column: 1 / -1;
    }
    .about {
      order: 1;
    }
    .can {
      grid-row: auto;
      grid-column: 1 / -1;
      order: 2;
      justify-content: flex-start;
    }
    .size {
      text-align: left;
    }
    .size .word {
      display: inline;
      color: var(--soft);
    }
  }
`;
