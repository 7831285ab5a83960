import { css } from "lit";

/** The look of a run: the picture beside its costs where there is room, above them where there is not. */
export const runViewStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 13px/1.5 var(--sans);
    container: run / inline-size;
  }
  .placeholder {
    display: grid;
    align-content: center;
    padding: 24px;
    min-height: min(96px, 40cqi);
    border: 1px dashed var(--line);
    border-radius: 8px;
    text-align: center;
    text-wrap: balance;
    color: var(--soft);
    font: 15px/1.5 var(--serif);
  }
  .placeholder p {
    margin: 0;
  }
  .progress.preparing i {
    width: 30%;
    animation: sweep 1.2s ease-in-out infinite alternate;
  }
  @keyframes sweep {
    to {
      transform: translateX(233%);
    }
  }
  .top {
    display: grid;
    gap: 8px;
    padding: 12px 14px 0;
  }
  .layout {
    display: grid;
    gap: 18px;
    padding: 14px;
  }
  .left,
  .right {
    min-width: 0;
  }
  .right {
    display: grid;
    gap: 14px;
    align-content: start;
  }
  .right:has(.placeholder) {
    align-content: stretch;
  }
  /* the picture; beneath it what it is, and small what it is made of */
  .frame {
    --tall: min(62vh, 440px);
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px 16px;
    align-items: start;
  }
  .stage {
    position: relative;
    grid-column: 1 / -1;
    width: min(100%, var(--tall) * var(--aspect));
    margin-inline: auto;
    background: var(--code);
    border-radius: 8px;
    overflow: clip;
  }
  .stage canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    border-radius: 0;
    object-fit: cover;
    image-rendering: auto;
  }
  .stage .of-style {
    object-fit: contain;
  }
  .stage canvas[hidden] {
    display: none;
  }
  .stage .faint {
    opacity: 0.22;
    filter: grayscale(0.6);
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    font: 500 13px/1.4 var(--sans);
  }
  .hint span {
    padding: 4px 12px;
    border-radius: 20px;
    background: var(--card);
    color: var(--ink);
  }
  figcaption {
    grid-area: 2 / 1;
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .thumbnails {
    display: flex;
    grid-area: 2 / 2;
    gap: 10px;
  }
  .thumbnail {
    display: grid;
    gap: 2px;
    justify-items: start;
    padding: 0;
    border: 0;
    background: none;
    font-size: 12px;
    min-width: 0;
  }
  .thumbnail[hidden] {
    display: none;
  }
  .thumbnail canvas {
    max-width: 110px;
    max-height: 56px;
    border-radius: 5px;
  }
  .thumbnail:hover canvas,
  .thumbnail[aria-pressed="true"] canvas {
    outline: 2px solid var(--edge);
    outline-offset: 1px;
  }
  .thumbnail[aria-pressed="true"] canvas {
    outline-color: var(--picture);
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    justify-content: space-between;
  }
  .status {
    margin: 0;
    color: var(--soft);
  }
  .status b {
    font-weight: 600;
    color: var(--ink);
  }
  .status b.running,
  .status b.preparing {
    color: var(--picture);
  }
  .message {
    margin: 0;
    padding: 7px 11px;
    border-radius: 7px;
    background: var(--picture-wash);
  }
  .message.problem {
    background: var(--error-wash);
    color: var(--error);
  }
  @container run (width >= 760px) {
    .layout {
      grid-template-columns: minmax(0, 0.75fr) minmax(0, 1fr);
      gap: 22px;
    }
  }
  /* two runs beside each other: buttons, picture and curves fit on one screen */
  @container run (420px <= width < 760px) {
    .frame {
      --tall: 330px;
      grid-template-columns: minmax(0, calc(var(--tall) * var(--aspect))) clamp(64px, 100cqi - 42px - var(--tall) * var(--aspect), 120px);
      justify-content: start;
    }
    .stage {
      grid-column: auto;
      width: 100%;
    }
    .thumbnails {
      display: grid;
      grid-area: 1 / 2;
    }
    .thumbnail canvas {
      max-width: 100%;
      max-height: 120px;
    }
    figcaption {
      grid-area: 2 / 1 / auto / -1;
    }
  }
  /* nothing is to be seen yet, so that it need not be large */
  .frame.idle {
    --tall: 180px;
    grid-template-columns: minmax(0, calc(var(--tall) * var(--aspect))) minmax(64px, 110px);
    justify-content: start;
  }
  .idle .stage {
    grid-column: auto;
    width: 100%;
  }
  .idle .thumbnails {
    display: grid;
    grid-area: 1 / 2;
  }
  .idle .thumbnail canvas {
    max-width: 100%;
    max-height: 64px;
  }
  .idle figcaption {
    grid-area: 2 / 1 / auto / -1;
  }
`;
