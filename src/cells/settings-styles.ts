import { css } from "lit";

/** The look of the settings cell: two columns of sections, each with its colour on the left. */
export const settingsStyles = css`
  .formula {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 20px;
    align-items: center;
    justify-content: space-between;
    margin: 0 0 12px;
    font: 18px/1.5 var(--serif);
  }
  sub {
    font-size: 0.66em;
    line-height: 0;
  }
  .sections {
    display: grid;
    gap: 18px 32px;
  }
  .column {
    display: grid;
    gap: 18px;
    align-content: start;
    min-width: 0;
  }
  section {
    --accent: var(--ink);
    min-width: 0;
  }
  .sections section:not(:has(.field)) {
    display: none;
  }
  .of-content {
    --accent: var(--content);
  }
  .of-style {
    --accent: var(--style);
  }
  .of-picture {
    --accent: var(--picture);
  }
  h3 {
    margin: 0 0 4px;
    padding-bottom: 4px;
    border-bottom: 1px solid var(--line);
    font: 600 13px/1.4 var(--sans);
    color: var(--accent);
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: 2px 8px;
    align-items: center;
    min-height: 36px;
    padding: 3px 0;
    font: 13px/1.4 var(--sans);
  }
  .field i {
    font: italic 15px/1 var(--serif);
  }
  .field.wide .control {
    grid-column: 1 / -1;
  }
  .field:not(.wide) .control {
    justify-self: end;
  }
  .changed .label {
    font-weight: 600;
  }
  .changed .label::after {
    content: "";
    display: inline-block;
    width: 6px;
    height: 6px;
    margin-left: 7px;
    border-radius: 50%;
    background: var(--accent);
    vertical-align: middle;
  }
  .reset {
    min-height: 22px;
    padding: 0 7px;
    border-color: transparent;
    background: var(--code);
    color: var(--soft);
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .reset:hover:not(:disabled) {
    color: var(--ink);
  }
  .pair {
    display: flex;
    gap: 10px;
    align-items: start;
  }
  .pair input[type="range"] {
    width: 130px;
    height: 28px;
    margin: 0;
  }
  select {
    max-width: 100%;
    min-height: 28px;
    padding-block: 2px;
  }
  .help {
    margin: 2px 0 0;
    max-width: 62ch;
    color: var(--soft);
    font: 12px/1.5 var(--sans);
  }
  .help b {
    color: var(--ink);
    font-weight: 600;
  }
  .help i {
    font-family: var(--serif);
  }
  .messages p {
    margin: 0;
    padding: 8px 14px;
    border-top: 1px solid var(--line);
    background: var(--code);
    font: 13px/1.5 var(--sans);
  }
  .messages .bad {
    background: var(--error-wash);
    color: var(--error);
  }
  @container cell (width >= 720px) {
    .sections,
    .across {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
    .across {
      display: grid;
      gap: 0 32px;
      grid-column: 1 / -1;
    }
    .across h3 {
      grid-column: 1 / -1;
    }
  }
  @container cell (width < 420px) {
    .field:has(.pair) .control {
      grid-column: 1 / -1;
      justify-self: stretch;
    }
    .pair input[type="range"] {
      flex: 1;
      width: auto;
      min-width: 60px;
    }
  }
`;
