import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import { positions } from "../nst/positions";
import type { LayerWeights, TransferSettings } from "../nst/settings";
import { formatNumber } from "./numbers";

/** Some settings that belong together, in words. */
export interface SettingsLine {
  /** what they are about */
  name: "content" | "style" | "picture" | "network" | "optimiser";
  text: string;
}

/** All settings of a run in a few lines, each a phrase. */
export function settingsLines(settings: TransferSettings, card: ModelCard, { width, height }: { width: number; height: number }): SettingsLine[] {
  const { pooling, tap, totalVariation, steps } = settings;
  return [
    { name: "content", text: contentText(settings, card, width, height) },
    { name: "style", text: styleText(settings) },
    { name: "picture", text: [startText(settings), totalVariation > 0 ? `total variation τ = ${formatNumber(totalVariation)}` : "no total variation"].join(", ") },
    { name: "network", text: `${pooling} pooling, layers read ${tap} the ReLU` },
    { name: "optimiser", text: `${optimiserText(settings)}, ${formatNumber(steps)} ${steps === 1 ? "step" : "steps"}` },
  ];
}

function contentText({ contentLayer, alphaTimesM }: TransferSettings, card: ModelCard, width: number, height: number): string {
  if (contentLayer === null) return "no layer: a texture";
  const m = card.layers.some(({ name }) => name === contentLayer) ? positions(card, contentLayer, width, height) : 0;
  return `${paperName(contentLayer)}, α · M = ${formatNumber(alphaTimesM)}${m > 0 ? ` (α = ${formatNumber(alphaTimesM / m)})` : ""}`;
}

function styleText({ styleLayers, beta }: TransferSettings): string {
  const layers = weightsText(styleLayers);
  return layers === "" ? "no layer: content alone" : `${layers}, β = ${formatNumber(beta)}`;
}

/** Style layers that count, with their weights: "conv1_1, conv2_1, each 0.5", "conv1 0.4, fire2 0.2"; "" for none. */
export function weightsText(styleLayers: LayerWeights): string {
  const layers = Object.entries(styleLayers).filter(([, weight]) => weight !== 0);
  if (layers.length === 0) return "";
  const [[, first]] = layers;
  if (!layers.every(([, weight]) => weight === first)) return layers.map(([layer, weight]) => `${paperName(layer)} ${formatNumber(weight)}`).join(", ");
  return `${layers.map(([layer]) => paperName(layer)).join(", ")}${layers.length > 1 ? ", each" : ","} ${formatNumber(first)}`;
}

function startText({ initialisation, seed }: TransferSettings): string {
  const { kind } = initialisation;
  if (kind === "noise") return `starts from noise, seed ${seed}`;
  return kind === "blend" ? `starts from the content picture with ${formatNumber(initialisation.noise * 100)} % noise, seed ${seed}` : `starts from the ${kind} picture`;
}

function optimiserText({ optimiser }: TransferSettings): string {
  const name = { adam: "Adam", descent: "gradient descent", lbfgs: "L-BFGS" }[optimiser.kind];
  return `${name}, learning rate ${formatNumber(optimiser.learningRate)}`;
}
