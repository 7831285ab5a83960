import type { EpsilonPlace, ModelCard, OptimiserOptions } from "../nst/model-card";
import { kerasName } from "../nst/names";
import type { Initialisation, LayerWeights, StyleStatistic, TotalVariationKind, TransferSettings } from "../nst/settings";

const OPTIMISERS: readonly OptimiserOptions["kind"][] = ["adam", "descent", "lbfgs"];

/**
 * What a person chose, by name; null or absent where the network's default holds. A text is an attribute of the element
 * and is read as what it stands for.
 */
export type Choices = Partial<Record<ChoiceName, unknown>>;

export const CHOICES = [
  "contentLayer", "alphaTimesM", "styleLayers", "beta", "totalVariation", "pooling", "tap", "initialisation", "noise", "seed", "size", "steps", "optimiser", "learningRate",
  "beta1", "beta2", "epsilon", "epsilonPlace", "momentum", "decayRate", "decayEvery", "history", "contentTap", "styleStatistic", "totalVariationKind",
] as const;
export type ChoiceName = (typeof CHOICES)[number];

/**
 * Choices named by their attributes, in either spelling, with spaces between: "size content-layer".
 * @throws Error naming the attribute, the unknown name and the known ones
 */
export function readNames(attribute: string, text: string): ReadonlySet<ChoiceName> {
  const words = text.split(/[\s,]+/).filter(Boolean);
  const named = words.map((word) => CHOICES.find((name) => kebab(name) === word.toLowerCase() || name === word));
  const unknown = named.indexOf(undefined);
  if (unknown >= 0) throw new Error(`${attribute}="${text}": there is no control “${words[unknown]}”. There are: ${CHOICES.map(kebab).join(", ")}.`);
  return new Set(named as ChoiceName[]);
}

/** A choice as its attribute is spelt: "content-layer". */
export function kebab(name: ChoiceName): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/**
 * Every choice as it stands without any being made. What a card does not say (tap, seed, share of noise) is decided here.
 * @param chosen on what the usual learning rate depends: another optimiser has another one, and that of a plain descent
 *   grows with the picture
 */
export function defaultChoices({ defaults: d }: ModelCard, chosen: { optimiser?: unknown; size?: unknown } = {}) {
  return {
    contentLayer: d.contentLayer as string,
    alphaTimesM: d.alphaTimesM,
    styleLayers: d.styleLayers,
    beta: d.beta,
    totalVariation: d.totalVariation,
    pooling: d.pooling as TransferSettings["pooling"],
    tap: "after" as TransferSettings["tap"],
    initialisation: d.initialisation as Initialisation["kind"],
    noise: 0.5,
    seed: 0,
    size: d.size,
    steps: d.steps,
    optimiser: d.optimiser.kind as OptimiserOptions["kind"],
    learningRate: usualRate(kindOf(chosen.optimiser), d, Number(chosen.size ?? d.size)),
    beta1: d.optimiser.beta1,
    beta2: d.optimiser.beta2,
    epsilon: d.optimiser.epsilon,
    epsilonPlace: (d.optimiser.epsilonPlace ?? "keras") as EpsilonPlace,
    momentum: 0,
    decayRate: 1,
    decayEvery: 100,
    history: 10,
    contentTap: "tap" as TransferSettings["tap"] | "tap",
    styleStatistic: "gram" as StyleStatistic,
    totalVariationKind: "mean-squares" as TotalVariationKind,
  } satisfies Record<ChoiceName, unknown>;
}

const kindOf = (choice: unknown): OptimiserOptions["kind"] => OPTIMISERS.find((kind) => kind === choice) ?? "adam";

/**
 * A rate to begin with. A plain descent: stable for a network whose J is of the order of 1, as the embedded one's is. J has
 * means over the positions in it, so that the gradient of a single pixel becomes smaller as their number grows.
 */
function usualRate(kind: OptimiserOptions["kind"], { optimiser }: ModelCard["defaults"], size: number): number {
  if (kind === "adam") return optimiser.learningRate;
  return kind === "lbfgs" ? 1 : (size / 64) ** 2;
}

export type Chosen = ReturnType<typeof defaultChoices>;

/**
 * The choices with the network's defaults filled in.
 * @throws Error naming the attribute, what it says and what it could say
 */
export function completeChoices(choices: Choices, card: ModelCard): Chosen {
  const complete: Record<string, unknown> = defaultChoices(card, choices);
  for (const name of CHOICES) {
    const choice = choices[name];
    if (choice === null || choice === undefined) continue;
    complete[name] = typeof choice === "string" ? read(name, choice, complete[name], card) : choice;
  }
  return complete as Chosen;
}

/** The settings of a run from the choices. A content layer "none" becomes null. */
export function transferSettings(chosen: Chosen, card: ModelCard): TransferSettings {
  const { alphaTimesM, styleLayers, beta, totalVariation, pooling, tap, seed, size, steps, contentLayer, initialisation, noise, contentTap, styleStatistic, totalVariationKind } = chosen;
  return {
    alphaTimesM, styleLayers, beta, totalVariation, pooling, tap, seed, size, steps,
    contentLayer: contentLayer === "none" ? null : contentLayer,
    initialisation: initialisation === "blend" ? { kind: "blend", noise } : { kind: initialisation },
    optimiser: optimiserOptions(chosen, card),
    // what is as it always was is not said
    ...(contentTap !== "tap" && { contentTap }),
    ...(styleStatistic !== "gram" && { styleStatistic }),
    ...(totalVariationKind !== "mean-squares" && { totalVariationKind }),
  };
}

function optimiserOptions({ optimiser: kind, learningRate, beta1, beta2, epsilon, epsilonPlace, momentum, decayRate, decayEvery, history }: Chosen, { defaults }: ModelCard): OptimiserOptions {
  switch (kind) {
    case "adam": return { ...defaults.optimiser, learningRate, beta1, beta2, epsilon, ...(epsilonPlace !== (defaults.optimiser.epsilonPlace ?? "keras") && { epsilonPlace }) };
    case "descent": return { kind, learningRate, ...(momentum !== 0 && { momentum }), ...(decayRate !== 1 && { decay: { rate: decayRate, every: decayEvery } }) };
    case "lbfgs": return { kind, learningRate, history };
  }
}

/** The choices that lead to these options. */
export function optimiserChoices(options: OptimiserOptions): Choices {
  const { kind: optimiser, learningRate } = options;
  switch (options.kind) {
    case "adam": return { optimiser, learningRate, beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon, epsilonPlace: options.epsilonPlace ?? "keras" };
    case "descent": return { optimiser, learningRate, momentum: options.momentum ?? 0, ...(options.decay && { decayRate: options.decay.rate, decayEvery: options.decay.every }) };
    case "lbfgs": return { optimiser, learningRate, history: options.history };
  }
}

const WORDS: Partial<Record<ChoiceName, readonly string[]>> = {
  pooling: ["average", "maximum"],
  tap: ["after", "before"],
  initialisation: ["content", "noise", "blend", "style"],
  optimiser: OPTIMISERS,
  epsilonPlace: ["keras", "pytorch"],
  contentTap: ["tap", "after", "before"],
  styleStatistic: ["gram", "wasserstein"],
  totalVariationKind: ["mean-squares", "sum-squares", "sum-squares-inner", "sum-absolute", "sum-power-1.25", "crowson"],
};

function read(name: ChoiceName, text: string, standard: unknown, card: ModelCard): unknown {
  const attribute = kebab(name);
  if (name === "contentLayer") return kerasName(text.trim(), card);
  if (name === "styleLayers") return readWeights(attribute, text, card);
  const words = WORDS[name];
  if (words) {
    if (!words.includes(text)) throw new Error(`${attribute}="${text}" should be one of ${words.join(", ")}.`);
    return text;
  }
  const value = text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`${attribute}="${text}" should be a number, like ${attribute}="${standard}".`);
  return value;
}

/** `conv1_1 conv2_1:0.5`: layers with a weight each, 1 where none is said; an empty text chooses none. */
function readWeights(attribute: string, text: string, card: ModelCard): LayerWeights {
  const entries = text.split(/[\s,]+/).filter(Boolean).map((part) => {
    const [layer, weight = "1"] = part.split(":");
    if (layer === "" || weight === "" || !Number.isFinite(Number(weight))) throw new Error(`${attribute}: "${part}" should be a layer, or a layer with its weight, like block1_conv1:0.2.`);
    return [kerasName(layer, card), Number(weight)] as const;
  });
  return Object.fromEntries(entries);
}
