import { css } from "lit";

/** What the curves of several runs have beside those of one: a legend that reads them. */
export const compareCurvesStyles = css`
  .head {
    align-items: center;
  }
  .place {
    margin: 8px 0 2px;
    font: 600 13px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .place.held {
    color: var(--picture);
  }
  .legend {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 250px), 1fr));
    gap: 2px 18px;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: flex;
    gap: 7px;
    align-items: baseline;
    min-width: 0;
    font: 13px/1.5 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .legend svg {
    flex: none;
    align-self: center;
  }
  .legend b {
    font-weight: 600;
  }
  .legend .title {
    flex: 0 1 auto;
    min-width: 0;
    color: var(--soft);
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .legend .value,
  .legend small {
    flex: none;
    white-space: nowrap;
  }
  .rule.chosen {
    width: 2px;
    margin-left: -1px;
    background: var(--picture);
  }
  .note b {
    color: var(--ink);
  }
`;
