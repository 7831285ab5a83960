import * as tf from "@tensorflow/tfjs";

/**
 * Σ x², summed row by row and then over the rows: one running float32 sum over a large map would lose digits.
 * @returns a scalar; the caller disposes it
 */
export function sumOfSquares(x: tf.Tensor): tf.Scalar {
  const rows = x.shape.find((n) => n > 1) ?? 1;
  return tf.tidy(() => tf.square(x).reshape([rows, x.size / rows]).sum(1).sum() as tf.Scalar);
}
