import { css } from "lit";
import { controlStyles } from "./theme";

/** What views around Gram matrices share: parts set apart by hairlines, legends in a row. */
export const gramStyles = [
  controlStyles,
  css`
    :host {
      display: block;
      min-width: 0;
      font: 13px/1.5 var(--sans);
      container-type: inline-size;
    }
    .part {
      padding: 14px;
    }
    .part + .part {
      border-top: 1px solid var(--line);
    }
    h4 {
      margin: 0 0 10px;
      font: 600 13px/1.4 var(--sans);
    }
    h4 .soft {
      font-weight: 400;
    }
    .legends {
      display: flex;
      flex-wrap: wrap;
      gap: 10px 22px;
      margin-top: 14px;
    }
    .legends nst-colour-legend {
      flex: 0 1 220px;
    }
  `,
];
