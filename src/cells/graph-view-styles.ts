import { css } from "lit";

/** The look of the graph's panel and drawing. */
export const graphViewStyles = css`
  dialog {
    position: fixed;
    inset: 0 0 0 auto;
    z-index: 9;
    display: flex;
    flex-direction: column;
    width: var(--panel-width, 440px);
    max-width: none;
    height: 100dvh;
    max-height: none;
    margin: 0;
    padding: 0;
    border: 0;
    border-left: 1px solid var(--line);
    background: var(--paper);
    color: var(--ink);
    font: 13px/1.5 var(--sans);
  }
  dialog:not([open]) {
    display: none;
  }
  dialog:modal {
    width: 100vw;
    border: 0;
  }
  dialog::backdrop {
    background: none;
  }
  dialog > header {
    display: flex;
    align-items: center;
    gap: 12px;
    padding: 14px 16px 12px 20px;
  }
  h2 {
    flex: 1;
    margin: 0;
    font: 650 14px/1.4 var(--sans);
  }
  .close {
    display: grid;
    place-items: center;
    width: 30px;
    padding: 0;
    border-color: transparent;
    background: none;
  }
  .room {
    flex: 1;
    min-height: 0;
    overflow: auto;
    padding: 0 10px 20px;
    overscroll-behavior: contain;
  }
  svg.graph {
    display: block;
    margin: 0 auto;
    overflow: visible;
  }
  .edge path {
    fill: none;
    stroke: var(--edge);
    stroke-width: 1.2;
  }
  .edge text {
    font: 11px/1 var(--mono);
    fill: var(--soft);
    text-anchor: middle;
    dominant-baseline: central;
    paint-order: stroke;
    stroke: var(--paper);
    stroke-width: 5px;
    stroke-linejoin: round;
  }
  .graph:focus-within .edge.near path {
    stroke: var(--ink);
    stroke-width: 1.6;
  }
  .graph:focus-within .edge.near text {
    fill: var(--ink);
  }
  marker path {
    fill: var(--edge);
  }
  .node {
    --state: var(--edge);
    cursor: pointer;
    outline: none;
  }
  .node rect {
    fill: var(--card);
    stroke: var(--state);
    stroke-width: 1.2;
  }
  .node:hover rect {
    fill: var(--code);
  }
  .node:focus-visible rect {
    stroke: var(--focus);
    stroke-width: 2.5;
  }
  .node text {
    font: 600 12px/1 var(--mono);
    fill: var(--ink);
  }
  .node .unnamed {
    font-family: var(--sans);
  }
  .node .state-line {
    font: 11px/1 var(--sans);
    fill: var(--soft);
  }
  .node.pending {
    --state: var(--focus);
  }
  .node.rejected {
    --state: var(--error);
  }
  .node.rejected .state-line {
    fill: var(--error);
  }
  .node:is(.waiting, .held) rect {
    stroke-dasharray: 4 3;
  }
  .none {
    margin: 20px 10px;
    color: var(--soft);
  }
  ul {
    margin: 0;
    padding: 0 4px;
    list-style: none;
  }
  li {
    padding: 8px 6px;
    border-bottom: 1px solid var(--line);
    overflow-wrap: anywhere;
  }
  li button {
    min-height: 26px;
    padding: 2px 8px;
    font: 600 12px/1.5 var(--mono);
  }
  li p {
    margin: 4px 0 0;
    color: var(--soft);
    font-size: 12px;
  }
  li .rejected {
    color: var(--error);
  }
`;
