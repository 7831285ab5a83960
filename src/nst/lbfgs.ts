import * as tf from "@tensorflow/tfjs";
import { sumOf } from "./costs/sum";
import type { LbfgsOptions } from "./model-card";

/** A step that was made and what it did to the gradient; with others it tells how J curves. */
export type CurvaturePair = {
  /** what was added to the parameter, before clipping, [h, w, 3] */
  move: tf.Tensor3D;
  /** by how much the gradient changed, [h, w, 3] */
  change: tf.Tensor3D;
  /** 1 / (change · move), or 0: the pair does not count, because along this move the gradient did not grow */
  inverse: tf.Scalar;
};

/** What L-BFGS remembers: 2 · history + 2 pictures. */
export type LbfgsState = {
  /** steps done since it was fresh */
  step: number;
  /** not there before the first step */
  last?: {
    /** before the last step, [h, w, 3] */
    gradient: tf.Tensor3D;
    /** the last step, before clipping, [h, w, 3] */
    move: tf.Tensor3D;
    /** (change · move) / (change · change) of the newest pair that counts: by how much a gradient is multiplied at first */
    scale: tf.Scalar;
  };
  /** oldest first */
  pairs: CurvaturePair[];
};

/** A pair counts when the cosine between move and change is above this: below it is rounding, not curvature. */
const LEAST_COSINE = 1e-10;

/** While no pair has counted, a step is at least so many times as long as the one before … */
const GROWTH = 4;
/** … and changes a number by this much in the mean at most. */
const FARTHEST = 0.1;

/** @returns a state that remembers nothing */
export function lbfgsStart(): LbfgsState {
  return { step: 0, pairs: [] };
}

/**
 * One step of L-BFGS (Nocedal 1980, two-loop recursion): pure, nothing is changed in place. As torch.optim.LBFGS without a
 * line search and with one evaluation a step (max_iter = 1): the first step is min(1, 1 / Σ|g|) · learningRate · g long, later ones
 * learningRate times what the recursion gives, and learningRate · g while no pair has counted. Three things differ, so that it also
 * works where J is a million times as large or as small: whether a pair counts is asked of its cosine, not of change · move >
 * 10⁻¹⁰; a step along g alone changes a number by 0.1 in the mean at most, and is at least four times as long as the one before;
 * and nothing ends the descent early. No number is read from the device: what does not count is multiplied by 0.
 * @param parameter [h, w, 3]; borrowed, as are gradient and state
 * @returns the new parameter (not clipped) and the new state; the caller disposes both
 */
export function lbfgsStep(parameter: tf.Tensor3D, gradient: tf.Tensor3D, state: LbfgsState, { learningRate, history }: LbfgsOptions): { parameter: tf.Tensor3D; state: LbfgsState } {
  return tf.tidy(() => {
    const { last } = state;
    // copies share their numbers with the state's own
    const pairs: CurvaturePair[] = state.pairs.map(({ move, change, inverse }) => ({ move: move.clone(), change: change.clone(), inverse: inverse.clone() }));
    const size = sumOf(gradient.abs());
    let scale = tf.minimum(1, tf.div(1, size)) as tf.Scalar;
    if (last) {
      const newest = pairOf(last.move, gradient.sub(last.gradient));
      const counted = pairs.reduce((sum, { inverse }) => sum.add(inverse), tf.scalar(0)).greater(0);
      const alone = tf.minimum(tf.maximum(1, last.scale.mul(GROWTH)), tf.div(FARTHEST * gradient.size, size));
      scale = tf.where(newest.counts, newest.scale, tf.where(counted, last.scale, alone)) as tf.Scalar;
      pairs.push(newest.pair);
      pairs.splice(0, Math.max(0, pairs.length - history));
    }
    const move = descentDirection(gradient, pairs, scale).mul(learningRate) as tf.Tensor3D;
    return { parameter: parameter.add(move) as tf.Tensor3D, state: { step: state.step + 1, last: { gradient: gradient.clone(), move, scale }, pairs } };
  });
}

/** The newest pair, whether it counts, and the scale if it does. */
function pairOf(moved: tf.Tensor3D, change: tf.Tensor3D): { pair: CurvaturePair; counts: tf.Scalar; scale: tf.Scalar } {
  const [along, changes, moves] = [dot(change, moved), dot(change, change), dot(moved, moved)];
  const counts = along.greater(tf.sqrt(changes).mul(tf.sqrt(moves)).mul(LEAST_COSINE)) as tf.Scalar;
  const inverse = tf.where(counts, tf.div(1, along), tf.scalar(0)) as tf.Scalar;
  return { pair: { move: moved.clone(), change, inverse }, counts, scale: along.div(changes) as tf.Scalar };
}

/** −H · gradient, H being the inverse of the curvature as the pairs tell it. */
function descentDirection(gradient: tf.Tensor3D, pairs: readonly CurvaturePair[], scale: tf.Scalar): tf.Tensor3D {
  const shares: tf.Scalar[] = [];
  let q = gradient.neg() as tf.Tensor3D;
  for (const [i, { move, change, inverse }] of [...pairs.entries()].reverse()) {
    shares[i] = dot(move, q).mul(inverse) as tf.Scalar;
    q = q.sub(change.mul(shares[i])) as tf.Tensor3D;
  }
  q = q.mul(scale) as tf.Tensor3D;
  pairs.forEach(({ move, change, inverse }, i) => {
    const share = dot(change, q).mul(inverse);
    q = q.add(move.mul(shares[i].sub(share))) as tf.Tensor3D;
  });
  return q;
}

const dot = (a: tf.Tensor3D, b: tf.Tensor3D): tf.Scalar => sumOf(a.mul(b));

export function disposeLbfgs({ last, pairs }: LbfgsState): void {
  if (last) tf.dispose([last.gradient, last.move, last.scale]);
  for (const { move, change, inverse } of pairs) tf.dispose([move, change, inverse]);
}
