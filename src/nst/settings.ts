import type { OptimiserOptions } from "./model-card";

export type Pooling = "average" | "maximum";

/** Weight w_l by layer name (Keras names, `block1_conv1`). A layer that is not named does not count. */
export type LayerWeights = Record<string, number>;

/**
 * What the generated picture starts from. `noise` in [0, 1]: the share of noise in a blend with the content picture.
 * "style": the style picture, cut in the middle to the content picture's shape and resized.
 */
export type Initialisation = { kind: "content" } | { kind: "noise" } | { kind: "blend"; noise: number } | { kind: "style" };

/**
 * How differences between neighbouring pixels in [0, 1] add up; Δx, Δy: to the right and down, over all places and colours.
 * "mean-squares": mean Δx² + mean Δy². "sum-squares": Σ Δx² + Σ Δy². "sum-absolute": Σ |Δx| + Σ |Δy|.
 * "sum-squares-inner": Σ (Δx² + Δy²) over the pixels that have both neighbours (Johnson's neural-style).
 * "sum-power-1.25": Σ (Δx² + Δy²)^1.25 over the same (keras.io). "crowson": ⅔·(mean Δx² + mean Δy²) + ⅙·(mean Δ↘² + mean Δ↙²).
 */
export type TotalVariationKind = "mean-squares" | "sum-squares" | "sum-squares-inner" | "sum-absolute" | "sum-power-1.25" | "crowson";

/**
 * What is compared at a style layer. "gram": Gram matrices, E_l. "wasserstein": the squared 2-Wasserstein distance of two
 * Gaussians with the maps' means and covariances, divided by the number of channels (Crowson's style-transfer-pytorch).
 */
export type StyleStatistic = "gram" | "wasserstein";

/** Everything a run can be told, as plain data. Units and formulas: J = α·J_content + β·J_style + tv·TV. */
export interface TransferSettings {
  pooling: Pooling;
  /** null: no content cost (texture synthesis) */
  contentLayer: string | null;
  styleLayers: LayerWeights;
  /** taps read a layer's numbers after its ReLU (as the paper does) or before it */
  tap: "after" | "before";
  /** α = alphaTimesM / M with M = H·W of the content layer */
  alphaTimesM: number;
  beta: number;
  /** where the content layer is read; without it, as `tap` says */
  contentTap?: "after" | "before";
  /** without it "gram" */
  styleStatistic?: StyleStatistic;
  /** weight of the total variation */
  totalVariation: number;
  /** without it "mean-squares" */
  totalVariationKind?: TotalVariationKind;
  initialisation: Initialisation;
  /** seed of the noise, a whole number ≥ 0 */
  seed: number;
  /** longer side of the generated picture, in pixels */
  size: number;
  steps: number;
  optimiser: OptimiserOptions;
}

/** The part of the settings that can change while a run is going; the rest needs a new start. */
export type LiveSettings = Pick<TransferSettings, "contentLayer" | "styleLayers" | "alphaTimesM" | "beta" | "totalVariation" | "steps" | "optimiser" | "contentTap" | "totalVariationKind" | "styleStatistic">;
