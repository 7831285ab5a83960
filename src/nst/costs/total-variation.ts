import * as tf from "@tensorflow/tfjs";
import { sumOfSquares } from "./sum";

const alongX = (x: tf.Tensor3D): tf.Tensor3D => x.slice([0, 1, 0]).sub(x.slice([0, 0, 0], [-1, x.shape[1] - 1, -1]));
const alongY = (x: tf.Tensor3D): tf.Tensor3D => x.slice([1, 0, 0]).sub(x.slice([0, 0, 0], [x.shape[0] - 1, -1, -1]));

/**
 * Total variation: mean squared horizontal plus mean squared vertical difference of neighbours. The paper has no such
 * term; as means it does not grow with the picture (as in Crowson's style-transfer-pytorch, without the diagonals).
 * @param picture [h, w, 3], pixels in [0, 1]
 * @returns a scalar ≥ 0; the caller disposes it
 */
export function totalVariation(picture: tf.Tensor3D): tf.Scalar {
  const [h, w, c] = picture.shape;
  return tf.tidy(() => {
    const mean = (d: tf.Tensor3D, n: number) => (n > 0 ? sumOfSquares(d).div(n) : tf.scalar(0));
    return mean(alongX(picture), h * (w - 1) * c).add(mean(alongY(picture), (h - 1) * w * c)) as tf.Scalar;
  });
}

/**
 * Its gradient with respect to the picture, times a weight.
 * @returns [h, w, 3]; the caller disposes it
 */
export function totalVariationGradient(picture: tf.Tensor3D, weight: number): tf.Tensor3D {
  const [h, w, c] = picture.shape;
  return tf.tidy(() => {
    const dx = alongX(picture).mul(w > 1 ? (2 * weight) / (h * (w - 1) * c) : 0) as tf.Tensor3D;
    const dy = alongY(picture).mul(h > 1 ? (2 * weight) / ((h - 1) * w * c) : 0) as tf.Tensor3D;
    return tf.pad3d(dx, [[0, 0], [1, 0], [0, 0]]).sub(tf.pad3d(dx, [[0, 0], [0, 1], [0, 0]]))
      .add(tf.pad3d(dy, [[1, 0], [0, 0], [0, 0]])).sub(tf.pad3d(dy, [[0, 1], [0, 0], [0, 0]]));
  });
}
