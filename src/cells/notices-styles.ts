import { css } from "lit";

/** Lines above the notebook, a stack in the corner, and a word about saving. */
export const noticesStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 13px/1.5 var(--sans);
  }
  @media print {
    :host {
      display: none;
    }
  }
  p {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .notice {
    display: flex;
    gap: 8px;
    align-items: flex-start;
  }
  .said {
    display: flex;
    flex: 1;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    min-width: 0;
    min-height: 30px;
  }
  .said p {
    flex: 1 1 240px;
    min-width: 0;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .top .notice {
    margin-bottom: 12px;
    padding: 10px 14px;
    border: 1px solid var(--line);
    border-left: 3px solid var(--picture);
    border-radius: 0 var(--radius) var(--radius) 0;
    background: var(--card);
  }
  .top > :last-child > :last-child,
  .top > :not(:empty):has(+ :empty) > :last-child {
    margin-bottom: 28px;
  }
  .corner {
    position: fixed;
    right: 20px;
    bottom: 20px;
    z-index: 15;
    width: min(440px, calc(100vw - 32px));
    pointer-events: none;
  }
  .corner .notice {
    margin-top: 8px;
    padding: 10px 10px 10px 16px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    box-shadow: 0 4px 18px rgb(0 0 0 / 14%);
    pointer-events: auto;
  }
  .notice.alert {
    border-left: 3px solid var(--error);
    border-radius: 0 var(--radius) var(--radius) 0;
  }
  .close {
    flex: none;
    padding: 2px 9px;
    color: var(--soft);
    font-size: 16px;
  }
  .saving {
    position: fixed;
    right: 20px;
    bottom: 16px;
    z-index: 14;
    padding: 3px 10px;
    border: 1px solid var(--line);
    border-radius: 20px;
    background: var(--paper);
    color: var(--soft);
    font-size: 12px;
    pointer-events: none;
    transition: opacity 0.3s;
  }
  .saving.silent {
    visibility: hidden;
    opacity: 0;
    transition:
      opacity 0.3s,
      visibility 0s 0.3s;
  }
  /* the word would stand on the message */
  .corner:has(.notice) + .saving {
    visibility: hidden;
  }
  @media (max-width: 800px) {
    .corner {
      right: 16px;
      bottom: 12px;
    }
    .saving {
      right: 16px;
      bottom: 12px;
    }
  }
`;
