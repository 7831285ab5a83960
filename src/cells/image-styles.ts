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
    max-width: 480px;
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
  /* as wide as there is room, but an upright picture does not fill the screen */
  .source nst-crop-frame {
    width: min(100%, var(--aspect) * 320px);
    margin-inline: auto;
  }
  .source .controls {
    margin-top: 8px;
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
    max-width: 100%;
  }
  .seen figcaption {
    min-height: 2.9em;
  }
  .choose {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px 24px;
    align-items: start;
  }
  .hint {
    margin: 8px 0 0;
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
    .choose > div {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 10px;
      align-items: center;
    }
    .hint {
      margin: 0;
    }
  }
  /* two cells beside each other: the source above, beneath it what the network sees and its channels */
  @container cell (max-width: 620px) {
    .stage {
      grid-template-columns: auto minmax(0, 1fr);
      gap: 14px 16px;
    }
    .source,
    .empty {
      grid-column: 1 / -1;
    }
    .stage nst-tensor-strip {
      grid-column: auto;
    }
  }
  @container cell (max-width: 440px) {
    .stage {
      grid-template-columns: minmax(0, 1fr);
    }
    .seen {
      width: auto;
    }
  }
`;
