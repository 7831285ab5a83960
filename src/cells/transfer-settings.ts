import type { ModelCard } from "../nst/model-card";
import { kerasName } from "../nst/names";
import type { Initialisation, LayerWeights, TransferSettings } from "../nst/settings";

/**
 * What a person chose, by name; null or absent where the network's default holds. A text is an attribute of the element
 * and is read as what it stands for.
 */
export type Choices = Partial<Record<ChoiceName, unknown>>;

export const CHOICES = ["contentLayer", "alphaTimesM", "styleLayers", "beta", "totalVariation", "pooling", "tap", "initialisation", "noise", "seed", "size", "steps", "learningRate"] as const;
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

/** Every choice as it stands without any being made. What a card does not say (tap, seed, share of noise) is decided here. */
export function defaultChoices({ defaults: d }: ModelCard) {
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
    learningRate: d.optimiser.learningRate,
  } satisfies Record<ChoiceName, unknown>;
}

export type Chosen = ReturnType<typeof defaultChoices>;

/**
 * The choices with the network's defaults filled in.
 * @throws Error naming the attribute, what it says and what it could say
 */
export function completeChoices(choices: Choices, card: ModelCard): Chosen {
  const complete: Record<string, unknown> = defaultChoices(card);
  for (const name of CHOICES) {
    const choice = choices[name];
    if (choice === null || choice === undefined) continue;
    complete[name] = typeof choice === "string" ? read(name, choice, complete[name]) : choice;
  }
  return complete as Chosen;
}

/** The settings of a run from the choices. A content layer "none" becomes null. */
export function transferSettings(chosen: Chosen, card: ModelCard): TransferSettings {
  const { contentLayer, initialisation, noise, learningRate, ...rest } = chosen;
  return {
    ...rest,
    contentLayer: contentLayer === "none" ? null : contentLayer,
    initialisation: initialisation === "blend" ? { kind: "blend", noise } : { kind: initialisation },
    optimiser: { ...card.defaults.optimiser, learningRate },
  };
}

const WORDS: Partial<Record<ChoiceName, readonly string[]>> = {
  pooling: ["average", "maximum"],
  tap: ["after", "before"],
  initialisation: ["content", "noise", "blend", "style"],
};

function read(name: ChoiceName, text: string, standard: unknown): unknown {
  const attribute = kebab(name);
  if (name === "contentLayer") return kerasName(text.trim());
  if (name === "styleLayers") return readWeights(attribute, text);
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
function readWeights(attribute: string, text: string): LayerWeights {
  const entries = text.split(/[\s,]+/).filter(Boolean).map((part) => {
    const [layer, weight = "1"] = part.split(":");
    if (layer === "" || weight === "" || !Number.isFinite(Number(weight))) throw new Error(`${attribute}: "${part}" should be a layer, or a layer with its weight, like block1_conv1:0.2.`);
    return [kerasName(layer), Number(weight)] as const;
  });
  return Object.fromEntries(entries);
}
