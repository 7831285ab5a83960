import { css } from "lit";

/** Layout of the image cell: source, what the network sees, its channels; side by side where there is room. */
export const imageStyles = css`
  .drop {
    position: relative;
  }
  .drop:focus {
    outline: none;
  }
  .dropping::after {
    content: "Drop the picture here";
    position: absolute;
    inset: 6px;
    z-index: 2;
    display: grid;
    place-items: center;
    border: 2px dashed var(--accent);
    border-radius: 8px;
    background: color-mix(in srgb, var(--card) 86%, transparent);
    color: var(--accent);
    font: 600 15px var(--sans);
    pointer-events: none;
  }
  .problem {
    display: flex;
    gap: 12px;
    align-items: flex-start;
    justify-content: space-between;
    margin: 0;
    padding: 8px 8px 8px 14px;
    background: var(--error-wash);
    color: var(--error);
    font: 13px/1.5 var(--sans);
    overflow-wrap: anywhere;
  }
  .problem span {
    padding-block: 4px;
  }
  .problem button {
    flex: none;
    padding: 2px 9px;
    color: inherit;
    font-size: 16px;
  }
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto minmax(0, 232px);
    gap: 24px;
    align-items: start;
  }
  .empty {
    margin: 0;
    max-width: 440px;
    aspect-ratio: 3 / 2;
    display: grid;
    place-items: center;
    border: 1.5px dashed var(--edge);
    border-radius: 6px;
    color: var(--soft);
  }
  .source {
    min-width: 0;
  }
  .source nst-crop-frame {
    max-width: 440px;
  }
  .source .controls {
    margin-top: 10px;
    color: var(--soft);
  }
  .source select {
    margin-left: 4px;
  }
  .title {
    color: var(--ink);
    overflow-wrap: anywhere;
  }
  .noted {
    color: var(--ink);
  }
  .seen {
    width: 256px;
  }
  .seen nst-pixel-canvas {
    width: var(--seen);
  }
  .seen figcaption {
    min-height: 2.9em;
  }
  .choose {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 10px 24px;
    align-items: start;
  }
  .hint {
    margin: 12px 0 0;
    font: 12px/1.45 var(--sans);
    text-align: right;
  }
  @container cell (max-width: 900px) {
    .stage {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .stage nst-tensor-strip {
      grid-column: 1 / -1;
      max-width: 420px;
    }
    .choose {
      grid-template-columns: minmax(0, 1fr);
    }
    .hint {
      margin-top: 6px;
      text-align: left;
    }
  }
  @container cell (max-width: 560px) {
    .stage {
      grid-template-columns: minmax(0, 1fr);
    }
    .seen {
      width: auto;
    }
    .seen nst-pixel-canvas {
      max-width: 100%;
    }
  }
`;
