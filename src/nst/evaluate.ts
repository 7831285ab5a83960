import * as tf from "@tensorflow/tfjs";
import { totalVariation, totalVariationGradient } from "./costs/total-variation";
import { finish, forward, type LayerOutput, type Outputs, type WalkPart } from "./forward";
import { concatBackward } from "./layers/concat";
import { convBackward } from "./layers/conv";
import { averagePoolBackward, maximumPoolBackward } from "./layers/pool";
import { reluBackward } from "./layers/relu";
import { layerShapes } from "./layer-shapes";
import { layerIndex, type Network, type Node } from "./network";
import { Owner } from "./ownership";
import { preprocessBackward } from "./preprocess";
import type { Pooling } from "./settings";
import { type LayerTerm, type Term, termGradient, termValue } from "./terms";

export interface EvaluateOptions {
  pooling?: Pooling;
  /** false: values only, no backward walk */
  gradient?: boolean;
}

export interface Evaluation {
  /** unweighted value of each term, in the order of the terms, [number of terms] */
  values: tf.Tensor1D;
  /** gradient of Σ weight · value with respect to the pixels in [0, 1], [h, w, 3]; null if not asked for */
  gradient: tf.Tensor3D | null;
}

/**
 * The costs of a picture and their gradient, by one explicit walk forward and one backward: no tape. A tape keeps every
 * intermediate (6.9 times the activations, measured); this keeps one map a layer and frees it as the backward walk
 * passes.
 * @param picture [h, w, 3], RGB in [0, 1]; borrowed, as are the terms' targets
 * @param terms what J is the weighted sum of; a single term gives its value and gradient alone
 * @returns values and gradient; the caller disposes both
 */
export function evaluate(network: Network, picture: tf.Tensor3D, terms: readonly Term[], options: EvaluateOptions = {}): Evaluation {
  return finish(evaluateWalk(network, picture, terms, options));
}

/** As `evaluate`, giving way after every layer. Abandoning the walk (`return()`, an error) frees all it holds. */
export function* evaluateWalk(network: Network, picture: tf.Tensor3D, terms: readonly Term[], { pooling = network.card.defaults.pooling, gradient: withGradient = true }: EvaluateOptions = {}): Generator<WalkPart, Evaluation> {
  const owner = new Owner();
  try {
    const pass = yield* forwardPass(network, picture, terms, pooling, withGradient, owner);
    const gradient = withGradient ? yield* backwardPass(pass, terms, owner) : null;
    const values = yield* passValues(pass, terms, owner);
    return { values: owner.release(values), gradient: gradient && owner.release(gradient) };
  } finally {
    owner.dispose();
  }
}

/** A walk forward, and what it holds for walks back. Its tensors belong to the owner that was given. */
export interface ForwardPass {
  network: Network;
  picture: tf.Tensor3D;
  pooling: Pooling;
  outputs: Outputs;
  taps: Taps;
  /** unweighted values of the terms; of total variation not yet */
  values: tf.Scalar[];
  /** what the terms need on the way back */
  saved: (tf.Tensor | null)[];
}

/** @param withGradient keep what a walk back needs */
export function* forwardPass(network: Network, picture: tf.Tensor3D, terms: readonly Term[], pooling: Pooling, withGradient: boolean, owner: Owner): Generator<WalkPart, ForwardPass> {
  const taps = tapsOf(network, terms);
  const deepest = Math.max(-1, ...taps.keys());
  const values: tf.Scalar[] = terms.map(() => null!);
  const saved: (tf.Tensor | null)[] = terms.map(() => null);
  const outputs: Outputs = deepest < 0 ? new Map() : yield* forward(network, picture, {
    pooling,
    deepest,
    before: new Set([...taps].filter(([, list]) => list.some(({ term }) => term.tap === "before")).map(([i]) => i)),
    keep: (i) => withGradient && neededBackward(network, i, deepest, taps, pooling),
    visit: (i, output) => {
      for (const { term, place } of taps.get(i) ?? []) {
        const result = termValue(term, tapped(term, output));
        values[place] = owner.keep(result.value);
        if (result.saved) saved[place] = owner.keep(result.saved);
        if (!withGradient) owner.drop(result.saved);
      }
    },
  }, owner);
  return { network, picture, pooling, outputs, taps, values, saved };
}

/**
 * The gradient of Σ weight · value over some of the terms of a forward pass; the others do not count.
 * @param keep leave the feature maps for further walks back, instead of freeing each as it is passed
 * @returns [h, w, 3], of the owner
 */
export function* backwardPass({ network, picture, pooling, outputs, taps, saved }: ForwardPass, terms: readonly Term[], owner: Owner, keep = false): Generator<WalkPart, tf.Tensor3D> {
  const counted: Taps = new Map([...taps].flatMap(([i, list]) => {
    const kept = list.filter(({ term }) => terms.includes(term));
    return kept.length > 0 ? [[i, kept] as const] : [];
  }));
  let gradient = yield* backward(network, picture, outputs, counted, saved, pooling, owner, keep);
  for (const term of terms) if (term.kind === "tv" && term.weight !== 0) gradient = add(owner, gradient, owner.keep(totalVariationGradient(picture, term.weight, term.variation)));
  yield { direction: "backward", layer: "" };
  return gradient;
}

/** The unweighted values of all terms of a forward pass, [number of terms], of the owner. */
export function* passValues({ picture, values }: ForwardPass, terms: readonly Term[], owner: Owner): Generator<WalkPart, tf.Tensor1D> {
  terms.forEach((term, place) => {
    if (term.kind === "tv") values[place] = owner.keep(totalVariation(picture, term.variation));
  });
  const stacked = owner.keep(terms.length ? (tf.stack(values) as tf.Tensor1D) : tf.tensor1d([]));
  yield { direction: "costs", layer: "" };
  return stacked;
}

type Taps = Map<number, { term: LayerTerm; place: number }[]>;

function tapsOf(network: Network, terms: readonly Term[]): Taps {
  const taps: Taps = new Map();
  terms.forEach((term, place) => {
    if (term.kind === "tv") return;
    const i = layerIndex(network, term.layer);
    taps.set(i, [...(taps.get(i) ?? []), { term, place }]);
  });
  return taps;
}

const tapped = (term: LayerTerm, output: LayerOutput): tf.Tensor4D => (term.tap === "before" && output.before) || output.y;

/** The backward walk reads an output as a ReLU's mask, as the features of a term, or as what a maximum pool chose from. */
function neededBackward(network: Network, i: number, deepest: number, taps: Taps, pooling: Pooling): boolean {
  const node = network.nodes[i] as Node | undefined;
  const choosers = network.nodes.slice(0, deepest + 1).filter((n) => n.kind === "pool" && n.inputs.includes(i));
  if (!node) return pooling === "maximum" && choosers.length > 0;
  if ((node.kind === "conv" && node.relu) || node.kind === "relu" || taps.has(i)) return true;
  return pooling === "maximum" && (choosers.length > 0 || node.kind === "pool");
}

function* backward(network: Network, picture: tf.Tensor3D, outputs: Outputs, taps: Taps, saved: (tf.Tensor | null)[], pooling: Pooling, owner: Owner, keep: boolean): Generator<WalkPart, tf.Tensor3D> {
  const deepest = Math.max(-1, ...taps.keys());
  const gradients = new Map<number, tf.Tensor4D>();
  const give = (i: number, dx: tf.Tensor4D): void => {
    owner.keep(dx);
    const there = gradients.get(i);
    gradients.set(i, there ? add(owner, there, dx) : dx);
  };
  const shapes = shapesOf(network, picture);

  for (let i = deepest; i >= 0; i--) {
    const node = network.nodes[i];
    const output = outputs.get(i);
    const pull = (before: boolean): tf.Tensor4D | null => {
      let sum: tf.Tensor4D | null = null;
      for (const { term, place } of taps.get(i) ?? []) {
        if (term.weight === 0 || (term.tap === "before" && output!.before !== null) !== before) continue;
        const dF = owner.keep(termGradient(term, tapped(term, output!), saved[place]));
        owner.drop(saved[place]);
        sum = sum ? add(owner, sum, dF) : dF;
      }
      return sum;
    };
    const after = pull(false);
    if (after) give(i, after);
    let dy = gradients.get(i) ?? null;
    gradients.delete(i);
    if (dy && ((node.kind === "conv" && node.relu) || node.kind === "relu")) {
      const masked = owner.keep(reluBackward(dy, output!.y));
      owner.drop(dy);
      dy = masked;
    }
    const inner = pull(true);
    if (inner) dy = dy ? add(owner, dy, inner) : inner;
    if (dy) {
      switch (node.kind) {
        case "conv":
          give(node.inputs[0], convBackward(dy, node, shapes[node.inputs[0]]));
          break;
        case "pool": {
          const x = node.inputs[0];
          give(x, pooling === "average" ? averagePoolBackward(dy, shapes[x], node) : maximumPoolBackward(dy, outputs.get(x)!.y, output!.y, node));
          break;
        }
        case "concat":
          concatBackward(dy, node.inputs.map((n) => shapes[n][3])).forEach((dx, k) => give(node.inputs[k], dx));
          break;
        case "relu":
          give(node.inputs[0], dy.clone());
      }
      owner.drop(dy);
    }
    if (!keep) {
      owner.drop(output?.y);
      owner.drop(output?.before);
    }
    yield { direction: "backward", layer: node.name };
  }
  const dx = gradients.get(-1);
  if (!dx) return owner.keep(tf.zerosLike(picture));
  const gradient = owner.keep(preprocessBackward(dx, network.card.input));
  owner.drop(dx);
  return gradient;
}

/** a + b; both are freed. */
function add<T extends tf.Tensor>(owner: Owner, a: T, b: T): T {
  const sum = owner.keep(tf.add(a, b) as T);
  owner.drop(a);
  owner.drop(b);
  return sum;
}

/** Output shapes [1, h, w, c] by node index; −1 is the picture. Freed outputs still need theirs in the backward walk. */
function shapesOf(network: Network, picture: tf.Tensor3D): Record<number, number[]> {
  const [height, width] = picture.shape;
  const shapes: Record<number, number[]> = { [-1]: [1, ...picture.shape] };
  [...layerShapes(network.card, width, height).values()].forEach((shape, i) => (shapes[i] = [1, shape.height, shape.width, shape.channels]));
  return shapes;
}
