import { css } from "lit";

/** What stands above and beneath a row of pictures that grow. */
export const growthCellStyles = css`
  .settings {
    padding-block: 8px;
    border-top: 1px solid var(--line);
    font: 13px/1.5 var(--sans);
  }
  .settings summary {
    width: max-content;
    color: var(--soft);
    cursor: pointer;
  }
  .settings .fields {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 20px;
    padding: 10px 0 4px;
  }
  .choice {
    gap: 8px 16px;
    border-bottom: 1px solid var(--line);
  }
  .choice .steps {
    display: inline-flex;
    gap: 4px;
    margin-left: -8px;
  }
  .settings label {
    display: grid;
    gap: 3px;
    color: var(--soft);
  }
`;
