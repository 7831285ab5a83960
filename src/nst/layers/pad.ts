import * as tf from "@tensorflow/tfjs";

/**
 * Numbers below and to the right, up to a shape; x itself if it has that shape already.
 * @param x [1, h, w, c]
 * @param shape [1, h' ≥ h, w' ≥ w, c]
 */
export function padToShape(x: tf.Tensor4D, shape: readonly number[], value = 0): tf.Tensor4D {
  const [down, right] = [shape[1] - x.shape[1], shape[2] - x.shape[2]];
  return down || right ? tf.pad4d(x, [[0, 0], [0, down], [0, right], [0, 0]], value) : x;
}

/**
 * A part of x that begins at row and column `from`, cut off or filled up below and to the right.
 * @param shape [1, h', w', c] of the result
 */
export function fitToShape(x: tf.Tensor4D, shape: readonly number[], { from = 0, value = 0 } = {}): tf.Tensor4D {
  return tf.tidy(() => {
    const [rows, columns] = [1, 2].map((axis) => Math.min(shape[axis], x.shape[axis] - from));
    const part = from === 0 && rows === x.shape[1] && columns === x.shape[2] ? x : x.slice([0, from, from, 0], [1, rows, columns, shape[3]]);
    const fitted = padToShape(part, shape, value);
    return fitted === x ? x.clone() : fitted;
  });
}
