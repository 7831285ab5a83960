import * as tf from "@tensorflow/tfjs";
import { sumOf, sumOfSquares, trace } from "./sum";

/** As Crowson's style-transfer-pytorch. What is very small beside the largest eigenvalue has not quite arrived by then. */
const ITERATIONS = 12;

/** The root of a matrix, and what its gradient is made of. */
export type Root = {
  /** [n, n] */
  root: tf.Tensor2D;
  /** X over its Frobenius norm c, [n, n] */
  scaled: tf.Tensor2D;
  /** c */
  norm: tf.Scalar;
  /** the iteration as a function p of each eigenvalue m of the scaled matrix: Σ over all eigenvectors of p′(m), [n, n] */
  slope: tf.Tensor2D;
};

/**
 * The square root of a symmetric matrix without negative eigenvalues, by the coupled Newton–Schulz iteration on X/c
 * (Higham 2008, “Functions of Matrices”, section 6.3): Y → Y·T, Z → T·Z, T = (3I − ZY)/2; Y tends to the root, Z to its
 * inverse. Beside them the derivative is followed: all these matrices are functions of X and commute, and m·dZ/dm = V obeys
 * V → 3/2·V(I − ZY) − 1/2·Z·ZY.
 * @param X [n, n]; borrowed
 * @returns tensors that the caller disposes
 */
export function squareRoot(X: tf.Tensor2D): Root {
  const n = X.shape[0];
  return tf.tidy(() => {
    const norm = tf.sqrt(sumOfSquares(X));
    const scaled = X.div(norm) as tf.Tensor2D;
    const identity = tf.eye(n);
    let [Y, Z, V] = [scaled, identity, tf.zeros([n, n]) as tf.Tensor2D];
    for (let i = 0; i < ITERATIONS; i++) {
      const P = tf.matMul(Z, Y);
      const T = identity.mul(3).sub(P).mul(0.5) as tf.Tensor2D;
      V = tf.matMul(V, identity.sub(P) as tf.Tensor2D).mul(1.5).sub(tf.matMul(Z, P).mul(0.5)) as tf.Tensor2D;
      [Y, Z] = [tf.matMul(Y, T), tf.matMul(T, Z)];
    }
    // p(m) = m·z(m), so that p′ = z + m·z′
    return { root: Y.mul(norm.sqrt()) as tf.Tensor2D, scaled, norm, slope: Z.add(V) as tf.Tensor2D };
  });
}

/**
 * The gradient of the trace of `squareRoot(X)` with respect to X, the norm included: c^−½ · (p′(S) + (½·tr p(S) − tr(p′(S)·S))·S).
 * Of a root that has arrived this is ½·X^−½.
 * @returns [n, n]; the caller disposes it
 */
export function rootGradient({ root, scaled, norm, slope }: Root): tf.Tensor2D {
  return tf.tidy(() => {
    const c = norm.sqrt();
    const ofNorm = trace(root).div(c).mul(0.5).sub(sumOf(slope.mul(scaled)));
    return slope.add(scaled.mul(ofNorm)).div(c) as tf.Tensor2D;
  });
}
