import { css } from "lit";
import { controlStyles } from "./theme";

export const unitViewStyles = [
  controlStyles,
  css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
      min-width: 0;
      font: 13px/1.5 var(--sans);
    }
    p {
      margin: 0;
    }
    .upper {
      display: flex;
      flex-wrap: wrap;
      gap: 16px 24px;
      align-items: flex-start;
    }
    .map {
      flex: 1 1 280px;
      min-width: 0;
      max-width: 420px;
    }
    .map nst-colour-legend {
      margin-top: 8px;
    }
    .unit {
      flex: 1 1 240px;
      min-width: 0;
    }
    .reading {
      display: flex;
      flex-wrap: wrap;
      gap: 0 12px;
      align-items: baseline;
    }
    .value {
      min-width: 4.2em;
      font-size: 24px;
      font-weight: 600;
      line-height: 1.3;
    }
    .hint {
      font-size: 12px;
    }
    figure {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 14px;
      margin-top: 14px;
    }
    .crop {
      flex: none;
      width: 230px;
      max-width: 100%;
      border-radius: 6px;
      background: repeating-linear-gradient(45deg, var(--line) 0 1px, var(--card) 1px 5px);
    }
    figcaption {
      flex: 1 1 130px;
      max-width: 260px;
      margin: 0;
    }
    figcaption b {
      color: var(--ink);
    }
    .section {
      padding-top: 16px;
      border-top: 1px solid var(--line);
    }
    .stale {
      opacity: 0.72;
      transition: opacity 0.2s;
    }
  `,
];
