import type { CellGraph } from "./graph-view-model";

/** Places in the drawing, in its own units; x and y are middles. */
export interface Layout {
  width: number;
  height: number;
  nodes: ReadonlyMap<string, { x: number; y: number; width: number; height: number }>;
  /** points of the line, and the middle of the label */
  edges: readonly { from: string; to: string; names: readonly string[]; points: readonly { x: number; y: number }[]; label: { x: number; y: number } }[];
}

export const NODE_HEIGHT = 46;
/** of a letter at 12 px, about */
const LETTER = 7.2;

/** Lays a graph out from top to bottom. Loads the library for it. @param title first line of each node */
export async function layOut({ nodes, edges }: CellGraph, title: (key: string) => string): Promise<Layout> {
  const { Graph, layout } = await import("@dagrejs/dagre");
  const graph = new Graph({ multigraph: false });
  graph.setGraph({ rankdir: "TB", nodesep: 26, ranksep: 30, edgesep: 16, marginx: 6, marginy: 10 });
  for (const { key } of nodes) graph.setNode(key, { width: Math.max(88, Math.min(220, title(key).length * LETTER + 30)), height: NODE_HEIGHT });
  for (const { from, to, names } of edges) graph.setEdge(from, to, { width: labelOf(names).length * LETTER * 0.86, height: 14, labelpos: "c" });
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    width,
    height,
    nodes: new Map(nodes.map(({ key }) => [key, graph.node(key) as { x: number; y: number; width: number; height: number }])),
    edges: edges.map(({ from, to, names }) => {
      const { points, x, y } = graph.edge(from, to) as { points: { x: number; y: number }[]; x: number; y: number };
      return { from, to, names, points, label: { x, y } };
    }),
  };
}

export function labelOf(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 2).join(", ")} and ${names.length - 2} more` : names.join(", ");
}

/** A smooth line through the points: straight to the first middle, then bent around each point. */
export function path(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (rest.length === 0) return "";
  const last = rest[rest.length - 1];
  const bends = rest.slice(0, -1).map((point, i) => {
    const next = rest[i + 1];
    const end = i === rest.length - 2 ? last : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${point.x},${point.y} ${end.x},${end.y}`;
  });
  return `M${first.x},${first.y}${bends.length > 0 ? bends.join("") : `L${last.x},${last.y}`}`;
}
