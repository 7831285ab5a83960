/** The two settings that a sweep varies, and their values. Pure. */
import type { ModelCard } from "../nst/model-card";
import { kerasName, paperName } from "../nst/names";
import type { LayerWeights } from "../nst/settings";
import { formatNumber } from "./numbers";
import { type ChoiceName, CHOICES, type Choices, completeChoices, kebab } from "./transfer-settings";

/** "ratio" is α/β with β kept, "weight" the weight of one style layer, "network" what reads the pictures; the others are the settings themselves. */
export type SweptName = ChoiceName | "ratio" | "weight" | "network";

export interface SweepEntry {
  /** what the setting is set to; for a ratio and a weight the number, for a network its text, else as `completeChoices` gives it */
  value: unknown;
  /** as short as the head of a row has to be: "10⁻³", "+ conv2_1" */
  label: string;
  /** in full, for who does not see the entries before it: "conv1_1, conv2_1" */
  explain: string;
}

export interface SweepAxis {
  name: SweptName;
  /** the style layer whose weight it is, null for all others */
  layer: string | null;
  /** as it is written in text: "style layers", "α / β" */
  title: string;
  entries: SweepEntry[];
}

/** More than this many do not fit side by side. */
const MOST = 8;
const EXAMPLES = { rows: "style-layers: conv1_1 | conv1_1 conv2_1", columns: "ratio: 1e-5 | 1e-4 | 1e-3" };
const TITLES: Partial<Record<SweptName, string>> = { ratio: "α / β", alphaTimesM: "α · M", beta: "β", tap: "layers read" };

/** "weight of conv1_1" */
const WEIGHT = /^weight of (\S+)$/i;

/** Rows and columns where none are said: growing sets of the network's style layers, and α·M about what the network recommends. */
export function standardAxis(attribute: "rows" | "columns", { defaults, layers }: ModelCard): string {
  if (attribute === "columns") return `alpha-times-m: ${[0.01, 0.1, 1, 10].map((factor) => Number((factor * defaults.alphaTimesM).toPrecision(3))).join(" | ")}`;
  const named = layers.map(({ name }) => name).filter((name) => name in defaults.styleLayers).slice(0, MOST);
  return `style-layers: ${named.map((_, i) => named.slice(0, i + 1).join(" ")).join(" | ")}`;
}

/**
 * Reads `ratio: 1e-5 | 1e-4 | 1e-3`: a setting by its attribute name, and its values set apart by bars, each as the attribute
 * would say it. Beside the attributes there are "ratio" (α/β), "weight of conv1_1" (of one style layer, the others as they
 * are; 0: it does not count), and "network" (see sweep-networks.ts). Style layers without a weight count alike and add up to
 * 1, as in the paper.
 * @param attribute "rows" or "columns", for what is said when something is wrong
 * @throws Error naming the attribute, what is wrong in it, and what it could say
 */
export function readAxis(attribute: "rows" | "columns", text: string, card: ModelCard): SweepAxis {
  const example = `Write a setting and its values, like ${attribute}="${EXAMPLES[attribute]}".`;
  const [, named = "", list = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const name = named.trim();
  if (name === "") throw new Error(`${attribute}="${text}" does not say what is to be varied. ${example}`);
  const weighed = WEIGHT.exec(name)?.[1];
  const layer = weighed === undefined ? null : kerasName(weighed, card);
  const swept = layer !== null ? "weight" : name === "ratio" || name === "network" ? name : CHOICES.find((choice) => choice === name || kebab(choice) === name.toLowerCase());
  if (!swept) throw new Error(`${attribute}: there is no setting “${name}”. There are: ratio, ${CHOICES.map(kebab).join(", ")}, network, and the weight of a style layer, like “weight of conv1_1”.`);
  const texts = list.split("|").map((part) => part.trim());
  if (texts.includes("")) throw new Error(`${attribute}="${text}" has an empty value. ${example}`);
  if (texts.length > MOST) throw new Error(`${attribute} has ${texts.length} values. More than ${MOST} cannot be told apart side by side.`);
  const values = texts.map((part) => readValue(attribute, swept, part, card));
  values.forEach((value, i) => {
    const first = values.findIndex((other) => JSON.stringify(other) === JSON.stringify(value));
    if (first !== i) throw new Error(`${attribute}: “${texts[i]}” stands there twice. Name it once.`);
  });
  const entries = values.map((value, i) => ({ value, ...labels(swept, value, i > 0 ? values[i - 1] : undefined) }));
  const title = layer !== null ? `weight of ${paperName(layer)}` : (TITLES[swept] ?? kebab(swept as ChoiceName).replaceAll("-", " "));
  return { name: swept, layer, title, entries };
}

function readValue(attribute: string, name: SweptName, text: string, card: ModelCard): unknown {
  if (name === "network") return text;
  if (name === "ratio" || name === "weight") {
    const number = Number(text);
    if (!Number.isFinite(number) || number < 0) throw new Error(`${attribute}: “${text}” is no ${name}. Write a number, 0 or more, like ${name === "ratio" ? "1e-3" : "0.2"}.`);
    return number;
  }
  const value = completeChoices({ [name]: text } as Choices, card)[name];
  if (name !== "styleLayers" || text.includes(":")) return value;
  const layers = Object.keys(value as LayerWeights);
  return Object.fromEntries(layers.map((layer) => [layer, 1 / layers.length]));
}

function labels(name: SweptName, value: unknown, before: unknown): Pick<SweepEntry, "label" | "explain"> {
  if (name === "styleLayers") return layerLabels(value as LayerWeights, before as LayerWeights | undefined);
  const text = typeof value === "number" ? powerText(value) : name === "contentLayer" ? paperName(String(value)) : String(value);
  return { label: text, explain: text };
}

/** Whether two axes vary the same. */
export function sameSetting(a: SweepAxis, b: SweepAxis): boolean {
  return a.name === b.name && a.layer === b.layer;
}

/** Layers by the paper's names. A set that has one more than the one before says that one. */
function layerLabels(weights: LayerWeights, before: LayerWeights | undefined): Pick<SweepEntry, "label" | "explain"> {
  const names = Object.keys(weights);
  const alike = new Set(Object.values(weights)).size <= 1;
  const said = names.map((layer) => `${paperName(layer)}${alike ? "" : ` × ${formatNumber(weights[layer])}`}`);
  const added = before ? names.filter((layer) => !(layer in before)) : [];
  const grown = alike && added.length === 1 && names.length === Object.keys(before!).length + 1;
  return { label: grown ? `+ ${paperName(added[0])}` : said.join(" "), explain: said.join(", ") };
}

/** A number as it is written by hand: powers of ten as such, 10⁻⁵, 3 · 10⁻⁷, others as they are. */
export function powerText(value: number): string {
  if (value === 0 || (Math.abs(value) >= 0.01 && Math.abs(value) < 1e5)) return formatNumber(value);
  const [digits, power] = Number(value.toPrecision(3)).toExponential().split("e");
  const raised = `10${[...String(Number(power))].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;
  return digits === "1" ? raised : `${digits.replace("-", "−")} · ${raised}`;
}
