import * as tf from "@tensorflow/tfjs";
import { sideAfter } from "../layer-window";
import { blockPlaces, spread } from "./blocks";
import { fitToShape } from "./pad";

/** Squares of size × size, `stride` ≤ size apart. With `ceil` the last ones may reach beyond the border. */
export interface Windows {
  size: number;
  stride: number;
  ceil: boolean;
}

/** Below every number that a network computes; −∞ itself is not the same on every backend. */
export const LEAST = -3e38;

/** Whether every number lies in one window at most, and windows inside the picture. */
export const onePerBlock = ({ size, stride, ceil }: Windows): boolean => size === stride && !ceil;

const windowsAlong = (windows: Windows, side: number): number => sideAfter({ ...windows, padding: 0 }, side);

/** [1, rows, columns, c]: how far the windows reach together; may be more or less than x has. */
export function reachOf([, h, w, c]: readonly number[], windows: Windows): number[] {
  const reach = (side: number) => (windowsAlong(windows, side) - 1) * windows.stride + windows.size;
  return [1, reach(h), reach(w), c];
}

/** Positions of every window that lie inside the picture, [1, h', w', 1]. @param shape of x, [1, h, w, c] */
export function windowCounts([, h, w]: readonly number[], windows: Windows): tf.Tensor4D {
  const along = (side: number) => Array.from({ length: windowsAlong(windows, side) }, (_, i) => Math.min(windows.size, side - i * windows.stride));
  const [rows, columns] = [along(h), along(w)];
  return tf.tensor4d(rows.flatMap((r) => columns.map((c) => r * c)), [1, rows.length, columns.length, 1]);
}

/**
 * Gradient of average pooling where windows overlap: a number gets its share from each window that it lies in.
 * @param dy [1, h', w', c]
 * @param shape of x, [1, h, w, c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function overlappingAverageBackward(dy: tf.Tensor4D, shape: readonly number[], windows: Windows): tf.Tensor4D {
  return tf.tidy(() => {
    const share = dy.div(windowCounts(shape, windows)) as tf.Tensor4D;
    const sums = new PlaceSums(windows, dy.shape);
    for (const place of placesOf(windows)) sums.add(place, share);
    share.dispose();
    return sums.put(shape);
  });
}

/**
 * Gradient of maximum pooling where windows overlap: the first maximum of each window, in reading order, gets its dy.
 * @param dy [1, h', w', c]
 * @param x what was pooled, [1, h, w, c]
 * @param y the maxima, [1, h', w', c]
 * @returns dx [1, h, w, c]; the caller disposes it
 */
export function overlappingMaximumBackward(dy: tf.Tensor4D, x: tf.Tensor4D, y: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  return tf.tidy(() => {
    const { stride } = windows;
    const sums = new PlaceSums(windows, dy.shape);
    const whole = fitToShape(x, sums.shape, { value: LEAST });
    const blocks = blockPlaces(whole, stride);
    whole.dispose();
    const places = placesOf(windows);
    // what is left to hand out: the first maximum takes all of it
    let left = dy.clone();
    for (const place of places) {
      const part = tf.tidy(() => {
        const numbers = blocks[place.phase].slice([0, place.row, place.column, 0], dy.shape);
        return left.mul(tf.cast(tf.equal(numbers, y), "float32")) as tf.Tensor4D;
      });
      sums.add(place, part);
      const rest = left.sub(part) as tf.Tensor4D;
      tf.dispose([left, part]);
      left = rest;
    }
    tf.dispose([left, blocks]);
    return sums.put(x.shape);
  });
}

/** A place in a window: which of the stride² numbers of a block it is, so many blocks further down and to the right. */
interface Place {
  phase: number;
  row: number;
  column: number;
}

/** Every place of a window, in reading order. */
function placesOf({ size, stride }: Windows): Place[] {
  return Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    return { phase: (i % stride) * stride + (j % stride), row: Math.floor(i / stride), column: Math.floor(j / stride) };
  });
}

/**
 * Adds up what windows give to the numbers that they lie over. The picture is taken apart into blocks of stride × stride:
 * the numbers at the same place of every block make a map, to which a whole map of windows is added at once, shifted by
 * whole blocks.
 */
class PlaceSums {
  /** [1, rows, columns, c] of all blocks put together */
  readonly shape: number[];
  private readonly maps: (tf.Tensor4D | null)[];
  /** blocks that a window reaches into beyond its first, along either axis */
  private readonly further: number;

  /** @param windows a map of windows, [1, h', w', c] */
  constructor({ size, stride }: Windows, [, rows, columns, c]: readonly number[]) {
    this.further = Math.ceil(size / stride) - 1;
    this.shape = [1, (rows + this.further) * stride, (columns + this.further) * stride, c];
    this.maps = Array<tf.Tensor4D | null>(stride * stride).fill(null);
  }

  /** @param part what each window gives to its number at that place, [1, h', w', c]; borrowed */
  add({ phase, row, column }: Place, part: tf.Tensor4D): void {
    const before = this.maps[phase];
    this.maps[phase] = tf.tidy(() => {
      const shifted: tf.Tensor4D = tf.pad4d(part, [[0, 0], [row, this.further - row], [column, this.further - column], [0, 0]]);
      return before ? tf.add<tf.Tensor4D>(before, shifted) : shifted;
    });
    before?.dispose();
  }

  /** @returns the sums in their places, cut or filled with 0 to that shape */
  put(shape: readonly number[]): tf.Tensor4D {
    const stride = Math.sqrt(this.maps.length);
    const whole = spread(this.maps as tf.Tensor4D[], this.shape, stride);
    tf.dispose(this.maps as tf.Tensor4D[]);
    return fitToShape(whole, shape);
  }
}
