import type { AdamOptions } from "./model-card";

export type Pooling = "average" | "maximum";

/** Weight w_l by layer name (Keras names, `block1_conv1`). A layer that is not named does not count. */
export type LayerWeights = Record<string, number>;

/**
 * What the generated picture starts from. `noise` in [0, 1]: the share of noise in a blend with the content picture.
 * "style": the style picture, cut in the middle to the content picture's shape and resized.
 */
export type Initialisation = { kind: "content" } | { kind: "noise" } | { kind: "blend"; noise: number } | { kind: "style" };

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
  /** weight of mean squared horizontal + mean squared vertical neighbour difference, pixels in [0, 1] */
  totalVariation: number;
  initialisation: Initialisation;
  /** seed of the noise, a whole number ≥ 0 */
  seed: number;
  /** longer side of the generated picture, in pixels */
  size: number;
  steps: number;
  optimiser: AdamOptions;
}

/** The part of the settings that can change while a run is going; the rest needs a new start. */
export type LiveSettings = Pick<TransferSettings, "contentLayer" | "styleLayers" | "alphaTimesM" | "beta" | "totalVariation" | "steps" | "optimiser">;
