import { css } from "lit";

/** The look of the storage panel: two lists with hairlines, beside each other where there is room. */
export const storageStyles = css`
  :host {
    display: block;
    font: 14px/1.5 var(--sans);
    color: var(--ink);
  }
  p {
    max-width: 720px;
    margin: 0 0 10px;
  }
  .lists {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr));
    gap: 0 36px;
    align-items: start;
  }
  .lists section {
    min-width: 0;
  }
  .done:empty {
    display: none;
  }
  .done {
    padding: 6px 12px;
    border-radius: 7px;
    background: var(--code);
  }
  .done button {
    text-decoration: underline;
  }
  .problem {
    padding: 8px 12px;
    border-radius: 7px;
    background: var(--error-wash);
    color: var(--error);
  }
  h3 {
    display: flex;
    gap: 8px;
    align-items: baseline;
    justify-content: space-between;
    margin: 18px 0 0;
    padding-bottom: 5px;
    border-bottom: 1px solid var(--line);
    font: 600 13px/1.4 var(--sans);
  }
  h3 span {
    font-weight: 400;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    border-bottom: 1px solid var(--line);
  }
  .row {
    flex-wrap: nowrap;
    gap: 12px;
    align-items: center;
    min-height: 44px;
    padding: 5px 0;
  }
  img {
    flex: none;
    width: 44px;
    height: 36px;
    border-radius: 5px;
    object-fit: cover;
    background: var(--code);
  }
  .what {
    flex: 1;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .what b {
    font-weight: 600;
  }
  .what .soft {
    margin-left: 4px;
    font-size: 13px;
  }
  .size {
    flex: none;
    color: var(--soft);
    font-size: 13px;
    white-space: nowrap;
  }
  .row button {
    flex: none;
    min-width: 92px;
  }
  .all {
    margin-top: 18px;
  }
  .confirm {
    margin: 2px 0 10px;
    padding: 10px 12px;
    border-radius: 7px;
    background: var(--error-wash);
  }
  .all .confirm {
    margin-top: 10px;
  }
  .runs p.soft {
    margin-top: 8px;
  }
  .runs .confirm {
    margin-top: 10px;
  }
  .confirm p {
    margin-bottom: 8px;
    overflow-wrap: anywhere;
  }
  button.danger {
    border-color: var(--error);
    color: var(--error);
  }
  button.danger:hover:not(:disabled) {
    background: var(--error);
    border-color: var(--error);
    color: var(--card);
  }
  @media (max-width: 560px) {
    .row {
      gap: 8px;
    }
    .what .soft {
      display: block;
      margin-left: 0;
    }
    .row button {
      min-width: 0;
    }
  }
`;
