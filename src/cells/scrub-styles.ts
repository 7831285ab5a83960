import { css } from "lit";

/** The look of the slider over a run's steps: by its own width, the costs stand beside the picture or beneath it. */
export const scrubStyles = css`
  :host {
    display: block;
    padding: 14px;
    font: 13px/1.5 var(--sans);
    --accent: var(--picture);
    container-type: inline-size;
  }
  .strip {
    display: flex;
    gap: 6px;
    overflow-x: auto;
    padding: 3px;
    margin: -3px -3px 7px;
  }
  .strip button {
    flex: 1 0 44px;
    min-width: 0;
    max-width: 90px;
    padding: 3px;
    border-color: transparent;
    font-size: 11px;
    color: var(--soft);
  }
  .strip button.lit {
    border-color: var(--picture);
    color: var(--picture);
    font-weight: 600;
  }
  .strip nst-pixel-canvas {
    pointer-events: none;
    margin-bottom: 3px;
  }
  .slider {
    display: grid;
    grid-template-columns: auto minmax(60px, 1fr) auto auto;
    gap: 8px;
    align-items: center;
  }
  .where {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
  }
  .at {
    min-width: 10em;
  }
  .slider input {
    width: 100%;
    min-height: 28px;
    margin: 0;
  }
  .slider button {
    padding-inline: 10px;
  }
  .slider b {
    color: var(--picture);
  }
  .layout {
    display: grid;
    grid-template-columns: minmax(0, 300px) minmax(0, 1fr);
    gap: 18px;
    margin-top: 12px;
  }
  figure canvas {
    width: 100%;
  }
  .preview canvas {
    outline: 2px dashed var(--edge);
    outline-offset: 1px;
    border-radius: 6px;
  }
  p {
    margin: 0 0 10px;
    max-width: 60ch;
  }
  p b {
    font-weight: 600;
  }
  .problem {
    color: var(--error);
  }
  table {
    border-collapse: collapse;
    font: 12px/1.5 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  th,
  td {
    padding: 3px 0 3px 14px;
    text-align: right;
    font-weight: 400;
  }
  tr > :first-child {
    padding-left: 0;
    text-align: left;
    font-weight: 600;
  }
  thead th {
    color: var(--soft);
  }
  tbody tr {
    border-top: 1px solid var(--line);
  }
  .style th {
    color: var(--style);
  }
  .content th {
    color: var(--content);
  }
  @container (width < 620px) {
    .layout {
      grid-template-columns: minmax(0, 1fr);
    }
    figure {
      max-width: 300px;
    }
    .slider {
      grid-template-columns: auto minmax(60px, 1fr) auto;
    }
    .where {
      grid-column: 1 / -1;
    }
  }
  @container (width < 420px) {
    table {
      width: 100%;
    }
    th,
    td {
      padding-left: 8px;
    }
  }
`;
