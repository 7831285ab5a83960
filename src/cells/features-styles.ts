import { css } from "lit";

/** The look of the cells that show feature maps. */
export const featuresStyles = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
    font: 13px/1.4 var(--sans);
  }
  .choices label,
  .choices .labelled {
    display: inline-flex;
    gap: 7px;
    align-items: center;
    min-width: 0;
  }
  .choices select {
    max-width: 100%;
    min-width: 0;
  }
  .choices .mono {
    color: var(--soft);
  }
  details {
    margin-top: 8px;
    font: 13px/1.5 var(--sans);
  }
  summary {
    width: fit-content;
    cursor: pointer;
    color: var(--soft);
  }
  summary b {
    color: var(--ink);
    font-weight: 600;
  }
  details .choices {
    margin-top: 8px;
  }
  .beneath {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 28px;
    align-items: start;
    justify-content: space-between;
    margin-top: 12px;
    font: 13px/1.5 var(--sans);
    color: var(--soft);
  }
  .beneath nst-colour-legend {
    flex: 0 1 264px;
    min-width: 180px;
  }
  .beneath p {
    flex: 1 1 260px;
    margin: 0;
    max-width: 62ch;
  }
  .beneath p + p {
    margin-top: 2px;
  }
  .words {
    flex: 1 1 260px;
    min-width: 0;
  }
  button.link {
    min-height: 0;
    padding: 0;
    border: 0;
    border-radius: 0;
    background: none;
    color: var(--focus);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  .working {
    color: var(--soft);
  }
`;
