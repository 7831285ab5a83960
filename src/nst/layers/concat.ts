import * as tf from "@tensorflow/tfjs";

/** Channels of several layers, one behind the other. */
export interface Concat {
  kind: "concat";
  name: string;
  inputs: number[];
}

/**
 * @param xs [1, h, w, c_i] each
 * @returns [1, h, w, Σ c_i]; the caller disposes it
 */
export function concatForward(xs: tf.Tensor4D[]): tf.Tensor4D {
  return xs.length === 1 ? xs[0].clone() : tf.concat(xs, 3);
}

/**
 * @param dy [1, h, w, Σ c_i]
 * @param channels c_i of every input
 * @returns one gradient an input, in their order; the caller disposes them
 */
export function concatBackward(dy: tf.Tensor4D, channels: number[]): tf.Tensor4D[] {
  return channels.length === 1 ? [dy.clone()] : tf.split(dy, channels, 3);
}
