import type { SettingsChange } from "../kernel/protocol";
import { checkSettings } from "../nst/check-settings";
import { liveSettings } from "../nst/live-settings";
import type { ModelCard, OptimiserOptions } from "../nst/model-card";
import type { Initialisation, TransferSettings } from "../nst/settings";
import { choice, fields, list, nullable, number, numbers, oneOf, optional, text, whole, type Fields } from "./checked";
import { RunFileError } from "./unzip";

const TAPS = ["after", "before"] as const;

/** Settings from elsewhere, for a network: every field of the right kind, and such that a run could be started with them. */
export function checkedSettings(value: unknown, where: string, card: ModelCard): TransferSettings {
  const from = fields(value, where);
  const nonNegative = (key: string) => number(from[key], `${where}.${key}`, 0);
  const settings: TransferSettings = {
    pooling: oneOf(from.pooling, `${where}.pooling`, ["average", "maximum"]),
    contentLayer: nullable(from.contentLayer, `${where}.contentLayer`, text),
    styleLayers: numbers(from.styleLayers, `${where}.styleLayers`),
    tap: oneOf(from.tap, `${where}.tap`, TAPS),
    alphaTimesM: nonNegative("alphaTimesM"),
    beta: nonNegative("beta"),
    totalVariation: nonNegative("totalVariation"),
    initialisation: initialisation(from.initialisation, `${where}.initialisation`),
    seed: whole(from.seed, `${where}.seed`),
    size: whole(from.size, `${where}.size`),
    steps: whole(from.steps, `${where}.steps`),
    optimiser: optimiser(from.optimiser, `${where}.optimiser`),
    ...optional(from, "contentTap", where, choice(...TAPS)),
    ...optional(from, "styleStatistic", where, choice("gram", "wasserstein")),
    ...optional(from, "totalVariationKind", where, choice("mean-squares", "sum-squares", "sum-squares-inner", "sum-absolute", "sum-power-1.25", "crowson")),
  };
  const [error] = checkSettings(settings, card).errors;
  if (error) throw new RunFileError(`run.json: “${where}” cannot be run. ${error}`);
  return settings;
}

/** What was changed in mid-run, by step. */
export function checkedChanges(value: unknown, where: string, begun: TransferSettings, card: ModelCard): SettingsChange[] {
  const changes = list(value, where, 10_000, (one, at) => {
    const { step, settings } = fields(one, at);
    return { step: whole(step, `${at}.step`), settings: liveSettings(checkedSettings({ ...begun, ...fields(settings, `${at}.settings`) }, `${at}.settings`, card)) };
  });
  const disordered = changes.findIndex(({ step }, i) => i > 0 && step <= changes[i - 1].step);
  if (disordered > 0) throw new RunFileError(`run.json: “${where}” should be in the order of their steps; ${changes[disordered].step} comes after ${changes[disordered - 1].step}.`);
  return changes;
}

function initialisation(value: unknown, where: string): Initialisation {
  const from = fields(value, where);
  const kind = oneOf(from.kind, `${where}.kind`, ["content", "noise", "blend", "style"]);
  return kind === "blend" ? { kind, noise: number(from.noise, `${where}.noise`, 0, 1) } : { kind };
}

function optimiser(value: unknown, where: string): OptimiserOptions {
  const from = fields(value, where);
  const kind = oneOf(from.kind, `${where}.kind`, ["adam", "descent", "lbfgs"]);
  const learningRate = number(from.learningRate, `${where}.learningRate`, 0);
  const share = (key: string) => number(from[key], `${where}.${key}`, 0, 1);
  switch (kind) {
    case "adam":
      return { kind, learningRate, beta1: share("beta1"), beta2: share("beta2"), epsilon: number(from.epsilon, `${where}.epsilon`, 0), ...optional(from, "epsilonPlace", where, choice("keras", "pytorch")) };
    case "descent":
      return { kind, learningRate, ...optional(from, "momentum", where, (one, at) => number(one, at, 0, 1)), ...optional(from, "decay", where, (one, at) => decay(fields(one, at), at)) };
    case "lbfgs":
      return { kind, learningRate, history: whole(from.history, `${where}.history`, 1, 100) };
  }
}

function decay({ rate, every }: Fields, where: string): { rate: number; every: number } {
  return { rate: number(rate, `${where}.rate`, 0), every: number(every, `${where}.every`, 0) };
}
