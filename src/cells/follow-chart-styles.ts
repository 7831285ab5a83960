import { css } from "lit";

/** Colours of the three channels, with a contrast of 3 : 1 on the cards of both themes. */
export const channelColours = css`
  .red {
    --channel: #d9483b;
  }
  .green {
    --channel: #2f8f52;
  }
  .blue {
    --channel: #4a7de0;
  }
`;

/** The look of a followed pixel's drawings: labels on the left, one axis of steps beneath. */
export const followChartStyles = [
  channelColours,
  css`
    :host {
      display: block;
      position: relative;
      min-width: 0;
    }
    .rows {
      display: grid;
      grid-template-columns: 58px minmax(0, 1fr);
      gap: 5px 8px;
      font: 11px/1.3 var(--sans);
      color: var(--soft);
      font-variant-numeric: tabular-nums;
    }
    .ends {
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      text-align: right;
    }
    i {
      font-style: normal;
    }
    .name {
      color: var(--ink);
    }
    svg {
      display: block;
      width: 100%;
      overflow: visible;
    }
    .curves {
      height: 130px;
    }
    .swatches {
      display: block;
      width: 100%;
      height: 18px;
      border-radius: 3px;
      image-rendering: pixelated;
    }
    .bars {
      height: 170px;
    }
    line,
    polyline,
    path {
      vector-effect: non-scaling-stroke;
    }
    .grid {
      stroke: var(--line);
    }
    .bars .grid {
      stroke: var(--edge);
    }
    .change {
      stroke: var(--ink);
      stroke-dasharray: 2 3;
    }
    polyline {
      fill: none;
      stroke: var(--channel);
      stroke-width: 1.5;
      stroke-linejoin: round;
    }
    polyline.chosen {
      stroke-width: 3;
    }
    polyline.green {
      stroke-dasharray: 7 3;
    }
    polyline.blue {
      stroke-dasharray: 2 2.5;
    }
    .pull,
    .clip {
      stroke-width: 0.5;
    }
    .clip {
      fill-opacity: 0.35;
      stroke-width: 1.25;
      stroke-dasharray: 2 1.5;
    }
    .net {
      fill: none;
      stroke: var(--ink);
      stroke-width: 1.75;
    }
    .mark {
      fill: var(--code);
      stroke: var(--edge);
      stroke-width: 1;
      vector-effect: non-scaling-stroke;
    }
    .axis {
      display: flex;
      justify-content: space-between;
    }
    .cut {
      margin: 2px 0 0 66px;
      min-height: 1.4em;
      font: 12px/1.4 var(--sans);
      color: var(--soft);
    }
    .hit {
      position: absolute;
      inset: 0 0 38px 66px;
      cursor: crosshair;
      border-radius: 3px;
    }
    @media (forced-colors: active) {
      polyline,
      path,
      .swatches {
        forced-color-adjust: none;
      }
    }
  `,
];
