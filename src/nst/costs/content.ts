import * as tf from "@tensorflow/tfjs";
import { sumOfSquares } from "./sum";

/**
 * Content cost of one layer: ½ Σ (F − P)² (Gatys et al. 2015, eq. 1).
 * Grows with the number of positions; see `TransferSettings.alphaTimesM`.
 * @param F features of the generated picture, [1, h, w, n]
 * @param P features of the content picture, same shape
 * @returns a scalar ≥ 0; the caller disposes it
 */
export function contentCost(F: tf.Tensor4D, P: tf.Tensor4D): tf.Scalar {
  return tf.tidy(() => sumOfSquares(tf.sub(F, P)).mul(0.5) as tf.Scalar);
}

/**
 * Its gradient with respect to F, times a weight: weight · (F − P) (eq. 2; the ReLU's part is the layer's own).
 * @returns [1, h, w, n]; the caller disposes it
 */
export function contentGradient(F: tf.Tensor4D, P: tf.Tensor4D, weight: number): tf.Tensor4D {
  return tf.tidy(() => tf.sub(F, P).mul(weight) as tf.Tensor4D);
}
