/** What a js cell's output looks like before it says otherwise: the page's type and colours. Tokens come from the page. */
export const frameStyle = `
  *, ::before, ::after { box-sizing: border-box; }
  html { background: none; overflow: hidden; }
  body { margin: 0; color: var(--ink); font: 14px/1.5 var(--sans); }
  /* room for focus rings; what is too wide scrolls */
  main { display: flow-root; padding: 3px; overflow: auto hidden; }
  main:empty { padding: 0; }
  main > * { max-width: 100%; }
  pre { margin: 0; overflow-x: auto; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
  svg, canvas, img, video { max-width: 100%; }
  svg[viewBox] { height: auto; }
  figure { margin: 0; }
  figcaption { color: var(--soft); font-size: 12px; }
  pre, code { font: 12px/1.5 var(--mono); }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  th, td { padding: 2px 10px 2px 0; text-align: left; border-bottom: 1px solid var(--line); }
  button, select, input { font: 500 13px/1.4 var(--sans); }
  button, select, input[type="number"], input[type="text"] {
    color: var(--ink); background: var(--card); border: 1px solid var(--edge); border-radius: 7px; padding: 5px 10px; min-height: 30px;
  }
  input[type="number"] { width: 7em; }
  button { cursor: pointer; }
  button:hover:not(:disabled), select:hover:not(:disabled) { border-color: var(--ink); }
  input[type="range"], input[type="checkbox"], input[type="radio"] { accent-color: var(--ink); }
  label { display: inline-flex; gap: 8px; align-items: center; }
  :disabled { opacity: 0.5; cursor: not-allowed; }
  a { color: var(--content); }
  [class^="plot"] { --plot-background: var(--card); color: var(--ink); font-family: var(--sans); }
  @media (prefers-reduced-motion: reduce) {
    *, ::before, ::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
  }
`;
