import * as tf from "@tensorflow/tfjs";
import { forward, type WalkPart } from "../nst/forward";
import type { Network } from "../nst/network";
import { Owner } from "../nst/ownership";
import type { Picture } from "../nst/picture";
import type { Pooling } from "../nst/settings";
import { drive } from "./drive";

/** What a layer gave for one picture: [height · width, channels], the channels of a position together. */
export type ReadLayer = (layer: string, data: Float32Array, channels: number) => void;

/**
 * Walks a picture through a whole network, giving way after every layer, and hands the numbers of each layer over as it is
 * computed: no more than a few layers are ever held.
 * @param layers those that are read; the walk ends with the deepest
 * @throws Error when the picture is too small for the network; the signal's reason when it is given up
 */
export function readLayers(network: Network, picture: Picture, pooling: Pooling, layers: ReadonlySet<string>, read: ReadLayer, signal: AbortSignal): Promise<void> {
  return drive(layersWalk(network, picture, pooling, layers, read), signal);
}

function* layersWalk(network: Network, { data, width, height }: Picture, pooling: Pooling, layers: ReadonlySet<string>, read: ReadLayer): Generator<WalkPart, void> {
  const owner = new Owner();
  const pixels = tf.tensor3d(data, [height, width, 3]);
  try {
    yield* forward(network, pixels, {
      pooling,
      deepest: network.nodes.findLastIndex(({ name }) => layers.has(name)),
      before: new Set(),
      keep: () => false,
      visit: (i, { y }) => {
        const { name } = network.nodes[i];
        // the backends of the lab, wasm and plain JavaScript, have the numbers at hand
        if (layers.has(name)) read(name, y.dataSync() as Float32Array, y.shape[3]);
      },
    }, owner);
  } finally {
    owner.dispose();
    pixels.dispose();
  }
}
