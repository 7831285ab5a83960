import * as tf from "@tensorflow/tfjs";
import type { Initialisation } from "./settings";

/**
 * The picture that a run starts from.
 * "content": the content picture. "noise": uniform white noise in [0, 1] (the paper starts from white noise, and does
 * not say of which kind). "blend": (1 − noise)·content + noise·white noise.
 * @param content [h, w, 3] in [0, 1]; borrowed
 * @param seed the same seed gives the same noise on every backend
 * @returns [h, w, 3] in [0, 1]; the caller disposes it
 */
export function initialPicture(content: tf.Tensor3D, initialisation: Initialisation, seed: number): tf.Tensor3D {
  return tf.tidy(() => {
    if (initialisation.kind === "content") return content.clone();
    const noise = tf.randomUniform<tf.Rank.R3>(content.shape, 0, 1, "float32", seed);
    if (initialisation.kind === "noise") return noise;
    const share = Math.min(1, Math.max(0, initialisation.noise));
    return content.mul(1 - share).add(noise.mul(share)) as tf.Tensor3D;
  });
}
