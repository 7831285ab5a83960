import * as tf from "@tensorflow/tfjs";
import type { InputSpec } from "./model-card";

/** Per channel, in the network's order: x = pixel · gain + offset. */
function affine({ range: [lo, hi], mean, scale }: InputSpec): { gain: number[]; offset: number[] } {
  const scales = typeof scale === "number" ? [scale, scale, scale] : scale;
  return { gain: scales.map((s) => (hi - lo) * s), offset: scales.map((s, c) => (lo - mean[c]) * s) };
}

/**
 * Turns pixels into what the first layer reads.
 * @param picture [h, w, 3], RGB in [0, 1]
 * @returns [1, h, w, 3] in the network's channel order and units; the caller disposes it
 */
export function preprocess(picture: tf.Tensor3D, input: InputSpec): tf.Tensor4D {
  const { gain, offset } = affine(input);
  return tf.tidy(() => {
    const ordered = input.channels === "BGR" ? tf.reverse(picture, 2) : picture;
    return ordered.mul(tf.tensor1d(gain)).add(tf.tensor1d(offset)).expandDims(0) as tf.Tensor4D;
  });
}

/**
 * The inverse of `preprocess`. Nothing is clipped.
 * @param x [1, h, w, 3]
 * @returns [h, w, 3], RGB, [0, 1] for valid pixels; the caller disposes it
 */
export function deprocess(x: tf.Tensor4D, input: InputSpec): tf.Tensor3D {
  const { gain, offset } = affine(input);
  return tf.tidy(() => {
    const ordered = x.squeeze([0]).sub(tf.tensor1d(offset)).div(tf.tensor1d(gain)) as tf.Tensor3D;
    return input.channels === "BGR" ? tf.reverse(ordered, 2) : ordered;
  });
}

/**
 * @param dx gradient with respect to what `preprocess` gave, [1, h, w, 3]
 * @returns gradient with respect to the pixels in [0, 1], [h, w, 3]; the caller disposes it
 */
export function preprocessBackward(dx: tf.Tensor4D, input: InputSpec): tf.Tensor3D {
  const { gain } = affine(input);
  return tf.tidy(() => {
    const ordered = dx.squeeze([0]).mul(tf.tensor1d(gain)) as tf.Tensor3D;
    return input.channels === "BGR" ? tf.reverse(ordered, 2) : ordered;
  });
}
