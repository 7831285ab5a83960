/** The methods of the protocol that look into a network: features of a picture, and weights. */
import * as tf from "@tensorflow/tfjs";
import type { FeatureMaps } from "../nst/feature-maps";
import { featuresWalk } from "../nst/features";
import type { InputSpec } from "../nst/model-card";
import { layerStatistics } from "../nst/map-statistics";
import { layerIndex, type Network } from "../nst/network";
import { breathe } from "./breathe";
import { drive } from "./drive";
import { acquireNetwork } from "./load-network";
import type { FeatureRequest, Methods, NetworkSource } from "./protocol";

/** Uses a network that others may use as well. */
export async function withNetwork<T>(source: NetworkSource, use: (network: Network) => Promise<T> | T): Promise<T> {
  const { value, release } = await acquireNetwork(source);
  try {
    return await use(value);
  } finally {
    release();
  }
}

/** The same network, reading pixels in another way. It owns nothing: the weights are those of `network`. */
export function reading(network: Network, input: InputSpec | undefined): Network {
  return input ? { ...network, card: { ...network.card, input } } : network;
}

/** Copies a layer's tensor out. @param F [1, h, w, n]; borrowed */
export async function mapsOf(layer: string, F: tf.Tensor4D): Promise<FeatureMaps> {
  const [, height, width, channels] = F.shape;
  return { layer, height, width, channels, data: (await F.data()) as Float32Array };
}

/** Runs a picture through the network to the deepest of the layers. @returns features by layer, [1, h, w, n]; the caller disposes them */
export async function layersOf(network: Network, { picture, pooling, tap, input }: Omit<FeatureRequest, "network">, layers: readonly string[], signal: AbortSignal): Promise<Record<string, tf.Tensor4D>> {
  const pixels = tf.tensor3d(picture.data, [picture.height, picture.width, 3]);
  try {
    return await drive(featuresWalk(reading(network, input), pixels, layers, { pooling, tap }), signal);
  } finally {
    pixels.dispose();
  }
}

type Context = { signal: AbortSignal };

/** What `read` makes of every layer's maps, one layer after the other, each freed as soon as it was read. */
async function byLayer<T>({ network: source, layers, ...request }: FeatureRequest & { layers: readonly string[] }, signal: AbortSignal, read: (maps: FeatureMaps) => T): Promise<Record<string, T>> {
  return withNetwork(source, async (network) => {
    const found = await layersOf(network, request, layers, signal);
    try {
      const results: Record<string, T> = {};
      for (const [layer, F] of Object.entries(found)) {
        signal.throwIfAborted();
        results[layer] = read(await mapsOf(layer, F));
        F.dispose();
        await breathe();
      }
      return results;
    } finally {
      tf.dispose(found);
    }
  });
}

export const featureMethods = {
  features: (args: Methods["features"]["args"], { signal }: Context): Promise<Methods["features"]["result"]> => byLayer(args, signal, (maps) => maps),

  statistics: (args: Methods["statistics"]["args"], { signal }: Context): Promise<Methods["statistics"]["result"]> => byLayer(args, signal, layerStatistics),

  weights: ({ network: source, layer }: Methods["weights"]["args"]): Promise<Methods["weights"]["result"]> =>
    withNetwork(source, async (network) => {
      const node = network.nodes[layerIndex(network, layer)];
      if (node.kind !== "conv") throw new Error(`${layer} is a ${node.kind === "pool" ? "pooling layer" : `${node.kind} layer`}: it has no weights. Take a convolution.`);
      const [kernel, bias] = await Promise.all([node.kernel.data(), node.bias.data()]);
      // copies: what goes to the page is taken from the worker, and the plain JavaScript backend gives the weights themselves
      return { shape: node.kernel.shape, kernel: (kernel as Float32Array).slice(), bias: (bias as Float32Array).slice() };
    }),
};
