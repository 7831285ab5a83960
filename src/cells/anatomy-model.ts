/** One step taken apart, as numbers: where its operations lie in time, which belong together, and what they took. Pure. */
import type { StepOperation, StepRecord } from "../kernel/protocol";
import { paperName } from "../nst/names";

export type Direction = StepOperation["direction"];

/** In the order in which a step goes through them; costs are worked out on the way forward. */
export const DIRECTIONS: readonly Direction[] = ["forward", "costs", "backward", "update"];

/** "time": an operation is as wide as it took; "even": one as wide as another, so that short ones can be pointed at */
export type Widths = "time" | "even";

/** What a group of operations took. */
export interface Part {
  operations: number;
  milliseconds: number;
  /** of the time that all operations took together, 0 … 1 */
  share: number;
}

/**
 * The value of an anatomy cell: numbers that questions and code may ask for, as `step.peak` or `step.backward.share`.
 */
export interface AnatomyValue {
  /** how many */
  operations: number;
  /** of the whole step */
  milliseconds: number;
  /** of the operations alone; the rest is what happens between them */
  inOperations: number;
  /** most bytes alive at once, above those before the step */
  peak: number;
  /** bytes of the feature maps of all layers together */
  activations: number;
  /** peak / activations */
  peakOverActivations: number;
  forward: Part;
  costs: Part;
  backward: Part;
  update: Part;
  /** time of the backward walk / time of the forward walk */
  backwardOverForward: number;
  /** everything that is a convolution, forward or backward */
  convolutions: Part;
  /** of the picture before the step, by the names of a run's costs: "total", "content", "style", "tv", style layers */
  terms: Record<string, number>;
  /** on wasm; 1 elsewhere */
  threads: number;
}

export function anatomyValue({ operations, milliseconds, peak, activations, columns, costs, threads }: StepRecord): AnatomyValue {
  const total = operations.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const part = (of: (operation: StepOperation) => boolean) => partOf(operations.filter(of), total);
  const [forward, costsPart, backward, update] = DIRECTIONS.map((direction) => part((one) => one.direction === direction));
  return {
    operations: operations.length,
    milliseconds,
    inOperations: total,
    peak,
    activations,
    peakOverActivations: peak / activations,
    forward,
    costs: costsPart,
    backward,
    update,
    backwardOverForward: backward.milliseconds / forward.milliseconds,
    convolutions: part(({ name }) => /Conv2D/.test(name)),
    terms: Object.fromEntries(columns.map((name, i) => [name, costs[i]])),
    threads,
  };
}

function partOf(operations: readonly StepOperation[], total: number): Part {
  const milliseconds = operations.reduce((sum, one) => sum + one.milliseconds, 0);
  return { operations: operations.length, milliseconds, share: total > 0 ? milliseconds / total : 0 };
}

/** Where each operation begins and ends, from 0 to 1: n + 1 edges, operation i between edges i and i + 1. */
export function edgesOf(operations: readonly StepOperation[], widths: Widths): Float64Array {
  const n = operations.length;
  const edges = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) edges[i + 1] = edges[i] + (widths === "even" ? 1 : operations[i].milliseconds);
  const end = edges[n];
  return end > 0 ? edges.map((edge) => edge / end) : edges.map((_, i) => i / Math.max(1, n));
}

/**
 * The operation at a place, of one direction alone or (null) of any. Where the direction has none there, the nearest of it
 * within `reach`, so that one thinner than a pixel can be met.
 * @param at and @param reach as shares of the whole width
 * @returns its index; −1 where there is none
 */
export function operationAt(operations: readonly StepOperation[], edges: Float64Array, at: number, direction: Direction | null, reach: number): number {
  const n = operations.length;
  if (n === 0 || at < 0 || at > 1) return -1;
  let low = 0;
  let high = n - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= at) low = middle;
    else high = middle - 1;
  }
  if (direction === null || operations[low].direction === direction) return low;
  let [nearest, distance] = [-1, reach];
  for (let i = 0; i < n; i++) {
    if (operations[i].direction !== direction) continue;
    const away = Math.max(edges[i] - at, at - edges[i + 1], 0);
    if (away < distance) [nearest, distance] = [i, away];
  }
  return nearest;
}

/** Operations that follow one another and belong to one layer, on the way forward, back, or in the update. */
export interface LayerRun {
  /** Keras name; "" for what belongs to no layer */
  layer: string;
  walk: "forward" | "backward" | "update";
  /** index of the first operation, and of the one after the last */
  from: number;
  end: number;
}

export function layerRuns(operations: readonly StepOperation[]): LayerRun[] {
  const runs: LayerRun[] = [];
  operations.forEach(({ layer, direction }, i) => {
    const walk = direction === "costs" ? "forward" : direction;
    const last = runs.at(-1);
    if (last && last.layer === layer && last.walk === walk) last.end = i + 1;
    else runs.push({ layer, walk, from: i, end: i + 1 });
  });
  return runs;
}

/** Which optimiser made the step, by the operations that only it needs. */
export function optimiserOf(operations: readonly Pick<StepOperation, "name" | "direction">[]): "Adam" | "L-BFGS" | "descent" {
  const names = new Set(operations.filter(({ direction }) => direction === "update").map(({ name }) => name));
  if (names.has("Minimum")) return "L-BFGS";
  return names.has("Sqrt") || names.size === 0 ? "Adam" : "descent";
}

/** What a run of operations is called: the paper's name of the layer, or what the step does there. */
export function runTitle({ layer, walk, from }: LayerRun, operations: readonly StepOperation[]): string {
  if (layer) return paperName(layer);
  if (walk === "update") return optimiserOf(operations);
  return operations[from].direction === "costs" ? "sum" : "pixels";
}

/** The same where room is short: "4_2" for conv4_2, nothing for what has no number. */
export function shortTitle({ layer }: LayerRun): string {
  return /^conv(\d+_\d+)$/.exec(paperName(layer))?.[1] ?? "";
}

/**
 * Where a key leads from operation `at`: to its neighbours, to the layer before or behind, to the first or the last, null if
 * the key does not move.
 */
export function operationAfterKey(key: string, at: number, operations: readonly StepOperation[]): number | null {
  const last = operations.length - 1;
  const starts = () => layerRuns(operations).map(({ from }) => from);
  switch (key) {
    case "ArrowRight":
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowLeft":
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "PageDown":
      return starts().find((from) => from > at) ?? last;
    case "PageUp":
      return starts().findLast((from) => from < at) ?? 0;
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The first operation after which most bytes are alive; −1 where there is none. */
export function peakAt(operations: readonly StepOperation[]): number {
  return operations.reduce((most, { alive }, i) => (most < 0 || alive > operations[most].alive ? i : most), -1);
}

/** A row of “where the time goes”. */
export interface Share extends Part {
  name: string;
  /** milliseconds by direction */
  by: Record<Direction, number>;
}

/** By kernel, the one that took most first; all behind the first `most` are one row, "others". */
export function sharesByKernel(operations: readonly StepOperation[], most: number): Share[] {
  const rows = shares(operations, ({ name }) => name).sort((a, b) => b.milliseconds - a.milliseconds);
  if (rows.length <= most + 1) return rows;
  const named = new Set(rows.slice(0, most).map(({ name }) => name));
  const others = shares(operations.filter(({ name }) => !named.has(name)), () => "others", operations);
  return [...rows.slice(0, most), ...others];
}

/** By layer, in the order in which the step first meets them; what belongs to no layer is "pixels, sum and Adam" (or the other optimiser). */
export function sharesByLayer(operations: readonly StepOperation[]): Share[] {
  const rows = shares(operations, ({ layer }) => layer);
  return [...rows.filter(({ name }) => name !== ""), ...rows.filter(({ name }) => name === "").map((row) => ({ ...row, name: `pixels, sum and ${optimiserOf(operations)}` }))];
}

function shares(operations: readonly StepOperation[], nameOf: (operation: StepOperation) => string, all = operations): Share[] {
  const total = all.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const groups = new Map<string, StepOperation[]>();
  for (const operation of operations) groups.set(nameOf(operation), [...(groups.get(nameOf(operation)) ?? []), operation]);
  return [...groups].map(([name, group]) => ({
    name,
    ...partOf(group, total),
    by: Object.fromEntries(DIRECTIONS.map((direction) => [direction, partOf(group.filter((one) => one.direction === direction), total).milliseconds])) as Record<Direction, number>,
  }));
}

/** Operations that read what operation `of` made. */
export function readersOf(operations: readonly StepOperation[], of: number): number[] {
  return operations.flatMap(({ inputs }, i) => (inputs.some(({ from }) => from === of) ? [i] : []));
}
