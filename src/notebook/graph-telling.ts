/** How a cell stands, and telling its observer so: everything once, and nothing in the caller's own call. */
import type { CellState, Observer } from "./definition";
import type { Node } from "./graph-node";

export function pend(node: Node): void {
  node.state = "pending";
  node.lagging = false;
  if (node.told !== "pending") tell(node, "pending", (o) => o.pending?.());
}

export function fulfil(node: Node): void {
  node.state = "fulfilled";
  if (node.fresh || node.told !== "fulfilled") tell(node, "fulfilled", (o) => o.fulfilled?.(node.value));
}

export function reject(node: Node, error: Error): void {
  node.state = "rejected";
  node.error = error;
  if (node.told === "rejected" && node.toldDetail === error.message) return;
  tell(node, "rejected", (o) => o.rejected?.(error), error.message);
}

export function waitToBeAsked(node: Node): void {
  node.state = "held";
  node.waitingFor = null;
  if (node.told !== "held") tell(node, "held", (o) => o.held?.());
}

/** A manual cell's value stays, but its reader should know that it belongs to other inputs. */
export function date(node: Node, outOfDate: boolean): void {
  if (node.outOfDate === outOfDate) return;
  node.outOfDate = outOfDate;
  notify(node, (o) => o.outOfDate?.(outOfDate));
}

export function rest(node: Node): void {
  node.state = "resting";
  if (node.told !== "resting") tell(node, "resting", (o) => o.resting?.());
}

export function wait(node: Node, name: string): void {
  node.state = "waiting";
  node.waitingFor = name;
  if (node.told === "waiting" && node.toldDetail === name) return;
  tell(node, "waiting", (o) => o.waiting?.(name), name);
}

export function tell(node: Node, state: CellState, call: (observer: Observer<unknown>) => void, detail: string | null = null): void {
  node.told = state;
  node.toldDetail = detail;
  if (state === "fulfilled") node.fresh = false;
  notify(node, call);
}

function notify(node: Node, call: (observer: Observer<unknown>) => void): void {
  const observer = node.definition.observe;
  if (!observer) return;
  try {
    call(observer);
  } catch (error) {
    // A display that fails must not stop the graph, and must not go unseen.
    queueMicrotask(() => {
      throw error;
    });
  }
}
