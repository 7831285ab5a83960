import { css } from "lit";

/** The look of the cell that follows a pixel. */
export const followStyles = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    margin-bottom: 12px;
  }
  .bar p,
  .place {
    margin: 0;
    font: 13px/1.5 var(--sans);
    color: var(--soft);
  }
  .bar b,
  .place b {
    color: var(--ink);
    font-weight: 600;
  }
  .message {
    margin: 0 0 12px;
    padding: 6px 10px;
    border-radius: 7px;
    background: var(--error-wash);
    color: var(--error);
  }
  .sides {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px 24px;
  }
  .picture-side {
    max-width: 320px;
  }
  .place {
    margin-top: 8px;
  }
  .exact {
    margin-top: 6px;
  }
  .promise {
    margin: 0;
    max-width: 60ch;
  }
  .charts {
    min-width: 0;
  }
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    margin-bottom: 8px;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 0 0 8px;
    padding: 0;
    list-style: none;
    font: 12px/1.5 var(--mono);
  }
  .legend i {
    display: inline-block;
    width: 11px;
    height: 11px;
    margin-right: 6px;
    vertical-align: -1px;
    border-radius: 2px;
  }
  .legend .clip {
    opacity: 0.5;
  }
  .legend .net {
    height: 2px;
    vertical-align: 3px;
    background: var(--ink);
  }
  .step {
    display: flex;
    gap: 8px;
    align-items: center;
    max-width: 360px;
    margin-top: 8px;
  }
  .step input {
    flex: 1;
    min-width: 0;
  }
  .sums {
    margin: 0;
    font: 13px/1.5 var(--sans);
  }
  @container cell (min-width: 700px) {
    .sides {
      grid-template-columns: 240px minmax(0, 1fr);
    }
    .place {
      min-height: 4.5em;
    }
  }
  @media (forced-colors: active) {
    .legend i {
      forced-color-adjust: none;
    }
  }
`;
