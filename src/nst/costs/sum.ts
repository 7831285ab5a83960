import * as tf from "@tensorflow/tfjs";

/**
 * Σ x, summed row by row and then over the rows: one running float32 sum over a large map would lose digits.
 * @returns a scalar; the caller disposes it
 */
export function sumOf(x: tf.Tensor): tf.Scalar {
  const rows = x.shape.find((n) => n > 1) ?? 1;
  return tf.tidy(() => x.reshape([rows, x.size / rows]).sum(1).sum() as tf.Scalar);
}

/**
 * Σ x², as `sumOf`.
 * @returns a scalar; the caller disposes it
 */
export function sumOfSquares(x: tf.Tensor): tf.Scalar {
  return tf.tidy(() => sumOf(tf.square(x)));
}

/** The sum of the diagonal of [n, n]. @returns a scalar; the caller disposes it */
export function trace(X: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => sumOf(X.mul(tf.eye(X.shape[0]))));
}
