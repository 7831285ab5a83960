import * as tf from "@tensorflow/tfjs";
import { normalisedGram } from "./costs/gram";
import { gaussian } from "./costs/wasserstein";
import { evaluateWalk } from "./evaluate";
import { featuresWalk, type FeatureOptions } from "./features";
import { finish, type WalkPart } from "./forward";
import { layerIndex, type Network } from "./network";
import { disposeOptimiser, optimiserStart, type OptimiserState, optimiserStep } from "./optimiser";
import type { LiveSettings, StyleStatistic, TransferSettings } from "./settings";
import type { Term } from "./terms";

/** What the generated picture is compared with: computed once, never in a step. Belongs to whoever asked for it. */
export interface Targets {
  /** features of the content picture by layer, [1, h, w, n] */
  content: Record<string, tf.Tensor4D>;
  /** of the style picture by layer: normalised Gram matrices, [n, n], or what `gaussian` gives, [2n + 1, n] */
  style: Record<string, tf.Tensor2D>;
}

/**
 * Features of the content picture at some layers, giving way after every layer. The caller disposes them.
 * @param picture [h, w, 3] in [0, 1]; borrowed
 */
export const contentTargets = (network: Network, picture: tf.Tensor3D, layers: readonly string[], { contentTap, ...options }: FeatureOptions & Pick<LiveSettings, "contentTap">): Generator<WalkPart, Record<string, tf.Tensor4D>> =>
  featuresWalk(network, picture, layers, { ...options, ...(contentTap && { tap: contentTap }) });

/**
 * The statistic of the style picture at some layers, giving way after every layer: normalised Gram matrices, if it is not said
 * otherwise. The caller disposes them.
 */
export function* styleTargets(network: Network, picture: tf.Tensor3D, layers: readonly string[], { styleStatistic = "gram", ...options }: FeatureOptions & { styleStatistic?: StyleStatistic }): Generator<WalkPart, Record<string, tf.Tensor2D>> {
  const maps = yield* featuresWalk(network, picture, layers, options);
  try {
    return Object.fromEntries(Object.entries(maps).map(([layer, F]) => [layer, styleStatistic === "gram" ? normalisedGram(F) : gaussian(F)]));
  } finally {
    tf.dispose(maps);
  }
}

export function disposeTargets(targets: Targets): void {
  tf.dispose([Object.values(targets.content), Object.values(targets.style)]);
}

/**
 * The terms of J = α·J_content + β·Σ w_l·E_l + tv·TV (or the Wasserstein distance in E_l's place), in this order: content, style layers in the network's order, TV.
 * Terms of weight 0 are kept, so that their value can still be followed.
 * @param targets must hold the layers that the settings name
 */
export function transferTerms(network: Network, settings: LiveSettings & Pick<TransferSettings, "tap">, targets: Targets): Term[] {
  const { contentLayer, tap, contentTap = tap, styleStatistic: kind = "gram" } = settings;
  const terms: Term[] = [];
  if (contentLayer !== null) {
    const target = targets.content[contentLayer];
    const positions = target.shape[1] * target.shape[2];
    terms.push({ kind: "content", layer: contentLayer, tap: contentTap, weight: settings.alphaTimesM / positions, target });
  }
  for (const layer of styleLayersInOrder(network, settings)) {
    terms.push({ kind, layer, tap, weight: settings.beta * settings.styleLayers[layer], target: targets.style[layer] });
  }
  terms.push({ kind: "tv", weight: settings.totalVariation, variation: settings.totalVariationKind });
  return terms;
}

/** The style layers that the settings name, from the first to the deepest. */
export function styleLayersInOrder(network: Network, { styleLayers }: Pick<TransferSettings, "styleLayers">): string[] {
  return Object.keys(styleLayers).sort((a, b) => layerIndex(network, a) - layerIndex(network, b));
}

/** The generated picture and its optimiser between two steps. Belongs to the run. */
export type TransferState = {
  /** [h, w, 3] in [0, 1] */
  picture: tf.Tensor3D;
  /** steps done */
  step: number;
  optimiser: OptimiserState;
};

/**
 * A state before the first step. Its optimiser is a fresh Adam; another one begins afresh with the first step.
 * @param picture [h, w, 3] in [0, 1]; taken over by the state
 */
export function transferStart(picture: tf.Tensor3D): TransferState {
  return { picture, step: 0, optimiser: optimiserStart("adam", picture.shape) };
}

/**
 * One step: costs and gradient of the picture as it is, optimiser, clip to valid pixels. Gives way after every layer.
 * @param state borrowed
 * @returns the unweighted costs of the picture BEFORE the step, one a term, followed by the mean of |gradient| (not finite
 *   when a weight was too much for float32); and the state after the step. The caller disposes both
 */
export function* transferStepWalk(network: Network, state: TransferState, terms: readonly Term[], settings: Pick<TransferSettings, "pooling" | "optimiser">): Generator<WalkPart, { values: tf.Tensor1D; state: TransferState }> {
  const { values: costs, gradient } = yield* evaluateWalk(network, state.picture, terms, { pooling: settings.pooling });
  try {
    return tf.tidy(() => {
      const { parameter, state: optimiser } = optimiserStep(state.picture, gradient!, state.optimiser, settings.optimiser);
      const values = tf.concat([costs, gradient!.abs().mean().reshape([1])]) as tf.Tensor1D;
      return { values, state: { picture: parameter.clipByValue(0, 1) as tf.Tensor3D, step: state.step + 1, optimiser } };
    });
  } finally {
    tf.dispose([costs, gradient!]);
  }
}

/** As `transferStepWalk`, in one go. */
export function transferStep(network: Network, state: TransferState, terms: readonly Term[], settings: Pick<TransferSettings, "pooling" | "optimiser">): { values: tf.Tensor1D; state: TransferState } {
  return finish(transferStepWalk(network, state, terms, settings));
}

export function disposeTransfer(state: TransferState): void {
  state.picture.dispose();
  disposeOptimiser(state.optimiser);
}
