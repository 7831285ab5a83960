import type * as tf from "@tensorflow/tfjs";
import { concatForward } from "./layers/concat";
import { convForward } from "./layers/conv";
import { poolForward } from "./layers/pool";
import { reluForward } from "./layers/relu";
import { layerWindow, leastSide } from "./layer-window";
import type { Network, Node } from "./network";
import type { Owner } from "./ownership";
import { preprocess } from "./preprocess";
import type { Pooling } from "./settings";

/** Where a walk through the network stands: it gives way after each of these. */
export interface WalkPart {
  direction: "forward" | "backward" | "costs";
  /** layer that was just computed; "" for what belongs to none: preprocessing, total variation, the list of costs */
  layer: string;
}

/** What a layer gave. */
export interface LayerOutput {
  /** [1, h, w, c], after the ReLU if the layer has one */
  y: tf.Tensor4D;
  /** the same before the ReLU, where it was asked for */
  before: tf.Tensor4D | null;
}

/** Outputs that are alive, by node index; −1 is the preprocessed picture. */
export type Outputs = Map<number, LayerOutput>;

export interface ForwardPlan {
  pooling: Pooling;
  /** index of the last node to compute; nothing behind it runs */
  deepest: number;
  /** nodes whose numbers before the ReLU are wanted */
  before: ReadonlySet<number>;
  /** nodes (or −1, the preprocessed picture) whose output outlives its last reader */
  keep: (node: number) => boolean;
  /** called when a node has been computed, while its output is alive; a part of its own ("costs") */
  visit?: (node: number, output: LayerOutput) => void;
}

/**
 * Walks the network forward, giving way after every layer, and frees each output when its last reader has run unless
 * the plan keeps it.
 * @param picture [h, w, 3] in [0, 1]; borrowed
 * @param owner owns all that is alive, also when the walk is abandoned half-way
 * @returns the outputs that the plan keeps
 * @throws Error when the picture is too small for the network's pooling
 */
export function* forward(network: Network, picture: tf.Tensor3D, plan: ForwardPlan, owner: Owner): Generator<WalkPart, Outputs> {
  const nodes = network.nodes.slice(0, plan.deepest + 1);
  const readers = countReaders(nodes);
  const outputs: Outputs = new Map([[-1, { y: owner.keep(preprocess(picture, network.card.input)), before: null }]]);
  yield { direction: "forward", layer: "" };

  for (let i = 0; i < nodes.length; i++) {
    const inputs = nodes[i].inputs.map((n) => outputs.get(n)!.y);
    // asked before it is computed: tfjs' wasm kernels hang, or write where they should not, when nothing is left of a map
    if (leastSide(layerWindow(network.card.layers[i])) > Math.min(inputs[0].shape[1], inputs[0].shape[2]))
      throw new Error(`A picture of ${picture.shape[1]} × ${picture.shape[0]} px is too small for ${nodes[i].name} of ${network.card.title}: nothing is left of it there. Take a larger picture or a shallower layer.`);
    const output = compute(nodes[i], inputs, plan, i);
    owner.keep(output.y);
    if (output.before) owner.keep(output.before);
    outputs.set(i, output);
    if (plan.visit) {
      yield { direction: "forward", layer: nodes[i].name };
      plan.visit(i, output);
    }
    for (const n of [...nodes[i].inputs, i]) {
      if (n !== i) readers.set(n, readers.get(n)! - 1);
      if ((readers.get(n) ?? 0) > 0 || plan.keep(n)) continue;
      owner.drop(outputs.get(n)?.y);
      owner.drop(outputs.get(n)?.before);
      outputs.delete(n);
    }
    yield { direction: plan.visit ? "costs" : "forward", layer: nodes[i].name };
  }
  return outputs;
}

function countReaders(nodes: Node[]): Map<number, number> {
  const readers = new Map<number, number>();
  for (const node of nodes) for (const i of node.inputs) readers.set(i, (readers.get(i) ?? 0) + 1);
  return readers;
}

function compute(node: Node, xs: tf.Tensor4D[], plan: ForwardPlan, i: number): LayerOutput {
  switch (node.kind) {
    case "conv": return convForward(xs[0], node, plan.before.has(i));
    case "pool": return { y: poolForward(xs[0], node, plan.pooling), before: null };
    case "concat": return { y: concatForward(xs), before: null };
    case "relu": return { y: reluForward(xs[0]), before: plan.before.has(i) ? xs[0].clone() : null };
  }
}

/** Runs a walk to its end without giving way. */
export function finish<T>(walk: Generator<unknown, T>): T {
  for (;;) {
    const { done, value } = walk.next();
    if (done) return value;
  }
}
