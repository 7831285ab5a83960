import * as tf from "@tensorflow/tfjs";
import type { ModelCard } from "./model-card";
import { type StoredTensor, WeightsError } from "./safetensors";
import { type Conv, disposeConv, flipKernel } from "./layers/conv";
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
 * @param weights `<layer>.kernel` (in the card's kernelLayout) and `<layer>.bias` for every convolution
 * @returns a network that the caller disposes with `disposeNetwork`
 * @throws WeightsError when a tensor is missing, has another shape than the card says, or holds a number that is not finite
 */
export function createNetwork(card: ModelCard, weights: Map<string, StoredTensor>): Network {
  const nodes: Node[] = [];
  const index = new Map<string, number>();
  const channels: number[] = [];
  try {
    card.layers.forEach((layer, i) => {
      const inputs = layer.input === undefined ? [i - 1] : [layer.input].flat().map((name) => index.get(name)!);
      const cin = inputs.reduce((sum, n) => sum + (n < 0 ? 3 : channels[n]), 0);
      switch (layer.kind) {
        case "conv": {
          const { name, kernel: k, channels: cout, padding } = layer;
          const kernel = takeKernel(card, weights, name, k, cin, cout);
          const bias = take(card, weights, `${name}.bias`, [cout]);
          nodes.push({
            kind: "conv", name, inputs, padding, relu: layer.activation === "relu",
            kernel: tf.tensor4d(kernel, [k, k, cin, cout]),
            bias: tf.tensor1d(bias),
            flipped: tf.tensor4d(flipKernel(kernel, k, cin, cout), [k, k, cout, cin]),
          });
          channels.push(cout);
          break;
        }
        case "pool":
          nodes.push({ kind: "pool", name: layer.name, inputs, size: layer.size });
          channels.push(cin);
          break;
        default:
          nodes.push({ kind: layer.kind, name: layer.name, inputs });
          channels.push(cin);
      }
      index.set(layer.name, i);
    });
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

function take(card: ModelCard, weights: Map<string, StoredTensor>, key: string, shape: number[]): Float32Array {
  const stored = weights.get(key);
  if (!stored) throw new WeightsError(`The weights of ${card.id} lack ${key}, which model.json asks for. They hold ${[...weights.keys()].slice(0, 4).join(", ")} …`);
  if (stored.shape.length !== shape.length || stored.shape.some((n, i) => n !== shape[i]))
    throw new WeightsError(`The weights of ${card.id} hold ${key} with shape ${stored.shape.join("×")}; model.json asks for ${shape.join("×")}. The two files do not belong together.`);
  const data = stored.data instanceof Float32Array ? stored.data : Float32Array.from(stored.data);
  if (!data.every(Number.isFinite)) throw new WeightsError(`The weights of ${card.id} hold a number in ${key} that is not finite. The file is damaged.`);
  return data;
}

function takeKernel(card: ModelCard, weights: Map<string, StoredTensor>, name: string, k: number, cin: number, cout: number): Float32Array {
  const key = `${name}.kernel`;
  if (card.weights.kernelLayout === "HWIO") return take(card, weights, key, [k, k, cin, cout]);
  const oihw = take(card, weights, key, [cout, cin, k, k]);
  const hwio = new Float32Array(oihw.length);
  for (let o = 0, from = 0; o < cout; o++)
    for (let i = 0; i < cin; i++) for (let p = 0; p < k * k; p++) hwio[(p * cin + i) * cout + o] = oihw[from++];
  return hwio;
}
