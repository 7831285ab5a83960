import type { LayerSpec, ModelCard } from "./model-card";
import { type ReceptiveField, receptiveField } from "./receptive-field";
import type { LayerWeights, TransferSettings } from "./settings";

/** The layer of another network that stands for one of this. */
export interface LayerMatch {
  /** name in the one network */
  from: string;
  /** name in the other */
  to: string;
  /** "name": both have a layer of this name at the same reduction; "depth": found by reduction and place; "chosen": by a person */
  by: "name" | "depth" | "chosen";
  /** the other network has no layer with as many pixels between its units, and this one is the nearest */
  nearest: boolean;
}

/** Where a layer lies in its network. */
export interface LayerDepth extends ReceptiveField {
  /** middle of the layer's share of its stage, in (0, 1): the first of two is at 0.25, the only one at 0.5 */
  place: number;
}

/**
 * For every layer of `from`, the layer of `to` that lies at the same depth. Pure, and from the cards alone.
 *
 * A *stage* is all layers with the same reduction (pixels of the picture between two neighbouring units, `stride` of the
 * receptive field): what a block is in VGG. A layer of the same name and the same reduction is the match. Else it is looked
 * for in the stage with the nearest reduction (nearest in its logarithm, of two the finer), at the nearest place: the
 * landmarks of a stage share it equally, each lies in the middle of its share, and of two that are as near the one with the
 * more similar receptive field is taken. Landmarks are the layers whose units see more than those that they read:
 * convolutions larger than 1 × 1, and concatenations instead of the branches that meet in them. Any other layer lies where
 * the next landmark of its stage does.
 *
 * The relative depth follows how Gatys et al. 2016 (section 3.2) name layers of VGG-19 by stage and place; there is no exact
 * answer, since two networks learn different things at the same depth.
 */
export function matchLayers(from: ModelCard, to: ModelCard): Map<string, LayerMatch> {
  const theirs = layerDepths(to);
  const landmarks = landmarksOf(to);
  const reductions = [...new Set(landmarks.map((name) => theirs.get(name)!.stride))];
  return new Map([...layerDepths(from)].map(([name, depth]): [string, LayerMatch] => {
    if (theirs.get(name)?.stride === depth.stride) return [name, { from: name, to: name, by: "name", nearest: false }];
    const stride = least(reductions, (one) => [Math.abs(Math.log2(one / depth.stride)), one]);
    const found = least(landmarks.filter((one) => theirs.get(one)!.stride === stride), (one) => {
      const { place, size } = theirs.get(one)!;
      return [Math.abs(place - depth.place), Math.abs(Math.log2(size / depth.size))];
    });
    return [name, { from: name, to: found, by: "depth", nearest: stride !== depth.stride }];
  }));
}

/** Where each layer of a network lies, in the network's order. */
export function layerDepths(card: ModelCard): Map<string, LayerDepth> {
  const fields = new Map(card.layers.map(({ name }) => [name, receptiveField(card, name)]));
  const landmarks = landmarksOf(card);
  const order = card.layers.map(({ name }) => name);
  return new Map(order.map((name, i) => {
    const field = fields.get(name)!;
    const stage = landmarks.filter((one) => fields.get(one)!.stride === field.stride);
    const next = stage.findIndex((one) => order.indexOf(one) >= i);
    // behind the last landmark, or in a stage without any
    const at = next < 0 ? Math.max(0, stage.length - 1) : next;
    return [name, { ...field, place: (at + 0.5) / Math.max(1, stage.length) }];
  }));
}

/** Layers whose units see more than those that they read, in the network's order; all convolutions where a network has none. */
function landmarksOf({ layers }: ModelCard): string[] {
  const branches = new Set(layers.flatMap((layer) => (layer.kind === "concat" ? layer.input : [])));
  const seesMore = (layer: LayerSpec) => layer.kind === "concat" || (layer.kind === "conv" && layer.kernel > 1);
  const found = layers.filter((layer) => seesMore(layer) && !branches.has(layer.name));
  return (found.length > 0 ? found : layers.filter(({ kind }) => kind === "conv")).map(({ name }) => name);
}

/** The item of the least rank; the first number of a rank counts most. */
function least<T>(items: readonly T[], rank: (item: T) => readonly number[]): T {
  const ranked = items.map((item) => ({ item, by: rank(item) }));
  return ranked.reduce((best, one) => {
    // places are fractions: what is equal but for rounding is equal
    const differing = one.by.findIndex((number, i) => Math.abs(number - best.by[i]) > 1e-9);
    return differing >= 0 && one.by[differing] < best.by[differing] ? one : best;
  }).item;
}

/** The layers that settings read, content first, then style in the order of the settings. */
export function layersRead({ contentLayer, styleLayers }: Pick<TransferSettings, "contentLayer" | "styleLayers">): string[] {
  return [...new Set([...(contentLayer === null ? [] : [contentLayer]), ...Object.keys(styleLayers)])];
}

/**
 * Settings with the layers of another network. Style layers that come to the same layer have their weights added up.
 * @param matches by the names of the layers that the settings read
 * @param order the other network's card: its style layers are named in its order
 * @throws Error naming a layer without a match
 */
export function matchedSettings(settings: TransferSettings, matches: ReadonlyMap<string, Pick<LayerMatch, "to">>, order: ModelCard): TransferSettings {
  const to = (layer: string): string => {
    const match = matches.get(layer);
    if (!match) throw new Error(`There is no layer “${layer}” to find the like of in ${order.title}.`);
    return match.to;
  };
  const weights: LayerWeights = {};
  for (const [layer, weight] of Object.entries(settings.styleLayers)) weights[to(layer)] = (weights[to(layer)] ?? 0) + weight;
  const named = order.layers.map(({ name }) => name).filter((name) => name in weights);
  return {
    ...settings,
    contentLayer: settings.contentLayer === null ? null : to(settings.contentLayer),
    // a match that is no layer stays, so that whoever checks the settings complains of it
    styleLayers: Object.fromEntries([...new Set([...named, ...Object.keys(weights)])].map((name) => [name, weights[name]])),
  };
}
