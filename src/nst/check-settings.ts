import { featureLayers } from "./feature-layers";
import type { ModelCard } from "./model-card";
import type { TransferSettings } from "./settings";

/** What stands against a run (`errors`), and what a person will want to know before it starts (`warnings`): whole sentences. */
export interface SettingsReport {
  errors: string[];
  warnings: string[];
}

/** Sizes in pixels that are computed; below the first, the deepest layers have hardly a position left. */
const SIZES = { min: 32, max: 1024 };

/** Adam squares the gradient: a weight beyond this can carry the square past the largest 32-bit float, 3.4·10³⁸. */
const OVERFLOW = 1e15;

/** Steps that L-BFGS can be told to remember: each needs twice the memory of the picture. */
const MOST_HISTORY = 100;

/** A weight this many times the recommended one, or this fraction of it, is worth a word. */
const FAR = 1e6;

/**
 * Says what is wrong with settings for a network, and what is merely odd. Odd settings run: trying them is a way to learn.
 * Pure: no tensors, no DOM.
 * @param settings what a run would be told
 * @param card the network's card: its layers and the recommended numbers against which "odd" is measured
 */
export function checkSettings(settings: TransferSettings, card: ModelCard): SettingsReport {
  const report: SettingsReport = { errors: [], warnings: [] };
  checkNumbers(settings, report);
  checkLayers(settings, card, report);
  checkTerms(settings, report);
  if (report.errors.length === 0) checkProportions(settings, card, report);
  return report;
}

function checkNumbers(s: TransferSettings, { errors, warnings }: SettingsReport): void {
  const weights: [string, number][] = [["α·M", s.alphaTimesM], ["β", s.beta], ["The weight of total variation", s.totalVariation]];
  for (const [layer, weight] of Object.entries(s.styleLayers)) weights.push([`The weight of ${layer}`, weight]);
  for (const [name, value] of weights) {
    if (!Number.isFinite(value)) errors.push(`${name} is ${value}; it should be a number.`);
    else if (value < 0) errors.push(`${name} is ${value}; below 0 the picture would be driven away from the target without end. Use 0 to leave the term out.`);
    else if (value > OVERFLOW) warnings.push(`${name} = ${short(value)}: the cost or the square of its gradient may overflow 32-bit numbers (3.4e38).`);
  }

  if (!Number.isSafeInteger(s.size)) errors.push(`The size is ${s.size}; it should be a whole number of pixels.`);
  else if (s.size < SIZES.min) errors.push(`A size of ${s.size} px is too small: the deep layers would have hardly a position left. Use at least ${SIZES.min} px.`);
  else if (s.size > SIZES.max) errors.push(`A size of ${s.size} px is too large for a browser's memory. Use at most ${SIZES.max} px.`);

  if (!Number.isSafeInteger(s.steps)) errors.push(`The number of steps is ${s.steps}; it should be a whole number.`);
  else if (s.steps < 1) errors.push(`With ${s.steps} steps the picture stays what it starts from. Use at least 1 step.`);
  else if (s.steps > 10_000) warnings.push(`${s.steps} steps: most pictures change little after a thousand.`);

  if (!Number.isSafeInteger(s.seed) || s.seed < 0) errors.push(`The seed is ${s.seed}; it should be a whole number, 0 or more.`);
  if (s.initialisation.kind === "blend" && !(s.initialisation.noise >= 0 && s.initialisation.noise <= 1))
    errors.push(`The share of noise is ${s.initialisation.noise}; it should be between 0 (only the content picture) and 1 (only noise).`);
  checkOptimiser(s, { errors, warnings });
}

function checkOptimiser({ optimiser: o }: TransferSettings, { errors, warnings }: SettingsReport): void {
  if (!Number.isFinite(o.learningRate) || o.learningRate < 0) errors.push(`The learning rate is ${o.learningRate}; it should be a number above 0.`);
  else if (o.learningRate === 0) errors.push("With a learning rate of 0 the picture never changes.");
  else if (o.kind === "adam" && o.learningRate > 0.5) warnings.push(`Learning rate ${short(o.learningRate)}: pixels run from 0 to 1, so that a step takes many of them from black to white at once.`);
  switch (o.kind) {
    case "adam":
      for (const [name, value] of [["β₁", o.beta1], ["β₂", o.beta2]] as const)
        if (!(value >= 0 && value < 1)) errors.push(`Adam's ${name} is ${value}; it should be at least 0 and below 1.`);
      if (!(o.epsilon > 0) || !Number.isFinite(o.epsilon)) errors.push(`Adam's ε is ${o.epsilon}; it should be a number above 0.`);
      break;
    case "descent":
      if (o.momentum !== undefined && !(o.momentum >= 0 && o.momentum < 1)) errors.push(`The momentum is ${o.momentum}; it should be at least 0 and below 1.`);
      if (o.decay && !(o.decay.rate > 0 && o.decay.rate <= 1)) errors.push(`The learning rate decays by a factor of ${o.decay.rate}; it should be above 0 and at most 1.`);
      if (o.decay && !(o.decay.every > 0 && Number.isFinite(o.decay.every))) errors.push(`The learning rate decays every ${o.decay.every} steps; it should be a number above 0.`);
      break;
    case "lbfgs":
      if (!(Number.isSafeInteger(o.history) && o.history >= 1 && o.history <= MOST_HISTORY)) errors.push(`L-BFGS is to remember ${o.history} steps; it should be a whole number from 1 to ${MOST_HISTORY}.`);
  }
}

function checkLayers(s: TransferSettings, card: ModelCard, { errors }: SettingsReport): void {
  const known = new Map(card.layers.map((layer) => [layer.name, layer]));
  const unknown = (role: string, name: string) =>
    errors.push(`${role} "${name}" is no layer of ${card.title}. It has ${featureLayers(card).map((l) => l.name).join(", ")}.`);
  if (s.contentLayer !== null && !known.has(s.contentLayer)) unknown("The content layer", s.contentLayer);
  for (const name of Object.keys(s.styleLayers)) if (!known.has(name)) unknown("The style layer", name);
}

function checkTerms(s: TransferSettings, { errors, warnings }: SettingsReport): void {
  const content = s.contentLayer !== null && s.alphaTimesM !== 0;
  const chosen = Object.values(s.styleLayers).some((weight) => weight !== 0);
  const style = chosen && s.beta !== 0;
  if (!content && !style) {
    if (s.contentLayer === null && !chosen) errors.push("Neither a content layer nor a style layer is chosen: there is nothing to minimise. Choose at least one.");
    else if (s.alphaTimesM === 0 && s.beta === 0) errors.push("α and β are both 0: there is nothing to minimise. Give one of them a weight.");
    else errors.push("No term of the cost is left: what is chosen has the weight 0. Choose a layer for the term that has a weight, or give a weight to the term that has a layer.");
  } else if (!style) {
    warnings.push(chosen
      ? "β is 0: only the content cost remains, and the picture will approach the content picture."
      : "No style layer counts: only the content cost remains, and the picture will approach the content picture.");
    if (s.initialisation.kind === "content" && s.totalVariation === 0)
      warnings.push("The run starts from the content picture, where the content cost is already 0: nothing will change. Start from noise to see it at work.");
  } else if (!content) {
    warnings.push(s.contentLayer === null
      ? "No content layer: the run makes a texture in the manner of the style picture."
      : "α is 0: the content picture does not count, and the run makes a texture in the manner of the style picture.");
    if (s.initialisation.kind === "style") warnings.push("The run starts from the style picture itself, whose style cost is nearly 0: little will change. Start from noise to see a texture grow.");
  }
}

function checkProportions(s: TransferSettings, card: ModelCard, { warnings }: SettingsReport): void {
  const usual = card.defaults;
  const terms: [string, number, number][] = [["α·M", s.alphaTimesM, usual.alphaTimesM]];
  // what is recommended is a weight of E_l, and of means of squares
  if ((s.styleStatistic ?? "gram") === "gram") terms.unshift(["β", s.beta, usual.beta]);
  if ((s.totalVariationKind ?? "mean-squares") === "mean-squares") terms.push(["Total variation", s.totalVariation, usual.totalVariation]);
  for (const [name, value, recommended] of terms) {
    if (!(value > 0) || !(recommended > 0) || value > OVERFLOW) continue;
    if (value > recommended * FAR) warnings.push(`${name} = ${short(value)} is ${power(value / recommended)} times what is recommended for this network: beside it no other term will count.`);
    else if (value < recommended / FAR) warnings.push(`${name} = ${short(value)} is 1/${power(recommended / value)} of what is recommended for this network: it will hardly count.`);
  }
  // Adam's steps do not depend on the scale of the cost until gradients come near ε; with every weight tiny, they do.
  const scale = Math.max(s.beta / usual.beta, s.contentLayer === null ? 0 : s.alphaTimesM / usual.alphaTimesM);
  if (s.optimiser.kind === "adam" && scale > 0 && scale < 1e-3) warnings.push(`All weights are small: gradients come near Adam's ε = ${short(s.optimiser.epsilon)}, and the steps become smaller than the learning rate says.`);
  const sum = Object.values(s.styleLayers).reduce((a, b) => a + b, 0);
  if (sum > 100) warnings.push(`The weights of the style layers add up to ${short(sum)}; usual is a sum of 1, with β for the strength as a whole.`);
  if (s.size > 512) warnings.push(`${s.size} px: time and memory grow with the number of pixels; ${Math.round((s.size / 256) ** 2)} times those of 256 px.`);
}

const short = (value: number): string => (Math.abs(value) < 1e6 ? String(Number(value.toPrecision(3))) : Number(value.toPrecision(3)).toExponential().replace("e+", "e"));
const power = (ratio: number): string => (ratio < 1e4 ? String(Math.round(ratio)) : ratio.toExponential(0).replace("e+", "e"));
