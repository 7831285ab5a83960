import { css } from "lit";

/**
 * What shadow trees share: page styles do not reach into them, the tokens of theme.css do.
 * Controls are styled by their element, so that a cell writes plain `<button>`, `<label>`, `<input>`.
 */
export const controlStyles = css`
  *,
  ::before,
  ::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
  }
  button,
  select,
  input[type="number"],
  input[type="text"] {
    font: 500 13px/1.4 var(--sans);
    color: var(--ink);
    background: var(--card);
    border: 1px solid var(--edge);
    border-radius: 7px;
    padding: 5px 12px;
    min-height: 30px;
  }
  input[type="number"],
  input[type="text"],
  select {
    padding-inline: 8px;
    font-variant-numeric: tabular-nums;
  }
  button {
    cursor: pointer;
  }
  button:hover:not(:disabled),
  select:hover:not(:disabled) {
    border-color: var(--ink);
  }
  button.primary {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--paper);
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--ink) 85%, var(--paper));
  }
  button.plain {
    border-color: transparent;
    background: none;
  }
  :disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  label {
    font: 13px/1.4 var(--sans);
  }
  input[type="range"] {
    accent-color: var(--accent, var(--ink));
  }
  input[type="checkbox"],
  input[type="radio"] {
    accent-color: var(--ink);
  }
  figure {
    margin: 0;
    font: 12px/1.45 var(--sans);
    color: var(--soft);
  }
  figure img,
  figure canvas {
    display: block;
    max-width: 100%;
    border-radius: 6px;
  }
  figcaption {
    margin-top: 6px;
  }
  code,
  .mono {
    font: 12px/1.5 var(--mono);
  }
  .content {
    color: var(--content);
  }
  .style {
    color: var(--style);
  }
  .picture {
    color: var(--picture);
  }
  .soft {
    color: var(--soft);
  }
  .chip {
    font: 12px/1.5 var(--mono);
    color: var(--ink);
    background: var(--code);
    border-radius: 5px;
    padding: 1px 7px;
    white-space: nowrap;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 18px;
    align-items: flex-start;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 10px;
    align-items: center;
    font: 13px/1.4 var(--sans);
  }
  /* a row of buttons of which one is pressed */
  .either {
    display: inline-flex;
    border: 1px solid var(--edge);
    border-radius: 7px;
    overflow: clip;
  }
  .either button {
    min-height: 26px;
    padding: 2px 10px;
    border: 0;
    border-radius: 0;
    color: var(--soft);
  }
  .either button + button {
    border-left: 1px solid var(--line);
  }
  .either button[aria-pressed="true"] {
    background: var(--code);
    color: var(--ink);
    font-weight: 600;
  }
  .either button:focus-visible {
    outline-offset: -2px;
  }
  .spacer {
    flex: 1;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  /* drawn by their colour alone: bars, marks, colour scales, dots */
  @media (forced-colors: active) {
    .bar i,
    .bar:empty,
    .track i,
    .progress i,
    .mark,
    .layer,
    .rule,
    .rule i,
    .state::before {
      forced-color-adjust: none;
    }
    button.primary,
    button.primary:hover:not(:disabled) {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    ::before,
    ::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 0.01ms !important;
    }
  }
`;

/** The card of a cell: header, body (several `.body` are parted by a hairline), error box. */
export const cellStyles = css`
  :host {
    display: block;
    margin: 20px 0;
    color: var(--ink);
    font: 14px/1.5 var(--sans);
    /* a cell lays itself out by its own width, not by the window's: two may stand side by side */
    container: cell / inline-size;
  }
  :host([hidden]) {
    display: none;
  }
  .cell {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    overflow: clip;
  }
  .cell > header {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 7px;
    align-items: center;
    min-height: 37px;
    padding: 6px 14px;
    border-bottom: 1px solid var(--line);
    color: var(--soft);
    font: 12px/1.5 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .cell > header .name {
    color: var(--ink);
    font: 600 12.5px/1.5 var(--mono);
  }
  .cell > header .name:not(.given) {
    font-family: var(--sans);
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .state::before {
    content: "";
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: currentColor;
  }
  /* what takes less than a blink is not announced */
  .state.pending {
    animation: appear 0.2s step-end;
  }
  .state.pending::before {
    animation: breathe 1.4s ease-in-out infinite;
  }
  .state.waiting::before {
    background: none;
    border: 1.5px solid currentColor;
  }
  .state.rejected {
    color: var(--error);
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
  }
  @keyframes breathe {
    50% {
      opacity: 0.2;
    }
  }
  .body {
    padding: 14px;
  }
  .body + .body {
    border-top: 1px solid var(--line);
  }
  .view {
    transition: opacity 0.2s;
  }
  .view.stale {
    opacity: 0.72;
  }
  .error {
    margin: 0;
    padding: 10px 14px;
    background: var(--error-wash);
    color: var(--error);
    font: 13px/1.5 var(--sans);
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .error + .view:not(:empty) {
    border-top: 1px solid var(--line);
  }
`;
