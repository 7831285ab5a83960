/** What a sweep grows: one picture for each pair of values, at half size first. Pure. */
import type { NetworkSource, RunConfig } from "../kernel/protocol";
import { checkSettings } from "../nst/check-settings";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { positions } from "../nst/positions";
import { resize } from "../nst/resize";
import type { TransferSettings } from "../nst/settings";
import type { GrowthPlan } from "./growth";
import { fitted } from "./growth-plans";
import { readAxis, standardAxis, type SweepAxis } from "./sweep-axes";
import { stepWork } from "./sweep-forecast";
import { type Choices, completeChoices, transferSettings } from "./transfer-settings";

export interface SweepOptions {
  /** see readAxis; empty: as standardAxis says */
  rows: string;
  columns: string;
  /** what all pictures have in common; what is not said is as the network's card recommends */
  base: Choices;
  /** share of the steps that is done at half size first, at least 0 and below 1 */
  coarse: number;
}

/** One place of the grid. */
export interface SweepCell {
  /** "r2c3": second row, third column, counted from 1 */
  key: string;
  row: number;
  column: number;
  settings: TransferSettings;
  /** α/β at this size; null without a content layer or with β = 0 */
  ratio: number | null;
}

/** One run: a picture of the grid at half or at full size. */
export interface SweepStage extends GrowthPlan {
  cell: SweepCell;
  /** it goes on from the enlarged picture of the stage of this key */
  after: string | null;
  /** steps that the picture has behind it when this begins */
  offset: number;
  /** multiply-adds of one step */
  work: number;
  config: RunConfig;
}

export interface SweepPlan {
  rows: SweepAxis;
  columns: SweepAxis;
  cells: SweepCell[];
  /** in the order in which they are begun */
  stages: SweepStage[];
}

/**
 * @throws Error when an axis cannot be read, both say the same, or a pair of values cannot run
 */
export function sweepPlan(network: NetworkSource, content: Picture, style: Picture, { rows: rowsText, columns: columnsText, base, coarse }: SweepOptions): SweepPlan {
  const { card } = network;
  if (!(coarse >= 0 && coarse < 1)) throw new Error(`coarse is ${coarse}. It is the share of the steps that is done at half size first: at least 0 (none) and below 1.`);
  const rows = readAxis("rows", rowsText || standardAxis("rows", card), card);
  const columns = readAxis("columns", columnsText || standardAxis("columns", card), card);
  if (rows.name === columns.name) throw new Error(`rows and columns both vary “${rows.title}”. Vary two different settings.`);
  if ([rows.name, columns.name].includes("ratio") && [rows.name, columns.name].includes("alphaTimesM")) throw new Error("rows and columns both set α: “ratio” says α/β, and “alpha-times-m” says α · M. Vary one of them.");
  const cells = rows.entries.flatMap((_, row) => columns.entries.map((_, column) => sweepCell(card, content, rows, columns, row, column, base)));
  const halves: SweepStage[] = [];
  const wholes: SweepStage[] = [];
  const sized = sizes(content, style);
  for (const at of spreadOrder(rows.entries.length, columns.entries.length)) {
    const cell = cells[at];
    const { settings } = cell;
    const pictures = sized(settings.size);
    const first = canHalve(card, settings, pictures.half) ? Math.round(settings.steps * coarse) : 0;
    if (first > 0) halves.push(stage(network, cell, pictures.half, `${cell.key}/half`, first, 0, null));
    wholes.push(stage(network, cell, pictures.whole, cell.key, settings.steps - first, first, first > 0 ? `${cell.key}/half` : null));
  }
  return { rows, columns, cells, stages: [...halves, ...wholes] };
}

interface Pair {
  content: Picture;
  style: Picture;
}

function stage(network: NetworkSource, cell: SweepCell, pictures: Pair, key: string, steps: number, offset: number, after: string | null): SweepStage {
  const { width, height } = pictures.content;
  const settings = { ...cell.settings, steps };
  return { key, steps, cell, after, offset, work: stepWork(network.card, settings, width, height), config: { network, ...pictures, settings } };
}

function sweepCell(card: ModelCard, content: Picture, rows: SweepAxis, columns: SweepAxis, row: number, column: number, base: Choices): SweepCell {
  const choices: Choices = { ...base };
  let ratio: number | null = null;
  for (const [axis, i] of [[rows, row], [columns, column]] as const) {
    const { value } = axis.entries[i];
    if (axis.name === "ratio") ratio = value as number;
    else choices[axis.name] = value;
  }
  const settings = transferSettings(completeChoices(choices, card), card);
  const where = `Row ${row + 1}, column ${column + 1} of the grid cannot run.`;
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
  return { key: `r${row + 1}c${column + 1}`, row, column, settings, ratio };
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
