/** What a match of layers says and gives: settings of one network as settings of another. Pure. */
import { layerShapes } from "../nst/layer-shapes";
import { type LayerDepth, layerDepths, type LayerMatch, layersRead, matchedSettings, matchLayers } from "../nst/match-layers";
import type { ModelCard } from "../nst/model-card";
import { kerasName, paperName } from "../nst/names";
import type { TransferSettings } from "../nst/settings";

/** A layer as the table has it. */
export interface MatchedLayer extends LayerDepth {
  name: string;
  /** number of its maps */
  maps: number;
}

/** One layer that the settings read, and its like in the other network. */
export interface MatchRow {
  from: MatchedLayer;
  to: MatchedLayer;
  by: LayerMatch["by"];
  nearest: boolean;
  /** it is read for the content */
  content: boolean;
  /** its weight in the style; null if it is not read for it */
  weight: number | null;
}

export interface MatchReading {
  settings: TransferSettings;
  rows: MatchRow[];
  /** layers that come to the same one, by the name of that one: their style weights are added up */
  merged: { to: string; from: string[] }[];
  /** chosen names that are no layers of the other network, by the layer that they were chosen for */
  unknown: { from: string; to: string }[];
}

/**
 * "same": α·M, β and the weight of total variation stay as they are. "relative": they stand to what the other network
 * recommends as they stood to what the first one did, since the size of features differs from network to network.
 */
export type MatchedWeights = "same" | "relative";

/**
 * Reads `conv4_2:fire4 conv1_1:conv1`: layers of the one network with the layer of the other that a person chose for each, by
 * the paper's names or the card's.
 * @throws Error that quotes the part that cannot be read
 */
export function readChosen(text: string): Map<string, string> {
  return new Map(text.split(/[\s,]+/).filter(Boolean).map((part) => {
    const [from, to, more] = part.split(":");
    if (!from || !to || more !== undefined) throw new Error(`layers: “${part}” should be two layers with a colon between, like conv4_2:fire4.`);
    return [kerasName(from), kerasName(to)] as const;
  }));
}

/** The way back from `readChosen`. */
export function chosenText(chosen: ReadonlyMap<string, string>): string {
  return [...chosen].map((pair) => pair.join(":")).join(" ");
}

/** @throws Error naming a layer that the first network does not have */
export function readMatch(settings: TransferSettings, from: ModelCard, to: ModelCard, chosen: ReadonlyMap<string, string>, weights: MatchedWeights): MatchReading {
  const found = matchLayers(from, to);
  const read = layersRead(settings);
  const absent = read.find((layer) => !found.has(layer));
  if (absent) throw new Error(`${from.title}, which these settings are for, has no layer “${absent}”. Name the network that they were made with: from="…".`);
  const known = (layer: string) => to.layers.some(({ name }) => name === layer);
  const matches = new Map(read.map((layer): [string, LayerMatch] => {
    const choice = chosen.get(layer);
    const match = found.get(layer)!;
    return [layer, choice !== undefined && choice !== match.to && known(choice) ? { from: layer, to: choice, by: "chosen", nearest: false } : match];
  }));
  const [ours, theirs] = [layersOf(from), layersOf(to)];
  const order = [...ours.keys()];
  const rows = read
    .map((layer): MatchRow => {
      const { to, by, nearest } = matches.get(layer)!;
      return { from: ours.get(layer)!, to: theirs.get(to)!, by, nearest, content: layer === settings.contentLayer, weight: settings.styleLayers[layer] ?? null };
    })
    .sort((a, b) => order.indexOf(a.from.name) - order.indexOf(b.from.name));
  const styled = rows.filter(({ weight }) => weight !== null);
  const targets = [...new Set(styled.map(({ to }) => to.name))];
  return {
    settings: matchedSettings(weights === "relative" ? relative(settings, from, to) : settings, matches, to),
    rows,
    merged: targets.map((to) => ({ to, from: styled.filter((row) => row.to.name === to).map(({ from }) => from.name) })).filter(({ from }) => from.length > 1),
    unknown: read.flatMap((layer) => (chosen.has(layer) && !known(chosen.get(layer)!) ? [{ from: layer, to: chosen.get(layer)! }] : [])),
  };
}

function layersOf(card: ModelCard): Map<string, MatchedLayer> {
  const depths = layerDepths(card);
  // the number of maps does not depend on the picture
  const shapes = layerShapes(card, 256, 256);
  return new Map(card.layers.map(({ name }) => [name, { name, maps: shapes.get(name)!.channels, ...depths.get(name)! }]));
}

/** Weights that stand to the recommendation of `to` as they stood to that of `from`. */
function relative(settings: TransferSettings, { defaults: a }: ModelCard, { defaults: b }: ModelCard): TransferSettings {
  const scaled = (name: "alphaTimesM" | "beta" | "totalVariation"): number => (a[name] > 0 && b[name] > 0 ? Number(((settings[name] / a[name]) * b[name]).toPrecision(12)) : settings[name]);
  return { ...settings, alphaTimesM: scaled("alphaTimesM"), beta: scaled("beta"), totalVariation: scaled("totalVariation") };
}

/** How a row's match was found, in words. */
export function matchWords({ by, nearest, from, to }: MatchRow): string {
  if (by === "chosen") return "chosen here";
  if (by === "name") return "same name";
  if (!nearest) return "same depth";
  return `nearest: nothing at ${reductionText(from.stride)}${to.stride > from.stride ? ", so nothing as fine" : ""}`;
}

/** "full size", "1/8 of the size" */
export function reductionText(stride: number): string {
  return stride === 1 ? "full size" : `1/${stride} of the size`;
}

/** "conv1_1 and conv2_1" */
export function listed(names: readonly string[]): string {
  const short = names.map(paperName);
  return short.length > 1 ? `${short.slice(0, -1).join(", ")} and ${short.at(-1)}` : (short[0] ?? "");
}
