import { css } from "lit";

/** The card of a code cell, beyond what all cells share. */
export const codeStyles = css`
  /* the editor's popups reach beyond the card */
  .cell {
    overflow: visible;
  }
  .cell:not(:has(> .view > *)):not(:has(> .error, > .draft, > .distrust, > .logs)) > .code,
  .cell:not(:has(> .view > *)):not(:has(> .error, > .draft, > .distrust, > .logs)) > .code > *,
  .cell:not(:has(> .view > *)):not(:has(> .logs)) > .error {
    border-radius: 0 0 calc(var(--radius) - 1px) calc(var(--radius) - 1px);
  }
  .cell:not(:has(> .code:not([hidden]))):not(:has(> .view > *)):not(:has(> .error, > .draft, > .distrust, > .logs)) > header {
    border-bottom: 0;
  }
  .buttons {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px;
    margin-right: -8px;
  }
  .buttons button {
    min-height: 24px;
    padding: 1px 9px;
    font-size: 12px;
  }
  /* what is done in a moment needs no button */
  .buttons .late {
    animation: appear 1s step-end;
  }
  .state.running::before {
    animation: breathe 1.4s ease-in-out infinite;
  }
  .code {
    background: var(--code);
  }
  .cell > .view {
    border-top: 0;
  }
  .code:not([hidden]) ~ .error,
  .code:not([hidden]) ~ .view > * {
    border-top: 1px solid var(--line);
  }
  .listing {
    cursor: text;
  }
  .error {
    white-space: normal;
  }
  .draft,
  .distrust {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 12px;
    margin: 0;
    padding: 6px 14px;
    border-top: 1px solid var(--line);
    color: var(--soft);
    font: 12.5px/1.5 var(--sans);
  }
  .draft button,
  .distrust button {
    min-height: 26px;
    padding: 2px 10px;
    font-size: 12.5px;
  }
  .draft .plain {
    margin-left: -10px;
  }
  .distrust {
    background: var(--picture-wash);
    color: var(--ink);
  }
  kbd {
    padding: 0 5px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--code);
    font: 11px/1.5 var(--mono);
  }
  .error button {
    margin-left: 8px;
    min-height: 26px;
    padding: 2px 10px;
  }
  .frame {
    display: flow-root;
    padding: 0 14px;
  }
  .frame:not(:has(iframe[style*="height: 0px"])) {
    padding-bottom: 10px;
  }
  .frame iframe {
    display: block;
    width: 100%;
    border: 0;
  }
  details {
    margin-top: 10px;
    padding-top: 8px;
    border-top: 1px solid var(--line);
  }
  details:first-child {
    margin-top: 0;
    padding-top: 0;
    border-top: 0;
  }
  summary {
    cursor: pointer;
    font: 12.5px/1.6 var(--sans);
  }
  .plain-function {
    margin: 0;
    color: var(--soft);
  }
  details > nst-value {
    padding: 8px 0 0 16px;
  }
  .logs {
    padding-block: 8px;
    border-top: 1px solid var(--line);
  }
  .logs pre {
    margin: 0;
    max-height: 180px;
    overflow: auto;
    color: var(--soft);
    font: 12px/1.55 var(--mono);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
`;
