import { css } from "lit";

export const kernelsStyles = css`
  .kernels {
    display: flex;
    flex-wrap: wrap;
    gap: 18px 28px;
    align-items: flex-start;
  }
  .all {
    flex: 1 1 300px;
    min-width: 0;
  }
  .grid {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(50px, 1fr));
    gap: 6px;
  }
  .grid button {
    display: block;
    min-height: 0;
    padding: 3px 3px 0;
    border: 1px solid transparent;
    border-radius: 6px;
    background: none;
    font: 10.5px/1.5 var(--mono);
    color: var(--soft);
  }
  .grid button.shown,
  .grid button:hover {
    border-color: var(--edge);
  }
  .grid button[aria-checked="true"] {
    border-color: var(--ink);
    color: var(--ink);
    background: var(--code);
  }
  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 22px;
    align-items: center;
    margin-top: 12px;
    color: var(--soft);
  }
  .key {
    flex: 0 1 200px;
    font: 12px/1.4 var(--sans);
    font-variant-numeric: tabular-nums;
  }
  .ramp {
    height: 8px;
    border: 1px solid var(--line);
    border-radius: 2px;
    background: linear-gradient(to right, #000, #808080, #fff);
    forced-color-adjust: none;
  }
  .ends {
    display: flex;
    justify-content: space-between;
  }
  nst-kernel-numbers {
    flex: 0 1 360px;
  }
`;
