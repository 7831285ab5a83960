import type { NotebookCell } from "../notebook/cells";
import type { Graph } from "../notebook/graph";
import type { Slot } from "../notebook/session";

type Described = ReturnType<Graph["describe"]>[number];
type State = Described["state"];

/** A cell that computes, as it stands now. */
export interface GraphNode {
  /** of the cell */
  key: string;
  cell: NotebookCell;
  /** names of the values that it gives */
  names: readonly string[];
  state: State;
  /** why it has no value: the error, or the name it waits for; else null */
  reason: string | null;
}

/** One cell reads values of another. */
export interface GraphEdge {
  from: string;
  to: string;
  /** names of the values that are read */
  names: readonly string[];
}

export interface CellGraph {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

/** What stands worse comes first: it is what the whole cell is said to be. */
const WORST_FIRST: readonly string[] = ["rejected", "pending", "waiting", "held", "resting", "fulfilled"];

/**
 * The notebook's cells and who reads whom. A code cell is several nodes of the reactive graph (itself, the record of its names,
 * and each name): here it is one.
 */
export function cellGraph(described: readonly Described[], slots: readonly Slot[]): CellGraph {
  const cells = new Map(slots.map(({ key, cell }) => [key, cell]));
  const nodes = new Map<string, GraphNode & { names: string[] }>();
  const givers = new Map<string, string>();
  for (const { id, name, state, error, waitingFor } of described) {
    const key = keyOf(id);
    const cell = cells.get(key);
    if (!cell) continue;
    const node = nodes.get(key) ?? { key, cell, names: [], state, reason: null };
    nodes.set(key, node);
    const own = name !== null && !name.includes(":");
    if (own && !node.names.includes(name)) node.names.push(name);
    if (name !== null) givers.set(name, key);
    // a name that waits for the code it belongs to says nothing of its own
    const waitsForItself = state === "waiting" && waitingFor?.includes(":");
    if (!waitsForItself && WORST_FIRST.indexOf(state) <= WORST_FIRST.indexOf(node.state)) {
      node.state = state;
      node.reason = error?.message ?? waitingFor ?? node.reason;
    }
  }
  const edges = new Map<string, GraphEdge & { names: string[] }>();
  for (const { id, inputs } of described) {
    const to = keyOf(id);
    if (!nodes.has(to)) continue;
    for (const input of inputs) {
      const [name] = input.split(".", 1);
      const from = givers.get(name);
      if (from === undefined || from === to) continue;
      const edge = edges.get(`${from} ${to}`) ?? { from, to, names: [] };
      edges.set(`${from} ${to}`, edge);
      if (!edge.names.includes(name)) edge.names.push(name);
    }
  }
  const order = new Map(slots.map(({ key }, i) => [key, i]));
  const place = (key: string) => order.get(key)!;
  return {
    nodes: [...nodes.values()].sort((a, b) => place(a.key) - place(b.key)),
    edges: [...edges.values()].sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to)),
  };
}

/** c3, code:c3 and c3/F all belong to c3. */
function keyOf(id: string): string {
  return id.replace(/^code:/, "").split("/", 1)[0];
}

/** How a state is said, and the mark that says it beside the colour. */
export function stateText({ state, reason }: Pick<GraphNode, "state" | "reason">): { mark: string; text: string } {
  if (state === "fulfilled") return { mark: "✓", text: "has its value" };
  if (state === "pending") return { mark: "…", text: "computing" };
  if (state === "rejected") return { mark: "!", text: "error" };
  if (state === "waiting") return { mark: "◦", text: `waiting for ${reason}` };
  if (state === "resting") return { mark: "▿", text: "computed when it is on the screen" };
  return { mark: "▷", text: "not run yet" };
}
