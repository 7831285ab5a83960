/** What differs between the settings of runs, and only that, as a table of words. Pure. */
import type { RunRecord } from "../kernel/client";
import type { InputSpec } from "../nst/model-card";
import { paperName } from "../nst/names";
import { positions } from "../nst/positions";
import type { Initialisation, StyleStatistic, TotalVariationKind, TransferSettings } from "../nst/settings";
import type { PictureRef, RunEntry } from "../runs/kept-run";
import { formatNumber } from "./numbers";
import { weightsText } from "./settings-words";

/** What the comparison reads of a run. */
export interface DiffedRun {
  id: string;
  /** "A", "B" … */
  mark: string;
  entry: Pick<RunEntry, "network" | "content" | "style" | "parent" | "backend" | "threads" | "version">;
  record: Pick<RunRecord, "config" | "changes">;
}

/** One setting in which runs differ. */
export interface SettingRow {
  /** what it is called beside the table: "α · M", "weight of conv3_1" */
  name: string;
  /** whose colour it takes */
  of: "content" | "style" | "picture" | "run";
  /** of each run, in words: "0.1, from step 40 on 0.3"; "–" where a run has no such setting */
  texts: string[];
  /** for each run, whether it is as in the first one */
  likeFirst: boolean[];
}

/** A value as it is compared: by `key`, which stands for what is exact, and shown as `text`. */
interface Keyed {
  key: string;
  text: string;
}

/** null: the run has no such setting. */
type Value = number | string | Keyed | null;

/** A setting from a step on. */
interface Phase {
  step: number;
  value: Value;
}

interface Setting {
  name: string;
  of: SettingRow["of"];
  /** the course of the setting in one run: what it began with, and what it was changed to */
  course(run: DiffedRun): Phase[];
}

/**
 * The settings in which the runs differ, in a fixed order: network and pictures, content, style, picture, optimiser, machine.
 * Numbers are given in as many digits as it takes to tell them apart.
 * @param runs two or more; of fewer there is nothing to compare
 */
export function settingsDiff(runs: readonly DiffedRun[]): SettingRow[] {
  if (runs.length < 2) return [];
  return settings(runs).flatMap(({ name, of, course }) => {
    const courses = runs.map(course);
    const keys = courses.map((phases) => JSON.stringify(phases.map(({ step, value }) => [step, keyOf(value)])));
    if (keys.every((key) => key === keys[0])) return [];
    const digits = digitsFor(courses.flat().flatMap(({ value }) => (typeof value === "number" ? [value] : [])));
    return [{ name, of, texts: courses.map((phases) => courseText(phases, digits)), likeFirst: keys.map((key) => key === keys[0]) }];
  });
}

/** In which settings some runs differ, as a sentence says it: "β and learning rate"; "" where in none. */
export function differenceWords(rows: readonly Pick<SettingRow, "name">[]): string {
  const names = rows.map(({ name }) => name);
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : (names[0] ?? "");
}

/** Everything that can differ between these runs. */
function settings(runs: readonly DiffedRun[]): Setting[] {
  const fixed = (name: string, of: SettingRow["of"], value: (run: DiffedRun) => Value): Setting => ({ name, of, course: (run) => [{ step: 0, value: value(run) }] });
  const live = (name: string, of: SettingRow["of"], value: (settings: TransferSettings, run: DiffedRun) => Value): Setting => ({ name, of, course: (run) => courseOf(run, value) });
  const began = (value: (settings: TransferSettings) => Value) => ({ record }: DiffedRun) => value(record.config.settings);
  return [
    fixed("network", "run", networkValue),
    fixed("the network reads pixels as", "run", ({ record }) => inputValue(record.config.network.card.input)),
    fixed("content picture", "content", ({ entry }) => pictureValue(entry.content)),
    fixed("style picture", "style", ({ entry }) => pictureValue(entry.style)),
    fixed("branches off", "run", (run) => branchValue(run, runs)),
    live("content layer", "content", ({ contentLayer }) => (contentLayer === null ? "none" : paperName(contentLayer))),
    live("α · M", "content", ({ contentLayer, alphaTimesM }) => (contentLayer === null ? null : alphaTimesM)),
    live("α", "content", alpha),
    live("β", "style", ({ beta }) => beta),
    ...weights(runs),
    fixed("layers are read", "run", began(({ tap }) => `${tap} the ReLU`)),
    live("content layer is read", "content", ({ contentTap, tap }) => `${contentTap ?? tap} the ReLU`),
    live("style compares", "style", ({ styleStatistic = "gram" }) => STATISTIC_WORDS[styleStatistic]),
    live("τ, total variation", "picture", ({ totalVariation }) => totalVariation),
    live("total variation adds up", "picture", ({ totalVariationKind = "mean-squares" }) => VARIATION_WORDS[totalVariationKind]),
    fixed("starts from", "picture", began(startValue)),
    fixed("pooling", "run", began(({ pooling }) => pooling)),
    live("steps", "run", ({ steps }) => steps),
    ...optimiserFields(runs).map((field) => live(OPTIMISER_WORDS[field] ?? field, "run", ({ optimiser }) => optimiserValue(optimiser as unknown as Record<string, unknown>, field))),
    fixed("computed by", "run", ({ entry }) => entry.backend),
    fixed("threads", "run", ({ entry }) => entry.threads || null),
    fixed("version of the workbench", "run", ({ entry }) => entry.version || null),
  ];
}

/** A row a layer; where the networks do not have the same layers, one row in which each run names its own. */
function weights(runs: readonly DiffedRun[]): Setting[] {
  const layers = styleLayers(runs);
  const known = ({ record }: DiffedRun, layer: string) => record.config.network.card.layers.some(({ name }) => name === layer);
  if (runs.every((run) => layers.every((layer) => known(run, layer))))
    return layers.map((layer) => ({ name: `weight of ${paperName(layer)}`, of: "style", course: (run) => courseOf(run, ({ styleLayers }) => styleLayers[layer] ?? null) }));
  return [{ name: "style layers", of: "style", course: (run) => courseOf(run, ({ styleLayers }) => ({ key: JSON.stringify(Object.entries(styleLayers)), text: weightsText(styleLayers) || "none" })) }];
}

/** Those that any of the runs has at any time, in the order of the first run's network as far as it has them. */
function styleLayers(runs: readonly DiffedRun[]): string[] {
  const named = new Set(runs.flatMap(({ record }) => [record.config.settings, ...record.changes.map(({ settings }) => settings)]).flatMap(({ styleLayers }) => Object.keys(styleLayers)));
  const order = runs.flatMap(({ record }) => record.config.network.card.layers.map(({ name }) => name));
  return [...named].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

const STATISTIC_WORDS: Record<StyleStatistic, string> = { gram: "Gram matrices", wasserstein: "means and covariances (Wasserstein)" };
const VARIATION_WORDS: Record<TotalVariationKind, string> = {
  "mean-squares": "means of squares", "sum-squares": "squares", "sum-squares-inner": "squares, edges left out",
  "sum-absolute": "absolute values", "sum-power-1.25": "powers of 1.25", crowson: "means of squares, diagonals too",
};
const OPTIMISER_WORDS: Record<string, string> = {
  kind: "optimiser", learningRate: "learning rate", beta1: "β₁ of Adam", beta2: "β₂ of Adam", epsilon: "ε of Adam", epsilonPlace: "place of Adam’s ε",
  momentum: "momentum", decay: "decay of the learning rate", history: "steps that L-BFGS remembers",
};
const OPTIMISER_KINDS: Record<string, string> = { adam: "Adam", descent: "gradient descent", lbfgs: "L-BFGS" };

/** The fields that the optimisers of these runs have, the kind first. */
function optimiserFields(runs: readonly DiffedRun[]): string[] {
  const all = new Set(runs.flatMap(({ record }) => [record.config.settings, ...record.changes.map(({ settings }) => settings)]).flatMap(({ optimiser }) => Object.keys(optimiser)));
  return [...Object.keys(OPTIMISER_WORDS).filter((field) => all.has(field)), ...[...all].filter((field) => !(field in OPTIMISER_WORDS))];
}

function optimiserValue(optimiser: Record<string, unknown>, field: string): Value {
  const value = optimiser[field];
  if (field === "kind") return OPTIMISER_KINDS[String(value)] ?? String(value);
  if (value === undefined) return null;
  if (field === "decay") {
    const { rate, every } = value as { rate: number; every: number };
    return `× ${formatNumber(rate)} every ${formatNumber(every)} steps`;
  }
  return typeof value === "number" ? value : String(value);
}

/** A setting in a run: from the start, and from each step on at which it became another one. */
function courseOf(run: DiffedRun, value: (settings: TransferSettings, run: DiffedRun) => Value): Phase[] {
  const { config, changes } = run.record;
  const phases: Phase[] = [{ step: 0, value: value(config.settings, run) }];
  changes.forEach(({ step, settings }, i) => {
    // several at one step: the last is in force
    if (changes[i + 1]?.step === step) return;
    const now = value({ ...config.settings, ...settings }, run);
    if (keyOf(now) === keyOf(phases.at(-1)!.value)) return;
    // the first batch of a run brings the settings it really began with
    if (i === 0 && step === (run.entry.parent?.step ?? 0)) phases[0].value = now;
    else phases.push({ step, value: now });
  });
  return phases;
}

function courseText(phases: readonly Phase[], digits: number): string {
  const [first, ...later] = phases.map(({ value }) => textOf(value, digits));
  return [first, ...later.map((text, i) => `from step ${formatNumber(phases[i + 1].step)} on ${text}`)].join(", ");
}

function keyOf(value: Value): string {
  return value === null ? "" : typeof value === "object" ? value.key : String(value);
}

function textOf(value: Value, digits: number): string {
  if (value === null) return "–";
  if (typeof value === "number") return formatNumber(value, digits);
  return typeof value === "object" ? value.text : value;
}

/** As many digits as it takes to tell different numbers apart, 3 at least. */
function digitsFor(numbers: readonly number[]): number {
  const different = new Set(numbers);
  for (let digits = 3; digits < 17; digits++) if (new Set([...different].map((n) => formatNumber(n, digits))).size === different.size) return digits;
  return 17;
}

function networkValue({ entry: { network } }: DiffedRun): Keyed {
  const { id, title, sha256, random } = network;
  const weights = random !== null ? `random weights, seed ${random}` : sha256 ? `weights ${sha256.slice(0, 8)}` : "";
  return { key: JSON.stringify([id, random === null ? sha256 : random]), text: [title, weights].filter(Boolean).join(", ") };
}

function inputValue({ channels, range, mean, scale }: InputSpec): Keyed {
  const list = (numbers: readonly number[]) => (numbers.every((n) => n === numbers[0]) ? formatNumber(numbers[0], 4) : `(${numbers.map((n) => formatNumber(n, 4)).join(", ")})`);
  const text = [`${channels} from ${formatNumber(range[0])} to ${formatNumber(range[1])}`];
  if (mean.some((m) => m !== 0)) text.push(`minus ${list(mean)}`);
  if ([scale].flat().some((s) => s !== 1)) text.push(`times ${list([scale].flat())}`);
  return { key: JSON.stringify([channels, range, mean, scale]), text: text.join(", ") };
}

/** By its numbers; its name and size say which it is to people, the beginning of its hash to both. */
function pictureValue({ hash, name, width, height }: PictureRef): Keyed {
  return { key: hash, text: `${name}, ${width} × ${height} px, ${hash.slice(0, 8)}` };
}

function branchValue({ entry: { parent } }: DiffedRun, runs: readonly DiffedRun[]): Value {
  if (!parent) return "begins anew";
  const mark = runs.find(({ id }) => id === parent.run)?.mark ?? "another run";
  return `${mark} at step ${formatNumber(parent.step)}, ${parent.optimiser === "kept" ? "with" : "without"} its optimiser’s state${parent.painted ? ", painted on" : ""}`;
}

/** α = α·M / M: what the content cost is really multiplied by, at the size of this run. */
function alpha({ contentLayer, alphaTimesM }: TransferSettings, { record: { config } }: DiffedRun): number | null {
  if (contentLayer === null) return null;
  const { card } = config.network;
  // a layer that the network does not have never ran
  if (!card.layers.some(({ name }) => name === contentLayer)) return null;
  return alphaTimesM / positions(card, contentLayer, config.content.width, config.content.height);
}

function startValue({ initialisation, seed }: { initialisation: Initialisation; seed: number }): Value {
  const { kind } = initialisation;
  if (kind === "noise") return `noise, seed ${seed}`;
  if (kind === "blend") return `content picture with ${formatNumber(initialisation.noise * 100)} % noise, seed ${seed}`;
  return `${kind} picture`;
}
