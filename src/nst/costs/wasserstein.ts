/**
 * The squared 2-Wasserstein distance between the statistics of two feature maps, taken as Gaussians: means μ, covariances Σ,
 * divided by the number of channels, as in Crowson's style-transfer-pytorch:
 *
 *     1/N · ( |μ − μ̂|² + tr(Σ + Σ̂ − 2·(Σ̂^½ Σ Σ̂^½)^½) )
 */
import * as tf from "@tensorflow/tfjs";
import { type Root, rootGradient, squareRoot } from "./matrix-root";
import { trace } from "./sum";

/** Added to the diagonal of both covariances, so that their roots exist. */
const RIDGE = 1e-4;

/**
 * What a picture is compared with, from the maps of the style picture.
 * @param F [1, h, w, n]
 * @returns [2n + 1, n]: mean, covariance, root of the covariance, one below the other; the caller disposes it
 */
export function gaussian(F: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const { mean, covariance } = statistics(F);
    return tf.concat([mean.expandDims(0) as tf.Tensor2D, covariance, squareRoot(covariance).root]) as tf.Tensor2D;
  });
}

/**
 * @param F features of the generated picture, [1, h, w, n]
 * @param target from `gaussian`
 * @returns the distance, and what `wassersteinGradient` needs, [n + 1, n]; the caller disposes both
 */
export function wassersteinCost(F: tf.Tensor4D, target: tf.Tensor2D): { value: tf.Scalar; saved: tf.Tensor2D } {
  const [, h, w, n] = F.shape;
  return tf.tidy(() => {
    const { mean, covariance } = statistics(F);
    const targetMean = target.slice([0, 0], [1, n]).reshape([n]);
    const targetCovariance = target.slice([1, 0], [n, n]);
    const A = target.slice([n + 1, 0], [n, n]);
    const root = squareRoot(tf.matMul(tf.matMul(A, covariance), A));
    const apart = mean.sub(targetMean) as tf.Tensor1D;
    const traces = trace(covariance).add(trace(targetCovariance)).sub(trace(root.root).mul(2));
    const value = apart.square().sum().add(traces).div(n) as tf.Scalar;
    return { value, saved: directions(A, root, mean, apart, h * w) };
  });
}

/**
 * Its gradient with respect to F, times a weight.
 * @param saved from `wassersteinCost`
 * @returns [1, h, w, n]; the caller disposes it
 */
export function wassersteinGradient(F: tf.Tensor4D, saved: tf.Tensor2D, weight: number): tf.Tensor4D {
  const [, h, w, n] = F.shape;
  return tf.tidy(() => {
    const K = saved.slice([0, 0], [n, n]).mul(weight) as tf.Tensor2D;
    const row = saved.slice([n, 0], [1, n]).mul(weight);
    return tf.matMul(F.reshape([h * w, n]) as tf.Tensor2D, K).add(row).reshape(F.shape) as tf.Tensor4D;
  });
}

/** μ [n] and Σ + ridge [n, n] over all positions. Centred before it is squared: second moments minus μμᵀ lose digits. */
function statistics(F: tf.Tensor4D): { mean: tf.Tensor1D; covariance: tf.Tensor2D } {
  const [, h, w, n] = F.shape;
  const rows = F.reshape([h * w, n]) as tf.Tensor2D;
  const mean = rows.mean(0) as tf.Tensor1D;
  const centred = rows.sub(mean).mul(1 / Math.sqrt(h * w)) as tf.Tensor2D;
  const covariance = tf.matMul(centred.transpose() as tf.Tensor2D, centred).add(tf.eye(n).mul(RIDGE)) as tf.Tensor2D;
  return { mean, covariance };
}

/**
 * dF = F · K + row. From D = ∂/∂Σ = 1/n · (I − 2·A R A), R the gradient of the root's trace, and ∂/∂μ = 2/n · (μ − μ̂):
 * K = 2/M · D, row = 1/M · (∂/∂μ − 2·D μ).
 */
function directions(A: tf.Tensor2D, root: Root, mean: tf.Tensor1D, apart: tf.Tensor1D, positions: number): tf.Tensor2D {
  const n = mean.size;
  const R = tf.matMul(tf.matMul(A, rootGradient(root)), A);
  const D = tf.eye(n).sub(R.mul(2)).mul(1 / n) as tf.Tensor2D;
  const row = apart.mul(2 / n).expandDims(0).sub(tf.matMul(mean.expandDims(0) as tf.Tensor2D, D).mul(2));
  return tf.concat([D.mul(2 / positions), row.mul(1 / positions)]) as tf.Tensor2D;
}
