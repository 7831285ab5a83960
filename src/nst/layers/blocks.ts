import * as tf from "@tensorflow/tfjs";
import { padToShape } from "./pad";

/**
 * Numbers at the same place of every block of size × size.
 * @param x [1, h, w, c]; rows and columns outside any block are left out
 * @returns of place (i, j), in reading order: size² tensors [1, ⌊h/size⌋, ⌊w/size⌋, c]
 */
export function blockPlaces(x: tf.Tensor4D, size: number): tf.Tensor4D[] {
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
export function spread(places: tf.Tensor4D[], shape: number[], size: number): tf.Tensor4D {
  const [, rows, columns, c] = places[0].shape;
  const lines: tf.Tensor[] = [];
  for (let i = 0; i < size; i++) {
    const line = places.slice(i * size, (i + 1) * size).map((place) => place.reshape([rows * columns, c]));
    lines.push(tf.concat(line, 1).reshape([rows, columns * size * c]));
  }
  return padToShape(tf.concat(lines, 1).reshape([1, rows * size, columns * size, c]) as tf.Tensor4D, shape);
}
