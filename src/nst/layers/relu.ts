import * as tf from "@tensorflow/tfjs";

/** max(x, 0). The caller disposes the result. */
export function reluForward(x: tf.Tensor4D): tf.Tensor4D {
  return tf.relu(x);
}

/**
 * dy where the layer let something through, 0 elsewhere (also at exactly 0, as PyTorch does).
 * @param y what `reluForward` gave, any shape
 * @returns a new tensor of that shape; the caller disposes it
 */
export function reluBackward(dy: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => dy.mul(tf.step(y)));
}
