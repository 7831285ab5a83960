import * as tf from "@tensorflow/tfjs";
import type { Pooling } from "../settings";
import { blockPlaces, spread } from "./blocks";
import { LEAST, onePerBlock, overlappingAverageBackward, overlappingMaximumBackward, reachOf, windowCounts, type Windows } from "./overlapping-pool";
import { padToShape } from "./pad";

/**
 * Pooling over windows of size × size, side by side or overlapping. A rest of fewer rows or columns at the border is
 * left out (as Keras and PyTorch do), or with `ceil` makes windows of its own (as Caffe and PyTorch's ceil_mode do).
 */
export interface Pool extends Windows {
  kind: "pool";
  name: string;
  inputs: number[];
}

/**
 * @param x [1, h, w, c]
 * @returns [1, h', w', c], see `sideAfter`; of an average, the divisor is the number of positions inside the picture.
 *   The caller disposes it
 */
export function poolForward(x: tf.Tensor4D, layer: Pool, pooling: Pooling): tf.Tensor4D {
  const { size, stride } = layer;
  const pool = (whole: tf.Tensor4D) => (pooling === "average" ? tf.avgPool(whole, size, stride, "valid") : tf.maxPool(whole, size, stride, "valid"));
  const reach = reachOf(x.shape, layer);
  if (reach[1] <= x.shape[1] && reach[2] <= x.shape[2]) return pool(x);
  return tf.tidy(() => {
    const pooled = pool(padToShape(x, [1, Math.max(reach[1], x.shape[1]), Math.max(reach[2], x.shape[2]), x.shape[3]], pooling === "average" ? 0 : LEAST));
    return pooling === "average" ? pooled.mul(tf.div(size * size, windowCounts(x.shape, layer))) : pooled;
  });
}

/**
 * Gradient of average pooling: every position of a window gets dy / size². For blocks written as copies (concat), because
 * tfjs' own gradient and `tf.tile` are 10–50 times slower on wasm.
 * @param dy [1, h', w', c]
 * @param shape of x, [1, h, w, c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function averagePoolBackward(dy: tf.Tensor4D, shape: number[], layer: Pool): tf.Tensor4D {
  const { size } = layer;
  if (!onePerBlock(layer)) return overlappingAverageBackward(dy, shape, layer);
  const [, rows, columns, c] = dy.shape;
  // One line of blocks is as good as another: made once. Each part is freed as soon as it is copied, because a map of the
  // first block is among the largest tensors of a step; the tidy is for errors in between.
  return tf.tidy(() => {
    const then = <T extends tf.Tensor>(x: tf.Tensor, f: (x: tf.Tensor) => T): T => {
      const y = f(x);
      x.dispose();
      return y;
    };
    const share = then(tf.mul(dy, 1 / (size * size)), (x) => x.reshape([rows * columns, c]));
    const line = then(then(share, (x) => tf.concat(Array(size).fill(x), 1)), (x) => x.reshape([rows, columns * size * c]));
    const whole = then(then(line, (x) => tf.concat(Array(size).fill(x), 1)), (x) => x.reshape([1, rows * size, columns * size, c]) as tf.Tensor4D);
    return padToShape(whole, shape);
  });
}

/**
 * Gradient of maximum pooling: dy goes to the first maximum of its window in reading order, as in PyTorch. (tfjs' wasm
 * kernel gives it to the last; a plain mask would give it to all.)
 * @param dy [1, h', w', c]
 * @param x what was pooled, [1, h, w, c]
 * @param y the maxima, [1, h', w', c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function maximumPoolBackward(dy: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D, layer: Pool): tf.Tensor4D {
  if (!onePerBlock(layer)) return overlappingMaximumBackward(dy, x, y, layer);
  return tf.tidy(() => {
    const parts: tf.Tensor4D[] = [];
    // what is left to hand out: the first maximum takes all of it
    let left = dy;
    const places = blockPlaces(x, layer.size);
    places.forEach((place, k) => {
      const hit = tf.cast(tf.equal(place, y), "float32");
      const part = left.mul(hit) as tf.Tensor4D;
      if (k < places.length - 1) left = left.sub(part) as tf.Tensor4D;
      parts.push(part);
    });
    return spread(parts, x.shape, layer.size);
  });
}
