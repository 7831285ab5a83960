/** What a sweep grows: one picture for each pair of values, at half size first. Pure. */
import type { RunConfig } from "../kernel/protocol";
import { checkSettings } from "../nst/check-settings";
import { layersRead, matchedSettings, matchLayers } from "../nst/match-layers";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { positions } from "../nst/positions";
import { resize } from "../nst/resize";
import type { LayerWeights, TransferSettings } from "../nst/settings";
import type { GrowthPlan } from "./growth";
import { fitted } from "./growth-plans";
import type { NetworkValue } from "./network";
import { readAxis, sameSetting, standardAxis, type SweepAxis } from "./sweep-axes";
import { stepWork } from "./sweep-forecast";
import { type Choices, completeChoices, transferSettings } from "./transfer-settings";

/**
 * How a picture comes to its full size: "anew" begins there once more, so that it is the picture that the same run makes alone
 * (what was made at half size was a preview); "enlarged" goes on from the half-size picture, with a fresh optimiser.
 */
export type Fine = "anew" | "enlarged";

export interface SweepOptions {
  /** see readAxis; empty: as standardAxis says */
  rows: string;
  columns: string;
  /** what all pictures have in common; what is not said is as the network's card recommends */
  base: Choices;
  /** share of the steps that is done at half size first, at least 0 and below 1 */
  coarse: number;
  fine: string;
  /** by the texts of an axis that varies the network */
  networks?: ReadonlyMap<string, NetworkValue>;
}

/** One place of the grid. */
export interface SweepCell {
  /** "r2c3": second row, third column, counted from 1 */
  key: string;
  row: number;
  column: number;
  network: NetworkValue;
  settings: TransferSettings;
  /** α/β at this size; null without a content layer or with β = 0 */
  ratio: number | null;
  /** layers of the sweep's own network that this one does not have, with those at the same depth that are read instead */
  matched: { from: string; to: string }[];
}

/** One run: a picture of the grid at half or at full size. */
export interface SweepStage extends GrowthPlan {
  cell: SweepCell;
  /** key of the stage at half size that comes before it */
  after: string | null;
  /** at half size: what it makes is looked at, and enlarged where that is asked for */
  half: boolean;
  /** it goes on from the enlarged picture of `after` */
  enlarges: boolean;
  /** steps that the picture has behind it when this begins */
  offset: number;
  /** multiply-adds of one step */
  work: number;
  config: RunConfig;
}

export interface SweepPlan {
  rows: SweepAxis;
  columns: SweepAxis;
  fine: Fine;
  cells: SweepCell[];
  /** in the order in which they are begun */
  stages: SweepStage[];
}

/**
 * @throws Error when an axis cannot be read, both say the same, or a pair of values cannot run
 */
export function sweepPlan(network: NetworkValue, content: Picture, style: Picture, { rows: rowsText, columns: columnsText, base, coarse, fine, networks }: SweepOptions): SweepPlan {
  const { card } = network;
  if (!(coarse >= 0 && coarse < 1)) throw new Error(`coarse is ${coarse}. It is the share of the steps that is done at half size first: at least 0 (none) and below 1.`);
  if (fine !== "anew" && fine !== "enlarged") throw new Error(`fine is “${fine}”. Write “anew” (every picture begins once more at its full size) or “enlarged” (it goes on from the picture of half size).`);
  const { rows, columns } = sweepAxes(card, rowsText, columnsText);
  const networkAt = (row: number, column: number) => {
    const named = [rows.entries[row], columns.entries[column]].find((_, i) => [rows, columns][i].name === "network");
    return named ? networks!.get(named.value as string)! : network;
  };
  const cells = rows.entries.flatMap((_, row) => columns.entries.map((_, column) => sweepCell(card, networkAt(row, column), content, rows, columns, row, column, base)));
  const halves: SweepStage[] = [];
  const wholes: SweepStage[] = [];
  const sized = sizes(content, style);
  for (const at of spreadOrder(rows.entries.length, columns.entries.length)) {
    const cell = cells[at];
    const { settings, network: { card } } = cell;
    const pictures = sized(settings.size);
    const first = canHalve(card, settings, pictures.half) ? Math.round(settings.steps * coarse) : 0;
    if (first > 0) halves.push(stage(cell, pictures.half, { key: `${cell.key}/half`, steps: first, half: true, after: null, enlarges: false, offset: 0 }));
    const enlarges = first > 0 && fine === "enlarged";
    const offset = enlarges ? first : 0;
    wholes.push(stage(cell, pictures.whole, { key: cell.key, steps: settings.steps - offset, half: false, after: first > 0 ? `${cell.key}/half` : null, enlarges, offset }));
  }
  return { rows, columns, fine, cells, stages: [...halves, ...wholes] };
}

/**
 * What the texts say, or what stands for them where they are empty.
 * @throws Error when one of them cannot be read, or both vary the same
 */
export function sweepAxes(card: ModelCard, rowsText: string, columnsText: string): Pick<SweepPlan, "rows" | "columns"> {
  const rows = readAxis("rows", rowsText || standardAxis("rows", card), card);
  const columns = readAxis("columns", columnsText || standardAxis("columns", card), card);
  if (sameSetting(rows, columns)) throw new Error(`rows and columns both vary “${rows.title}”. Vary two different settings.`);
  if ([rows.name, columns.name].includes("ratio") && [rows.name, columns.name].includes("alphaTimesM")) throw new Error("rows and columns both set α: “ratio” says α/β, and “alpha-times-m” says α · M. Vary one of them.");
  return { rows, columns };
}

interface Pair {
  content: Picture;
  style: Picture;
}

function stage(cell: SweepCell, pictures: Pair, about: Pick<SweepStage, "key" | "steps" | "half" | "after" | "enlarges" | "offset">): SweepStage {
  const { network: { card, base, random }, settings } = cell;
  const { width, height } = pictures.content;
  const network = random === undefined ? { card, base } : { card, base, random };
  // a run counts the steps that its picture has behind it
  return { ...about, cell, work: stepWork(card, settings, width, height), config: { network, ...pictures, settings: { ...settings, steps: about.offset + about.steps } } };
}

function sweepCell(own: ModelCard, network: NetworkValue, content: Picture, rows: SweepAxis, columns: SweepAxis, row: number, column: number, base: Choices): SweepCell {
  const { card } = network;
  const where = `Row ${row + 1}, column ${column + 1} of the grid cannot run.`;
  const choices: Choices = { ...base };
  const weights: Record<string, number> = {};
  let ratio: number | null = null;
  for (const [axis, i] of [[rows, row], [columns, column]] as const) {
    const { value } = axis.entries[i];
    if (axis.name === "ratio") ratio = value as number;
    else if (axis.name === "weight") weights[axis.layer!] = value as number;
    else if (axis.name !== "network") choices[axis.name] = value;
  }
  const like = likeIn(own, card);
  const said = transferSettings(completeChoices(choices, card), card);
  const matched = [...new Set([...layersRead(said), ...Object.keys(weights)])].filter((layer) => like(layer) !== layer).map((from) => ({ from, to: like(from) }));
  const settings = matchedSettings(said, new Map(layersRead(said).map((layer) => [layer, { to: like(layer) }])), card);
  settings.styleLayers = weighted(settings.styleLayers, Object.fromEntries(Object.entries(weights).map(([layer, weight]) => [like(layer), weight])), card, where);
  const refuse = ({ errors }: { errors: string[] }): void => {
    if (errors.length > 0) throw new Error(`${where} ${errors[0]}`);
  };
  // α from the ratio comes after: it needs a layer that the network has
  refuse(checkSettings(ratio === null ? settings : { ...settings, alphaTimesM: 1 }, card));
  const { contentLayer, beta, size } = settings;
  const { width, height } = fittedSize(content, size);
  const m = contentLayer === null ? 0 : positions(card, contentLayer, width, height);
  if (ratio !== null) {
    if (contentLayer === null || beta === 0) throw new Error(`${where} A ratio α/β needs a content layer, and a β that is not 0.`);
    settings.alphaTimesM = ratio * beta * m;
    refuse(checkSettings(settings, card));
  } else if (m > 0 && beta > 0) ratio = settings.alphaTimesM / m / beta;
  return { key: `r${row + 1}c${column + 1}`, row, column, network, settings, ratio, matched };
}

/** The layer that stands for one of `own` in another network: itself, or where it is missing the one at the same depth. */
function likeIn(own: ModelCard, card: ModelCard): (layer: string) => string {
  if (own === card) return (layer) => layer;
  const matches = matchLayers(own, card);
  return (layer) => (card.layers.some(({ name }) => name === layer) ? layer : (matches.get(layer)?.to ?? layer));
}

/** Style layers with other weights for some of them, in the network's order; a layer of weight 0 does not count. */
function weighted(layers: LayerWeights, weights: LayerWeights, card: ModelCard, where: string): LayerWeights {
  if (Object.keys(weights).length === 0) return layers;
  const unknown = Object.keys(weights).find((layer) => !card.layers.some(({ name }) => name === layer));
  if (unknown) throw new Error(`${where} ${card.title} has no layer “${unknown}”.`);
  const all = { ...layers, ...weights };
  const order = card.layers.map(({ name }) => name).filter((name) => name in all);
  // names that no layer has are kept, so that they are complained of
  return Object.fromEntries([...new Set([...order, ...Object.keys(all)])].map((name) => [name, all[name]] as const).filter(([name, weight]) => !(name in weights) || weight > 0));
}

/** The same size as `fitted` gives, without the picture. */
function fittedSize({ width, height }: Picture, size: number): { width: number; height: number } {
  const scale = Math.min(1, size / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Both pictures at a size and at half of it; each is made once. */
function sizes(content: Picture, style: Picture): (size: number) => { whole: Pair; half: Pair } {
  const made = new Map<number, { whole: Pair; half: Pair }>();
  return (size) => {
    const known = made.get(size);
    if (known) return known;
    const whole = { content: fitted(content, size), style: fitted(style, size) };
    const pair = { whole, half: { content: halved(whole.content), style: halved(whole.style) } };
    made.set(size, pair);
    return pair;
  };
}

const halved = (picture: Picture): Picture => resize(picture, Math.max(1, Math.round(picture.width / 2)), Math.max(1, Math.round(picture.height / 2)));

/** Whether anything is left of the half-size pictures at the deepest layer. */
function canHalve(card: ModelCard, { contentLayer, styleLayers }: TransferSettings, { content, style }: Pair): boolean {
  const layers = [...Object.keys(styleLayers), ...(contentLayer === null ? [] : [contentLayer])];
  return [content, style].every(({ width, height }) => layers.every((layer) => positions(card, layer, width, height) > 0));
}

/**
 * Places of a grid, row by row counted from 0, in an order that fills it evenly: each next one is the farthest from all
 * before, beginning at the upper left corner.
 */
export function spreadOrder(rows: number, columns: number): number[] {
  const place = (i: number) => [Math.floor(i / columns) / Math.max(1, rows - 1), (i % columns) / Math.max(1, columns - 1)] as const;
  const left = Array.from({ length: rows * columns }, (_, i) => ({ i, distance: Infinity }));
  const order: number[] = [];
  while (left.length > 0) {
    const next = left.reduce((best, one) => (one.distance > best.distance + 1e-9 ? one : best));
    left.splice(left.indexOf(next), 1);
    order.push(next.i);
    const [y, x] = place(next.i);
    for (const one of left) {
      const [v, u] = place(one.i);
      one.distance = Math.min(one.distance, Math.hypot(v - y, u - x));
    }
  }
  return order;
}
