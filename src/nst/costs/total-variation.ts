import * as tf from "@tensorflow/tfjs";
import type { TotalVariationKind } from "../settings";
import { sumOf, sumOfSquares } from "./sum";

/** From every pixel to a neighbour: rows down, columns to the right (negative: to the left). */
type Offset = readonly [down: number, right: number];

const RIGHT: Offset = [0, 1];
const DOWN: Offset = [1, 0];
const DIAGONALS: readonly Offset[] = [[1, 1], [1, -1]];

/** The kinds that are sums of squares: offsets, and what a weight becomes before the squares of n differences. */
const SQUARES: Partial<Record<TotalVariationKind, readonly { offset: Offset; weigh: (weight: number, n: number) => number }[]>> = {
  "mean-squares": [RIGHT, DOWN].map((offset) => ({ offset, weigh: (weight, n) => weight / n })),
  "sum-squares": [RIGHT, DOWN].map((offset) => ({ offset, weigh: (weight) => weight })),
  crowson: [
    ...[RIGHT, DOWN].map((offset) => ({ offset, weigh: (weight: number, n: number) => ((2 / 3) * weight) / n })),
    ...DIAGONALS.map((offset) => ({ offset, weigh: (weight: number, n: number) => weight / 6 / n })),
  ],
};

/**
 * Total variation: how much neighbouring pixels differ. The paper has no such term; "mean-squares" does not grow with the
 * picture (as in Crowson's style-transfer-pytorch, without the diagonals).
 * @param picture [h, w, 3], pixels in [0, 1]
 * @param kind how the differences add up, see `TotalVariationKind`
 * @returns a scalar ≥ 0; the caller disposes it
 */
export function totalVariation(picture: tf.Tensor3D, kind: TotalVariationKind = "mean-squares"): tf.Scalar {
  return tf.tidy(() => {
    const squares = SQUARES[kind];
    if (squares) return add(squares.map(({ offset, weigh }) => {
      const d = differ(picture, offset);
      return d.size > 0 ? sumOfSquares(d).mul(weigh(1, d.size)) : tf.scalar(0);
    }));
    if (kind === "sum-absolute") return add([RIGHT, DOWN].map((offset) => sumOf(differ(picture, offset).abs())));
    const q = inner(picture).map((d) => d.square()).reduce((a, b) => a.add(b));
    return sumOf(kind === "sum-squares-inner" ? q : q.mul(q.sqrt().sqrt()));
  });
}

/**
 * Its gradient with respect to the picture, times a weight.
 * @returns [h, w, 3]; the caller disposes it
 */
export function totalVariationGradient(picture: tf.Tensor3D, weight: number, kind: TotalVariationKind = "mean-squares"): tf.Tensor3D {
  return tf.tidy(() => {
    let gradient: tf.Tensor3D | null = null;
    // what a difference pulls at: to the neighbour as it is, from the pixel as much
    const give = (d: tf.Tensor3D, offset: Offset): void => {
      const [neighbour, pixel] = placed(d, offset, picture.shape);
      gradient = (gradient ? gradient.add(neighbour) : neighbour).sub(pixel) as tf.Tensor3D;
    };
    const squares = SQUARES[kind];
    if (squares)
      for (const { offset, weigh } of squares) {
        const d = differ(picture, offset);
        if (d.size > 0) give(d.mul(weigh(2 * weight, d.size)), offset);
      }
    else if (kind === "sum-absolute") for (const offset of [RIGHT, DOWN]) give(differ(picture, offset).sign().mul(weight), offset);
    else {
      const [dx, dy] = inner(picture);
      // of q^1.25, q = dx² + dy²: 1.25 · q^¼ · 2·dx
      const each = kind === "sum-squares-inner" ? tf.scalar(2 * weight) : dx.square().add(dy.square()).sqrt().sqrt().mul(2.5 * weight);
      give(dx.mul(each), RIGHT);
      give(dy.mul(each), DOWN);
    }
    return gradient ?? tf.zerosLike(picture);
  });
}

/** neighbour − pixel, wherever both are in the picture. */
function differ(x: tf.Tensor3D, [down, right]: Offset): tf.Tensor3D {
  const [h, w, c] = x.shape;
  const size: [number, number, number] = [h - down, w - Math.abs(right), c];
  return x.slice([down, Math.max(0, right), 0], size).sub(x.slice([0, Math.max(0, -right), 0], size));
}

/** Differences to the right and downwards of the pixels that have both neighbours. */
function inner(x: tf.Tensor3D): [tf.Tensor3D, tf.Tensor3D] {
  const [h, w, c] = x.shape;
  const size: [number, number, number] = [h - 1, w - 1, c];
  return [differ(x, RIGHT).slice([0, 0, 0], size), differ(x, DOWN).slice([0, 0, 0], size)];
}

/** Differences at the places of the neighbours, and at those of the pixels, of a picture [h, w]; zeros elsewhere. */
function placed(d: tf.Tensor3D, [down, right]: Offset, [h, w]: number[]): [tf.Tensor3D, tf.Tensor3D] {
  const at = (row: number, column: number): tf.Tensor3D => tf.pad3d(d, [[row, h - d.shape[0] - row], [column, w - d.shape[1] - column], [0, 0]]);
  return [at(down, Math.max(0, right)), at(0, Math.max(0, -right))];
}

const add = (parts: tf.Tensor[]): tf.Scalar => parts.reduce((a, b) => a.add(b)) as tf.Scalar;
