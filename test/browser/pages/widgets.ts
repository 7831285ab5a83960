/** A notebook's graph without a notebook, and every widget defined: tests put elements into #room. */
import "../../../src/cells/theme.css";
import { provideContext } from "../../../src/cells/context";
import { CostHistory } from "../../../src/runs/cost-history";
import "../../../src/cells/network";
import "../../../src/cells/run-view";
import "../../../src/cells/settings";
import { Graph } from "../../../src/notebook/graph";

declare global {
  interface Window {
    graph: Graph;
    CostHistory: typeof CostHistory;
    room: HTMLElement;
  }
}

window.graph = new Graph();
window.CostHistory = CostHistory;
// The cells under test use no worker.
provideContext(document, () => ({ graph: window.graph, kernels: undefined as never }));
window.room = document.querySelector<HTMLElement>("#room")!;
