import * as tf from "@tensorflow/tfjs";
import { activation, activationGradient } from "./costs/activation";
import { contentCost, contentGradient } from "./costs/content";
import { normalisedGram, styleCost, styleGradient } from "./costs/gram";
import { wassersteinCost, wassersteinGradient } from "./costs/wasserstein";
import type { TotalVariationKind } from "./settings";

/** A term of J at a layer. Its tensors belong to whoever made the term; evaluating borrows them. */
export type LayerTerm =
  /** ½ Σ (F − target)², target [1, h, w, n] */
  | { kind: "content"; layer: string; tap?: "after" | "before"; weight: number; target: tf.Tensor4D }
  /** ¼ Σ (G − target)², target [n, n] from `normalisedGram` */
  | { kind: "gram"; layer: string; tap?: "after" | "before"; weight: number; target: tf.Tensor2D }
  /** squared 2-Wasserstein distance over n, target [2n + 1, n] from `gaussian` */
  | { kind: "wasserstein"; layer: string; tap?: "after" | "before"; weight: number; target: tf.Tensor2D }
  /** mean of one channel; a negative weight makes it grow */
  | { kind: "activation"; layer: string; tap?: "after" | "before"; weight: number; channel: number };

/** J is the sum of weight · value over a list of terms: a choice of layers and weights is data. */
export type Term = LayerTerm | { kind: "tv"; weight: number; variation?: TotalVariationKind };

/** Whether a term compares the style at a layer, by whatever statistic. */
export const isStyle = (term: Term): term is Extract<LayerTerm, { kind: "gram" | "wasserstein" }> => term.kind === "gram" || term.kind === "wasserstein";

/** What a term has to keep between the forward and the backward walk. */
export type TermValue = {
  /** unweighted */
  value: tf.Scalar;
  saved: tf.Tensor | null;
};

/**
 * The unweighted value of a term from the features at its layer.
 * @returns a scalar, and what `termGradient` needs; the caller disposes both
 * @throws Error when the features do not fit the target
 */
export function termValue(term: LayerTerm, F: tf.Tensor4D): TermValue {
  switch (term.kind) {
    case "content":
      requireShape(term, F.shape);
      return { value: contentCost(F, term.target), saved: null };
    case "gram":
      requireShape(term, [F.shape[3], F.shape[3]]);
      return tf.tidy(() => {
        const difference = normalisedGram(F).sub(term.target) as tf.Tensor2D;
        return { value: styleCost(difference), saved: difference };
      });
    case "wasserstein":
      requireShape(term, [2 * F.shape[3] + 1, F.shape[3]]);
      return wassersteinCost(F, term.target);
    case "activation":
      if (!(term.channel >= 0 && term.channel < F.shape[3])) throw new Error(`${term.layer} has ${F.shape[3]} channels, 0 to ${F.shape[3] - 1}; there is no channel ${term.channel}.`);
      return { value: activation(F, term.channel), saved: null };
  }
}

/** The weighted gradient of a term with respect to the features at its layer, [1, h, w, n]; the caller disposes it. */
export function termGradient(term: LayerTerm, F: tf.Tensor4D, saved: tf.Tensor | null): tf.Tensor4D {
  switch (term.kind) {
    case "content": return contentGradient(F, term.target, term.weight);
    case "gram": return styleGradient(F, saved as tf.Tensor2D, term.weight);
    case "wasserstein": return wassersteinGradient(F, saved as tf.Tensor2D, term.weight);
    case "activation": return activationGradient(F, term.channel, term.weight);
  }
}

function requireShape(term: { layer: string; kind: string; target: tf.Tensor }, shape: number[]): void {
  if (term.target.shape.length !== shape.length || term.target.shape.some((n, i) => n !== shape[i]))
    throw new Error(`The ${term.kind} target at ${term.layer} has shape ${term.target.shape.join("×")}, the generated picture gives ${shape.join("×")}.`);
}
