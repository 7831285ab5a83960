import * as tf from "@tensorflow/tfjs";

/**
 * Seconds for one convolution 64×64×64 → 64 channels, 3×3, on the current backend: the best of a few after a warm-up, so
 * that compiling shaders does not count. Reads the result, so that a GPU has really finished.
 */
export async function calibrationSeconds(): Promise<number> {
  const x = tf.ones<tf.Rank.R4>([1, 64, 64, 64]);
  const kernel = tf.ones<tf.Rank.R4>([3, 3, 64, 64]);
  const once = async (): Promise<number> => {
    const begun = performance.now();
    const y = tf.tidy(() => tf.conv2d(x, kernel, 1, "same").mean());
    await y.data();
    y.dispose();
    return (performance.now() - begun) / 1000;
  };
  try {
    await once();
    let best = Infinity;
    for (let i = 0, spent = 0; i < 5 && spent < 0.3; i++) {
      const seconds = await once();
      spent += seconds;
      best = Math.min(best, seconds);
    }
    return best;
  } finally {
    tf.dispose([x, kernel]);
  }
}
