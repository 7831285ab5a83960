import * as tf from "@tensorflow/tfjs";
import type { Pooling } from "../settings";

/** Pooling over size×size blocks that do not overlap. A rest of fewer rows or columns at the border is left out (as Keras and PyTorch do). */
export interface Pool {
  kind: "pool";
  name: string;
  inputs: number[];
  size: number;
}

/**
 * @param x [1, h, w, c]
 * @returns [1, ⌊h/size⌋, ⌊w/size⌋, c]; the caller disposes it
 */
export function poolForward(x: tf.Tensor4D, layer: Pool, pooling: Pooling): tf.Tensor4D {
  return pooling === "average" ? tf.avgPool(x, layer.size, layer.size, "valid") : tf.maxPool(x, layer.size, layer.size, "valid");
}

/**
 * Gradient of average pooling: every position of a block gets dy / size². Written as copies (concat), because tfjs' own
 * gradient and `tf.tile` are 10–50 times slower on wasm.
 * @param dy [1, h', w', c]
 * @param shape of x, [1, h, w, c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function averagePoolBackward(dy: tf.Tensor4D, shape: number[], layer: Pool): tf.Tensor4D {
  const { size } = layer;
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
 * Gradient of maximum pooling: dy goes to the first maximum of its block in reading order, as in PyTorch. (tfjs' wasm
 * kernel gives it to the last; a plain mask would give it to all.)
 * @param dy [1, h', w', c]
 * @param x what was pooled, [1, h, w, c]
 * @param y the maxima, [1, h', w', c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function maximumPoolBackward(dy: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D, layer: Pool): tf.Tensor4D {
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

/** x at place (i, j) of every block, in reading order: size² tensors [1, h', w', c]. */
function blockPlaces(x: tf.Tensor4D, size: number): tf.Tensor4D[] {
  const [, h, w, c] = x.shape;
  const [rows, columns] = [Math.floor(h / size), Math.floor(w / size)];
  const whole = h % size || w % size ? x.slice([0, 0, 0, 0], [1, rows * size, columns * size, c]) : x;
  const blocks = whole.reshape([rows, size, columns, size * c]);
  const places: tf.Tensor4D[] = [];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) places.push(blocks.slice([0, i, 0, j * c], [rows, 1, columns, c]).reshape([1, rows, columns, c]));
  return places;
}

/** The inverse of `blockPlaces`; rows and columns outside any block get 0. */
function spread(places: tf.Tensor4D[], shape: number[], size: number): tf.Tensor4D {
  const [, rows, columns, c] = places[0].shape;
  const lines: tf.Tensor[] = [];
  for (let i = 0; i < size; i++) {
    const line = places.slice(i * size, (i + 1) * size).map((place) => place.reshape([rows * columns, c]));
    lines.push(tf.concat(line, 1).reshape([rows, columns * size * c]));
  }
  return padToShape(tf.concat(lines, 1).reshape([1, rows * size, columns * size, c]) as tf.Tensor4D, shape);
}

/** Zeros below and to the right, where no block reached; x itself if it has that shape already. */
function padToShape(x: tf.Tensor4D, shape: number[]): tf.Tensor4D {
  const [down, right] = [shape[1] - x.shape[1], shape[2] - x.shape[2]];
  return down || right ? tf.pad4d(x, [[0, 0], [0, down], [0, right], [0, 0]]) : x;
}
