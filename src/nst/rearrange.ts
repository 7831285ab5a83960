/** Other feature maps with the same Gram matrix: positions moved about, or mixed. */
import * as tf from "@tensorflow/tfjs";
import { permutation } from "./random";

/**
 * Every position, with all its channels, moved to a random place. The Gram matrix F Fᵀ is a sum over positions, so it
 * stays the same (to rounding: the sum is taken in another order); where things are is lost.
 * @param F [1, h, w, n]; borrowed
 * @param seed the same seed moves the positions of maps of one size in the same way
 * @returns the same shape; the caller disposes it
 */
export function shufflePositions(F: tf.Tensor4D, seed = 1): tf.Tensor4D {
  return tf.tidy(() => {
    const rows = byPosition(F);
    return tf.gather(rows, tf.tensor1d(permutation(rows.shape[0], seed), "int32")).reshape(F.shape) as tf.Tensor4D;
  });
}

/**
 * Positions put together in random pairs, and every pair (a, b) mixed by a rotation: (a cos φ − b sin φ, a sin φ + b cos φ)
 * in all channels alike. That multiplies F by an orthogonal matrix Q from the right, and F Q Qᵀ Fᵀ = F Fᵀ: other maps
 * with other values, some of them negative, and the same Gram matrix to rounding. Risser et al. 2017 (arXiv 1701.08893)
 * on why a Gram matrix alone does not determine a texture.
 * @param F [1, h, w, n]; borrowed. Of an odd number of positions one stays as it is
 * @param seed chooses the pairs
 * @param angle φ in radians; 0 changes nothing
 * @returns the same shape; the caller disposes it
 */
export function rotatePositions(F: tf.Tensor4D, seed = 1, angle = Math.PI / 4): tf.Tensor4D {
  return tf.tidy(() => {
    const rows = byPosition(F);
    const [count, n] = rows.shape;
    const half = Math.floor(count / 2);
    const order = permutation(count, seed);
    const paired = tf.gather(rows, tf.tensor1d(order, "int32"));
    const [a, b, rest] = [paired.slice([0, 0], [half, n]), paired.slice([half, 0], [half, n]), paired.slice([2 * half, 0], [count - 2 * half, n])];
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const mixed = tf.concat([a.mul(cos).sub(b.mul(sin)), a.mul(sin).add(b.mul(cos)), ...(rest.size ? [rest] : [])]);
    const back = new Int32Array(count);
    order.forEach((position, place) => (back[position] = place));
    return tf.gather(mixed, tf.tensor1d(back, "int32")).reshape(F.shape) as tf.Tensor4D;
  });
}

/** [positions, n] */
function byPosition(F: tf.Tensor4D): tf.Tensor2D {
  const [, h, w, n] = F.shape;
  return F.reshape([h * w, n]);
}
