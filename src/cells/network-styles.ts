import { css } from "lit";
import { factStyles } from "./fact-styles";
import { controlStyles } from "./theme";

/** What the parts of the networks dialog share. */
export const networkStyles = [
  controlStyles,
  factStyles,
  css`
    :host {
      display: block;
      min-width: 0;
      color: var(--ink);
      font: 14px/1.5 var(--sans);
    }
    p {
      max-width: 72ch;
      margin: 0 0 10px;
    }
    h3 {
      margin: 0 0 6px;
      font: 600 13px/1.4 var(--sans);
    }
    a {
      color: inherit;
      text-underline-offset: 2px;
    }
    a:hover {
      text-decoration-thickness: 2px;
    }
    .small {
      font-size: 13px;
    }
    .problem {
      max-width: none;
      margin: 0 0 10px;
      padding: 8px 12px;
      border-radius: 7px;
      background: var(--error-wash);
      color: var(--error);
      overflow-wrap: anywhere;
      white-space: pre-line;
    }
    .problem:empty {
      display: none;
    }
    .card {
      padding: 14px 16px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
    }
    .chip {
      white-space: nowrap;
    }
    @media (max-width: 560px) {
      dl {
        grid-template-columns: minmax(0, 1fr);
        gap: 0;
      }
      dd + dt {
        margin-top: 6px;
      }
    }
  `,
];
