import { css } from "lit";
import { markStyles } from "./compare-runs-pair-styles";

/** The look of several runs beside one another. */
export const compareRunsStyles = [
  markStyles,
  css`
    :host {
      display: block;
      container-type: inline-size;
      font: 13px/1.5 var(--sans);
    }
    .status,
    .problem {
      margin: 6px 0 10px;
      min-height: 26px;
      color: var(--soft);
    }
    .problem {
      color: var(--error);
    }
    p button.plain {
      min-height: 26px;
      padding: 1px 8px;
      border-color: var(--edge);
    }
    .tools {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 18px;
      align-items: center;
      margin-bottom: 12px;
    }
    .tools .either {
      flex-wrap: wrap;
    }
    .choice {
      display: inline-flex;
      flex-wrap: wrap;
      gap: 6px;
      align-items: center;
      min-width: 0;
    }
    .choice select {
      min-width: 0;
      max-width: 210px;
    }
    .zoom {
      display: inline-flex;
      gap: 4px;
      align-items: center;
    }
    .zoom button {
      padding-inline: 10px;
    }
    .zoom .number {
      min-width: 3.6em;
      text-align: center;
      color: var(--soft);
    }
    .sources {
      display: inline-flex;
      gap: 5px;
      align-items: center;
    }
    .pictures {
      border-radius: 6px;
    }
    .grid {
      display: grid;
      grid-template-columns: repeat(var(--columns), minmax(0, 1fr));
      gap: 14px;
      align-items: start;
    }
    .grid.small {
      margin-top: 14px;
      max-width: 620px;
    }
    figure {
      min-width: 0;
      max-width: 480px;
    }
    figcaption {
      display: flex;
      gap: 7px;
      align-items: start;
      overflow-wrap: anywhere;
      font-variant-numeric: tabular-nums;
    }
    figcaption .mark {
      flex: none;
    }
    .title {
      color: var(--ink);
      font-weight: 600;
    }
    figcaption b.content {
      color: var(--content);
    }
    figcaption b.style {
      color: var(--style);
    }
    @container (width < 620px) {
      .grid {
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 12px 10px;
      }
    }
    @container (620px <= width < 820px) {
      .grid {
        grid-template-columns: repeat(min(4, var(--columns)), minmax(0, 1fr));
      }
    }
  `,
];
