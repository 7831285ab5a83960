import { css } from "lit";
import { controlStyles } from "./theme";
import { numberGridStyles } from "./unit-numbers";

export const unitArithmeticStyles = [
  controlStyles,
  numberGridStyles,
  css`
    :host {
      display: block;
      min-width: 0;
      container: unit / inline-size;
      font: 13px/1.5 var(--sans);
    }
    p {
      margin: 0;
    }
    .lead {
      max-width: 76ch;
      font: 15px/1.5 var(--serif);
    }
    .terms {
      margin-top: 12px;
      max-width: 930px;
    }
    .term,
    .line {
      display: grid;
      grid-template: "thumb what steps sum" / 76px minmax(110px, 1fr) auto 180px;
      gap: 6px 14px;
      align-items: center;
      padding: 8px 0;
    }
    .term + .term,
    .term + .line {
      border-top: 1px solid var(--line);
    }
    .term.pool {
      grid-template: "thumb what steps" / 76px 110px 1fr;
    }
    .pool .steps {
      flex-wrap: wrap;
    }
    .line {
      grid-template: "what sum" / 1fr 180px;
      padding: 3px 0;
    }
    .total {
      border-top: 1px solid var(--edge);
    }
    .what {
      grid-area: what;
      min-width: 0;
    }
    .steps {
      grid-area: steps;
      display: flex;
      gap: 8px;
      align-items: center;
    }
    .sum {
      grid-area: sum;
      white-space: nowrap;
    }
    .line button {
      min-height: 26px;
      margin-left: 6px;
      padding: 1px 10px;
      border-color: var(--line);
    }
    .thumb {
      position: relative;
      grid-area: thumb;
      overflow: clip;
      border-radius: 6px;
    }
    .thumb i {
      position: absolute;
      min-width: 3px;
      min-height: 3px;
      outline: 1.5px solid #fff;
      box-shadow: 0 0 0 2.5px #000;
      pointer-events: none;
    }
    .name {
      font-weight: 600;
    }
    .one {
      min-height: 36px;
      font-size: 12px;
    }
    .sign {
      min-width: 12px;
      color: var(--soft);
      font-size: 15px;
      text-align: center;
    }
    .amount {
      display: inline-block;
      min-width: 74px;
      text-align: right;
    }
    .bar {
      position: relative;
      display: inline-block;
      width: 90px;
      height: 9px;
      margin-left: 10px;
      background: linear-gradient(var(--edge), var(--edge)) 50% 0 / 1px 100% no-repeat;
    }
    .total .bar {
      visibility: hidden;
    }
    .bar i {
      position: absolute;
      top: 1px;
      bottom: 1px;
      background: var(--edge);
    }
    .legends {
      display: flex;
      flex-wrap: wrap;
      gap: 8px 24px;
      margin-top: 14px;
    }
    .legends nst-colour-legend {
      flex: 1 1 150px;
      max-width: 200px;
    }
    .formula {
      margin-top: 8px;
    }
    .comparison {
      max-width: 76ch;
      margin-top: 10px;
    }
    .apart {
      color: var(--error);
    }
    @container unit (width < 700px) {
      .term {
        grid-template: "thumb what sum" "steps steps steps" / 52px minmax(0, 1fr) auto;
      }
      .term.pool {
        grid-template: "thumb what" "steps steps" / 52px 1fr;
      }
      .line {
        grid-template: "what sum" / 1fr auto;
      }
      .one {
        min-height: 18px;
      }
      .steps {
        gap: 5px;
      }
      .amount {
        min-width: 58px;
      }
      .bar {
        width: 60px;
        margin-left: 6px;
      }
    }
  `,
];
