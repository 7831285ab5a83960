import { css } from "lit";

/** Of <nst-branch>: where it begins, and with what. */
export const branchStyles = css`
  .begin {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
    font: 13px/1.5 var(--sans);
  }
  .begin + nst-branch-controls {
    margin: 10px 0;
  }
  .optimiser {
    display: inline-flex;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
  }
  nst-branch-easel {
    margin-top: 14px;
  }
  nst-run-view {
    border-top: 1px solid var(--line);
  }
`;
