import * as tf from "@tensorflow/tfjs";
import { cutMiddle } from "./cut-middle";
import type { Picture } from "./picture";
import type { Initialisation } from "./settings";

/**
 * The picture that a run starts from.
 * "content": the content picture. "noise": uniform white noise in [0, 1] (the paper starts from white noise, and does
 * not say of which kind). "blend": (1 − noise)·content + noise·white noise. "style": the style picture, cut in the middle
 * to the content picture's shape and resized to its size.
 * @param content [h, w, 3] in [0, 1]; borrowed
 * @param seed the same seed gives the same noise on every backend
 * @param style needed for "style" alone
 * @returns [h, w, 3] in [0, 1]; the caller disposes it
 * @throws Error when the style picture is needed and not there
 */
export function initialPicture(content: tf.Tensor3D, initialisation: Initialisation, seed: number, style?: Picture): tf.Tensor3D {
  const [height, width] = content.shape;
  if (initialisation.kind === "style") {
    if (!style) throw new Error("A picture that starts from the style picture needs it: give it to nst.initialPicture as the fourth argument, { width, height, data }.");
    return tf.tensor3d(cutMiddle(style, width, height).data, [height, width, 3]);
  }
  return tf.tidy(() => {
    if (initialisation.kind === "content") return content.clone();
    const noise = tf.randomUniform<tf.Rank.R3>(content.shape, 0, 1, "float32", seed);
    if (initialisation.kind === "noise") return noise;
    const share = Math.min(1, Math.max(0, initialisation.noise));
    return content.mul(1 - share).add(noise.mul(share)) as tf.Tensor3D;
  });
}
