import * as tf from "@tensorflow/tfjs";

/**
 * Mean activation of one channel over all positions. With a negative weight, descent on J is ascent on the channel
 * (Erhan et al. 2009): the picture that excites it.
 * @param F [1, h, w, n]
 * @param channel 0 … n−1
 * @returns a scalar; the caller disposes it
 */
export function activation(F: tf.Tensor4D, channel: number): tf.Scalar {
  const [, h, w] = F.shape;
  return tf.tidy(() => F.slice([0, 0, 0, channel], [1, h, w, 1]).reshape([h, w]).mean(1).mean() as tf.Scalar);
}

/**
 * Its gradient with respect to F, times a weight: weight / M in that channel, 0 in the others.
 * @returns [1, h, w, n]; the caller disposes it
 */
export function activationGradient(F: tf.Tensor4D, channel: number, weight: number): tf.Tensor4D {
  const [, h, w, n] = F.shape;
  return tf.tidy(() => {
    const row = tf.oneHot(tf.tensor1d([channel], "int32"), n).toFloat().mul(weight / (h * w));
    return tf.ones([1, h, w, 1]).mul(row.reshape([1, 1, 1, n])) as tf.Tensor4D;
  });
}
