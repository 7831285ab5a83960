import { css } from "lit";

/** Two ways to lay out the same drawing: columns where there is room, rows where there is not. */
export const layersMapStyles = css`
  :host {
    display: block;
    min-width: 0;
    container: map / inline-size;
    font: 12px/1.4 var(--sans);
    color: var(--soft);
    font-variant-numeric: tabular-nums;
    /* what the picture's longer side is drawn as */
    --whole: 112px;
  }
  .network {
    display: flex;
    flex-wrap: wrap;
    gap: 16px 14px;
    align-items: flex-start;
  }
  .title {
    display: block;
    height: 36px;
    color: var(--ink);
    font-weight: 600;
    white-space: nowrap;
  }
  small {
    display: block;
    font: 11px/1.4 var(--sans);
    color: var(--soft);
  }
  .layers {
    display: flex;
    gap: 3px;
  }
  button.layer {
    display: grid;
    grid-template-rows: var(--whole) 62px var(--whole) 18px;
    justify-items: center;
    align-items: center;
    gap: 4px;
    min-width: 22px;
    min-height: 0;
    padding: 0;
    border: 1px solid transparent;
    border-radius: 5px;
    background: none;
    color: var(--soft);
  }
  button.layer:hover {
    background: var(--code);
  }
  button.layer[aria-checked="true"] {
    background: var(--code);
    border-color: var(--ink);
    color: var(--ink);
  }
  .maps,
  .field {
    display: grid;
    place-items: center;
    width: 100%;
    height: 100%;
  }
  .maps i {
    display: block;
    width: max(3px, var(--many) * clamp(26px, 4.9cqi, 56px));
    height: max(2px, var(--side) * var(--whole));
    border: 1px solid var(--edge);
    border-radius: 2px;
    background: var(--card);
  }
  .pool .maps i {
    border-style: dashed;
  }
  .layer[aria-checked="true"] .maps i {
    border-style: solid;
    border-color: var(--ink);
    background: var(--ink);
  }
  .name {
    position: relative;
    display: flex;
    gap: 5px;
    align-items: center;
    justify-content: flex-start;
    height: 100%;
    writing-mode: vertical-rl;
    font: 11.5px/1 var(--mono);
  }
  .layer[aria-checked="true"] .name {
    font-weight: 600;
  }
  .field {
    border-block: 1px dashed var(--line);
  }
  .field i {
    display: block;
    width: 5px;
    height: max(2px, var(--field) * var(--whole));
    border-radius: 2px;
    background: var(--edge);
  }
  .layer[aria-checked="true"] .field i {
    background: var(--ink);
  }
  /* it sees more than the whole picture */
  .field i.beyond {
    border-radius: 0;
  }
  .size {
    font: 11px/1.4 var(--sans);
  }
  .input .maps {
    height: var(--whole);
    width: auto;
    place-items: center start;
  }
  .input nst-pixel-canvas,
  .input .maps i {
    width: calc(var(--across) * var(--whole));
  }
  .dot {
    display: inline-block;
    flex: none;
    width: 7px;
    height: 7px;
    border-radius: 50%;
    background: currentColor;
    forced-color-adjust: none;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 10px 0 0;
  }
  .legend span {
    display: inline-flex;
    gap: 6px;
    align-items: center;
  }
  .key {
    flex: none;
    width: 10px;
    height: 12px;
    border: 1px solid var(--edge);
    border-radius: 2px;
  }
  .key.bar {
    width: 5px;
    border: 0;
    background: var(--edge);
  }
  @container map (width < 800px) {
    :host {
      --whole: 100%;
    }
    .network {
      display: block;
    }
    .block,
    .input {
      margin: 0 0 8px;
    }
    .title {
      display: flex;
      gap: 8px;
      align-items: baseline;
      height: auto;
    }
    .layers {
      display: grid;
      gap: 0;
    }
    button.layer {
      grid-template: 26px / 62px minmax(0, 1fr) minmax(0, 1fr) 30px;
      gap: 10px;
      width: 100%;
      padding: 0 4px;
    }
    .name {
      grid-area: 1 / 1;
      writing-mode: horizontal-tb;
      justify-content: flex-start;
      width: 100%;
    }
    .maps,
    .field {
      place-items: center start;
    }
    .maps i {
      width: max(2px, var(--side) * 100%);
      height: max(3px, var(--many) * 22px);
    }
    .field {
      border-block: 0;
      border-right: 1px dashed var(--line);
    }
    .field i {
      width: max(2px, var(--field) * 100%);
      height: 5px;
    }
    .size {
      justify-self: end;
    }
    .input .maps {
      height: 96px;
    }
    .input nst-pixel-canvas,
    .input .maps i {
      width: calc(var(--across) * 96px);
      height: auto;
      aspect-ratio: var(--across) / var(--side);
    }
  }
`;
