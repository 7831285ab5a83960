/** From a share of the gradient to the weights of the two costs, and back. No DOM in here. */

/** How hard the two costs pull on one picture, for weights of 1. */
export interface UnitPulls {
  /** ‖∇J_content‖ / M: of the content cost with α · M = 1 */
  content: number;
  /** ‖∇J_style‖, with the weights of the layers as they are and β = 1 */
  style: number;
}

export interface BalanceWeights {
  alphaTimesM: number;
  beta: number;
}

/**
 * The weights at which the content cost makes up `share` of ‖α∇J_content‖ + ‖β∇J_style‖. β stays as it is and α follows;
 * at a share of 1 it is the other way about, since no α would do.
 * @param share in [0, 1]
 * @param weights of before; where one of them is 0 it is taken as `standard` says
 */
export function weightsFor(share: number, pulls: UnitPulls, weights: BalanceWeights, standard: BalanceWeights): BalanceWeights {
  if (share >= 1) return { alphaTimesM: weights.alphaTimesM || standard.alphaTimesM, beta: 0 };
  const beta = weights.beta || standard.beta;
  return { alphaTimesM: share <= 0 ? 0 : (share / (1 - share)) * ((beta * pulls.style) / pulls.content), beta };
}

/** The share of the content cost in ‖α∇J_content‖ + ‖β∇J_style‖; NaN where nothing pulls. */
export function shareOf({ alphaTimesM, beta }: BalanceWeights, pulls: UnitPulls): number {
  const content = alphaTimesM * pulls.content;
  return content / (content + beta * pulls.style);
}

/** Number of maps and of positions of a content layer. */
export interface ContentSize {
  channels: number;
  positions: number;
}

/** conv4_2 of VGG-19 for a picture of 512 × 512 pixels, as in the paper's experiments (CVPR 2016). */
export const PAPER: ContentSize = { channels: 512, positions: 64 * 64 };

/**
 * α/β as it would stand in the paper for the same weight of a single number of the layer: the content cost is a sum over
 * maps and positions, the style cost is not, so that the same α weighs more where there are more of them.
 */
export function paperRatio({ alphaTimesM, beta }: BalanceWeights, { channels }: ContentSize): number {
  return (alphaTimesM * channels) / (PAPER.channels * PAPER.positions) / beta;
}
