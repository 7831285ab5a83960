/** A picture that excites one channel, made from noise by gradient ascent. */
import * as tf from "@tensorflow/tfjs";
import { evaluateWalk } from "./evaluate";
import type { WalkPart } from "./forward";
import type { Network } from "./network";
import { optimiserStep } from "./optimiser";
import { mulberry32 } from "./random";
import type { Pooling } from "./settings";
import type { Term } from "./terms";
import { transferStart, type TransferState } from "./transfer";

export interface AscentSettings {
  layer: string;
  /** 0 … n−1 */
  channel: number;
  /** of the noise and of the jitter, a whole number ≥ 0 */
  seed: number;
  /** Adam's, in units of pixels in [0, 1]; 0.02 does */
  learningRate: number;
  /** weight of the total variation beside the logarithm of the activation; 0 gives grains, 3 to 10 shapes */
  totalVariation: number;
  pooling?: Pooling;
}

/** How far the noise at the start strays from grey. */
const NOISE = 0.05;
/** The picture is moved by up to this many pixels in a step. */
const JITTER = 4;
/** Sides of the blocks over which the gradient is averaged as well. */
const SMOOTHING = [2, 4];
/** Below this mean activation a channel counts as silent. */
const SILENT = 1e-6;
const OPTIMISER = { kind: "adam", beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const;

/** Grey with a little noise, [size, size, 3]. The caller disposes the state. */
export function ascentStart(size: number, seed: number): TransferState {
  return transferStart(tf.randomUniform<tf.Rank.R3>([size, size, 3], 0.5 - NOISE, 0.5 + NOISE, "float32", seed));
}

/**
 * What an ascent descends on: −log a + tv·TV, with a the mean activation of the channel over all positions (Erhan et al.
 * 2009). The logarithm, because activations of one layer are thousands of times those of another, and one weight of the
 * total variation shall do for all. A ReLU that lets nothing through has no gradient: while the channel is silent, the
 * mean of its numbers before the ReLU is raised instead.
 * @param activation a, as far as it is known: that of the step before
 * @returns terms whose first value is a
 */
export function ascentTerms({ layer, channel, totalVariation }: AscentSettings, activation: number): Term[] {
  const silent = !(activation > SILENT);
  return [
    { kind: "activation", layer, channel, weight: silent ? 0 : -1 / activation },
    { kind: "activation", layer, channel, tap: "before", weight: silent ? -1 : 0 },
    { kind: "tv", weight: totalVariation },
  ];
}

/**
 * One step of Adam on `ascentTerms`, clipped to [0, 1]. Two things are done to the picture that the formula does not say,
 * both against the fine grain that networks answer to and people do not see (Olah et al. 2017, “Feature Visualization”):
 * it is moved by a few random pixels before it is read, and the gradient is smoothed, g + √2·g₂ + √4·g₄ with gₖ the
 * gradient averaged over k × k pixels, so that broad changes come faster than fine ones. Where it goes uphill
 * stays the same: the smoothing is a preconditioner.
 * @param state borrowed
 * @param activation as for `ascentTerms`
 * @returns the values of the terms for the picture BEFORE the step, and the state after it. The caller disposes both
 */
export function* ascentStepWalk(network: Network, state: TransferState, settings: AscentSettings, activation: number): Generator<WalkPart, { values: tf.Tensor1D; state: TransferState }> {
  const random = mulberry32(settings.seed * 65537 + state.step);
  const [down, right] = [random(), random()].map((r) => Math.floor(r * (2 * JITTER + 1)) - JITTER);
  const moved = move(state.picture, down, right);
  try {
    const { values, gradient } = yield* evaluateWalk(network, moved, ascentTerms(settings, activation), { pooling: settings.pooling });
    try {
      const next = tf.tidy(() => {
        const { parameter, state: optimiser } = optimiserStep(state.picture, smooth(move(gradient!, -down, -right)), state.optimiser, { ...OPTIMISER, learningRate: settings.learningRate });
        return { picture: parameter.clipByValue(0, 1) as tf.Tensor3D, step: state.step + 1, optimiser };
      });
      return { values: values.clone(), state: next };
    } finally {
      tf.dispose([values, gradient!]);
    }
  } finally {
    moved.dispose();
  }
}

/** Moved down and to the right; what leaves at one side comes in at the other. The caller disposes the result. */
function move(x: tf.Tensor3D, down: number, right: number): tf.Tensor3D {
  const [h, w, c] = x.shape;
  return tf.tidy(() => {
    const y = ((down % h) + h) % h;
    const rows = y === 0 ? x : tf.concat([x.slice([h - y, 0, 0], [y, w, c]), x.slice([0, 0, 0], [h - y, w, c])], 0);
    const left = ((right % w) + w) % w;
    return left === 0 ? rows.clone() : tf.concat([rows.slice([0, w - left, 0], [h, left, c]), rows.slice([0, 0, 0], [h, w - left, c])], 1);
  });
}

function smooth(gradient: tf.Tensor3D): tf.Tensor3D {
  const [h, w] = gradient.shape;
  return tf.tidy(() => SMOOTHING.reduce((sum, side) => {
    const blocks = tf.avgPool(gradient, side, side, "same") as tf.Tensor3D;
    return sum.add(tf.image.resizeBilinear(blocks, [h, w], false, true).mul(Math.sqrt(side))) as tf.Tensor3D;
  }, gradient));
}
