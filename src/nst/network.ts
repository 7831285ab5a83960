import * as tf from "@tensorflow/tfjs";
import type { ModelCard } from "./model-card";
import { type StoredTensor, WeightsError } from "./safetensors";
import { type Conv, disposeConv, flippedKernel } from "./layers/conv";
import type { Pool } from "./layers/pool";
import type { Concat } from "./layers/concat";

export type Node = Conv | Pool | Concat | { kind: "relu"; name: string; inputs: number[] };

/** A network ready to compute: nodes in the order of the card's list, weights on the current backend. */
export interface Network {
  card: ModelCard;
  nodes: Node[];
  /** index of a layer in `nodes`, by name */
  index: Map<string, number>;
}

/**
 * Puts a card and its weights together.
 * @param weights `<layer>.kernel` (in the card's kernelLayout) and `<layer>.bias` for every convolution, and
 *   `<layer>.kernel_scale` [c_out] where a kernel is I8: kernel = scale · integer, output channel by output channel
 * @returns a network that the caller disposes with `disposeNetwork`
 * @throws WeightsError when a tensor is missing, has another shape than the card says, or holds a number that is not finite
 */
export function createNetwork(card: ModelCard, weights: ReadonlyMap<string, StoredTensor>): Network {
  const building = build(card);
  let next = building.next();
  while (!next.done) {
    const stored = weights.get(next.value);
    next = stored ? building.next(stored) : building.throw(new WeightsError(`The weights of ${card.id} lack ${next.value}, which model.json asks for. They hold ${[...weights.keys()].slice(0, 4).join(", ")} …`));
  }
  return next.value;
}

/**
 * As `createNetwork`, for weights that are read one at a time: each is on the backend before the next is asked for, so
 * that they are never held twice.
 * @param read one tensor by its key; what it throws is thrown on, after what was made is freed
 * @param within runs each piece of the work that makes tensors, for callers that note whose tensors they are
 */
export async function createNetworkFrom(card: ModelCard, read: (key: string) => Promise<StoredTensor>, within: <T>(work: () => T) => T = (work) => work()): Promise<Network> {
  const building = build(card);
  let next = within(() => building.next());
  while (!next.done) {
    const answer = await read(next.value).then((stored) => () => building.next(stored), (error) => () => building.throw(error));
    next = within(answer);
  }
  return next.value;
}

/** Asks for one tensor after the other, and puts each on the backend before it asks for the next. */
function* build(card: ModelCard): Generator<string, Network, StoredTensor> {
  const nodes: Node[] = [];
  const index = new Map<string, number>();
  const channels: number[] = [];
  try {
    for (const [i, layer] of card.layers.entries()) {
      const inputs = layer.input === undefined ? [i - 1] : [layer.input].flat().map((name) => index.get(name)!);
      const cin = inputs.reduce((sum, n) => sum + (n < 0 ? 3 : channels[n]), 0);
      switch (layer.kind) {
        case "conv": {
          const { name, kernel: k, channels: cout, stride, padding } = layer;
          const hwio = yield* takeKernel(card, name, k, cin, cout);
          const bias = yield* take(card, `${name}.bias`, [cout]);
          nodes.push({
            kind: "conv", name, inputs, stride, padding, relu: layer.activation === "relu",
            kernel: tf.tensor4d(hwio, [k, k, cin, cout]),
            bias: tf.tensor1d(bias),
            flipped: flippedKernel(hwio, k, cin, cout, stride),
          });
          channels.push(cout);
          break;
        }
        case "pool":
          nodes.push({ kind: "pool", name: layer.name, inputs, size: layer.size, stride: layer.stride, ceil: layer.ceil ?? false });
          channels.push(cin);
          break;
        default:
          nodes.push({ kind: layer.kind, name: layer.name, inputs });
          channels.push(cin);
      }
      index.set(layer.name, i);
    }
  } catch (error) {
    disposeNetwork({ card, nodes, index });
    throw error;
  }
  return { card, nodes, index };
}

/** Frees the weights. The network cannot be used afterwards. */
export function disposeNetwork(network: Network): void {
  for (const node of network.nodes) if (node.kind === "conv") disposeConv(node);
}

/**
 * The index of a layer in `network.nodes`.
 * @throws Error naming the layer and what the network has
 */
export function layerIndex(network: Network, layer: string): number {
  const i = network.index.get(layer);
  if (i === undefined) throw new Error(`${network.card.title} has no layer "${layer}". It has ${[...network.index.keys()].join(", ")}.`);
  return i;
}

/** Asks for a tensor and checks it. */
function* take(card: ModelCard, key: string, shape: number[]): Generator<string, Float32Array, StoredTensor> {
  return plain(card, key, shape, yield key);
}

function plain(card: ModelCard, key: string, shape: number[], stored: StoredTensor): Float32Array {
  if (stored.shape.length !== shape.length || stored.shape.some((n, i) => n !== shape[i]))
    throw new WeightsError(`The weights of ${card.id} hold ${key} with shape ${stored.shape.join("×")}; model.json asks for ${shape.join("×")}. The two files do not belong together.`);
  const data = stored.data instanceof Float32Array ? stored.data : Float32Array.from(stored.data);
  if (!data.every(Number.isFinite)) throw new WeightsError(`The weights of ${card.id} hold a number in ${key} that is not finite. The file is damaged.`);
  return data;
}

/** A layer's kernel as HWIO, from either layout, and from 8-bit numbers with their scales. */
function* takeKernel(card: ModelCard, name: string, k: number, cin: number, cout: number): Generator<string, Float32Array, StoredTensor> {
  const key = `${name}.kernel`;
  const hwioAlready = card.weights.kernelLayout === "HWIO";
  const stored = yield key;
  let kernel = plain(card, key, hwioAlready ? [k, k, cin, cout] : [cout, cin, k, k], stored);
  if (!hwioAlready) {
    const hwio = new Float32Array(kernel.length);
    for (let o = 0, from = 0; o < cout; o++)
      for (let i = 0; i < cin; i++) for (let p = 0; p < k * k; p++) hwio[(p * cin + i) * cout + o] = kernel[from++];
    kernel = hwio;
  }
  if (stored.dtype === "I8") {
    const scale = yield* take(card, `${key}_scale`, [cout]);
    for (let at = 0; at < kernel.length; at += cout) for (let o = 0; o < cout; o++) kernel[at + o] *= scale[o];
  }
  return kernel;
}
