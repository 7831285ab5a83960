import * as tf from "@tensorflow/tfjs";
import { sumOfSquares } from "./sum";

/**
 * Gram matrix G = F Fᵀ over the M = h·w positions of N channels (Gatys et al. 2015, eq. 3).
 * @param F features, [h, w, n] or [1, h, w, n]
 * @returns [n, n]; the caller disposes it
 */
export function gram(F: tf.Tensor3D | tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => positions(F, 1));
}

/**
 * The Gram matrix over N·M. F is divided by √(N·M) before it is multiplied, so that nothing overflows where a GPU
 * computes in half precision. With it the cost of a layer is ¼ Σ (G − A)², which for pictures of the same size is exactly
 * 1/(4N²M²) Σ (F Fᵀ − A Aᵀ)², and for a style picture of another size compares per position.
 * @param F [1, h, w, n]
 * @returns [n, n]; the caller disposes it
 */
export function normalisedGram(F: tf.Tensor4D): tf.Tensor2D {
  const [, h, w, n] = F.shape;
  return tf.tidy(() => positions(F, 1 / Math.sqrt(h * w * n)));
}

/** (scale·F)(scale·F)ᵀ. An explicit transpose: matMul with a transpose flag is four times slower on wasm. */
function positions(F: tf.Tensor, scale: number): tf.Tensor2D {
  const n = F.shape[F.rank - 1]!;
  const rows = F.reshape([-1, n]);
  const scaled = scale === 1 ? rows : rows.mul(scale);
  return tf.matMul(scaled.transpose() as tf.Tensor2D, scaled as tf.Tensor2D);
}

/**
 * Style cost of one layer, E = ¼ Σ (G − A)² (eq. 4), from the difference of two normalised Gram matrices.
 * @param difference G − A, [n, n]
 * @returns a scalar ≥ 0; the caller disposes it
 */
export function styleCost(difference: tf.Tensor2D): tf.Scalar {
  return tf.tidy(() => sumOfSquares(difference).mul(0.25) as tf.Scalar);
}

/**
 * Its gradient with respect to F, times a weight: weight / (N·M) · F (G − A) (eq. 6). G is symmetric, so F from the
 * left needs no transpose.
 * @param F features of the generated picture, [1, h, w, n]
 * @param difference G − A of normalised Gram matrices, [n, n]
 * @returns [1, h, w, n]; the caller disposes it
 */
export function styleGradient(F: tf.Tensor4D, difference: tf.Tensor2D, weight: number): tf.Tensor4D {
  const [, h, w, n] = F.shape;
  return tf.tidy(() => tf.matMul(F.reshape([h * w, n]) as tf.Tensor2D, difference.mul(weight / (n * h * w)) as tf.Tensor2D).reshape(F.shape) as tf.Tensor4D);
}
