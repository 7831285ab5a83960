import * as tf from "@tensorflow/tfjs";
import { backwardPass, forwardPass, passValues } from "./evaluate";
import type { WalkPart } from "./forward";
import type { Network } from "./network";
import { Owner } from "./ownership";
import type { Pooling } from "./settings";
import type { Term } from "./terms";

/** What each term says of a picture, apart from the others. */
export interface Pulls {
  /** unweighted value of each term, [number of terms] */
  values: tf.Tensor1D;
  /** gradient of weight · value with respect to the pixels in [0, 1], [h, w, 3] each; their sum is the gradient of J */
  gradients: tf.Tensor3D[];
}

/**
 * Value and gradient of every term alone: one walk forward, and one back for each from the term's layer. A term of weight 0
 * pulls nowhere. Holds all feature maps until the last walk is done.
 * @param picture [h, w, 3], RGB in [0, 1]; borrowed, as are the terms' targets
 * @returns in the order of the terms; the caller disposes them
 */
export function* pullsWalk(network: Network, picture: tf.Tensor3D, terms: readonly Term[], { pooling = network.card.defaults.pooling }: { pooling?: Pooling } = {}): Generator<WalkPart, Pulls> {
  const owner = new Owner();
  try {
    const pass = yield* forwardPass(network, picture, terms, pooling, true, owner);
    const gradients: tf.Tensor3D[] = [];
    for (const term of terms) gradients.push(term.weight === 0 ? owner.keep(tf.zerosLike(picture)) : yield* backwardPass(pass, [term], owner, true));
    const values = yield* passValues(pass, terms, owner);
    for (const tensor of [values, ...gradients]) owner.release(tensor);
    return { values, gradients };
  } finally {
    owner.dispose();
  }
}
