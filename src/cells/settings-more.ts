/** In words, what settings say beyond the controls of the settings cell. Pure. */
import { formatNumber } from "./numbers";
import type { ChoiceName, Chosen } from "./transfer-settings";

/** Choices that are attributes only. */
export const MORE = ["beta1", "beta2", "epsilon", "epsilonPlace", "momentum", "decayRate", "decayEvery", "history", "contentTap", "styleStatistic", "totalVariationKind"] as const satisfies readonly ChoiceName[];

const VARIATIONS: Record<Chosen["totalVariationKind"], string> = {
  "mean-squares": "total variation as means of squares",
  "sum-squares": "total variation as a sum of squares",
  "sum-squares-inner": "total variation as a sum of squares, last row and column left out",
  "sum-absolute": "total variation as a sum of absolute differences",
  "sum-power-1.25": "total variation as a sum of squared differences to the power 1.25",
  crowson: "total variation as means of squares, diagonals included",
};

/**
 * One text for each of the choices without a control that differ from the usual. What has no effect (Adam's ε beside another
 * optimiser) is left out.
 */
export function moreTexts(chosen: Chosen, standard: Chosen): string[] {
  const texts: Record<(typeof MORE)[number], string> = {
    beta1: `β₁ = ${chosen.beta1}`,
    beta2: `β₂ = ${chosen.beta2}`,
    epsilon: `ε = ${formatNumber(chosen.epsilon)}`,
    epsilonPlace: chosen.epsilonPlace === "pytorch" ? "ε added after the bias correction, as in PyTorch" : "ε added before the bias correction, as in Keras",
    momentum: `momentum ${chosen.momentum}`,
    decayRate: `the learning rate times ${chosen.decayRate} every ${formatNumber(chosen.decayEvery)} steps`,
    decayEvery: "",
    history: `L-BFGS remembers ${formatNumber(chosen.history)} steps`,
    contentTap: `the content layer is read ${chosen.contentTap} its ReLU`,
    styleStatistic: "style by the Wasserstein distance of means and covariances, in place of Gram matrices",
    totalVariationKind: VARIATIONS[chosen.totalVariationKind],
  };
  const of: Partial<Record<ChoiceName, Chosen["optimiser"]>> = { beta1: "adam", beta2: "adam", epsilon: "adam", epsilonPlace: "adam", momentum: "descent", decayRate: "descent", history: "lbfgs" };
  return MORE.filter((name) => chosen[name] !== standard[name] && texts[name] !== "" && (of[name] ?? chosen.optimiser) === chosen.optimiser).map((name) => texts[name]);
}
