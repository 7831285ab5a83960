import type * as tf from "@tensorflow/tfjs";
import { finish, forward, type WalkPart } from "./forward";
import { layerIndex, type Network } from "./network";
import { Owner } from "./ownership";
import type { Pooling } from "./settings";

export interface FeatureOptions {
  pooling?: Pooling;
  /** read the layers after their ReLU (default, as in the paper) or before it */
  tap?: "after" | "before";
}

/**
 * What the layers of a network make of a picture. Runs to the deepest layer asked for and no further.
 * @param picture [h, w, 3], RGB in [0, 1]; borrowed
 * @param layers names, in any order
 * @returns feature maps by layer name, [1, h_l, w_l, n_l]; the caller disposes them
 * @throws Error for a name that the network does not have, or a picture too small for it
 */
export function features(network: Network, picture: tf.Tensor3D, layers: readonly string[], options: FeatureOptions = {}): Record<string, tf.Tensor4D> {
  return finish(featuresWalk(network, picture, layers, options));
}

/** As `features`, giving way after every layer. */
export function* featuresWalk(network: Network, picture: tf.Tensor3D, layers: readonly string[], { pooling = network.card.defaults.pooling, tap = "after" }: FeatureOptions = {}): Generator<WalkPart, Record<string, tf.Tensor4D>> {
  const wanted = new Set(layers.map((name) => layerIndex(network, name)));
  if (wanted.size === 0) return {};
  const owner = new Owner();
  try {
    const outputs = yield* forward(network, picture, {
      pooling, deepest: Math.max(...wanted), before: tap === "before" ? wanted : new Set(), keep: (i) => wanted.has(i),
    }, owner);
    return Object.fromEntries(layers.map((name) => {
      const { y, before } = outputs.get(layerIndex(network, name))!;
      return [name, owner.release(before ?? y)];
    }));
  } finally {
    owner.dispose();
  }
}
