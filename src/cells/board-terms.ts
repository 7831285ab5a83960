/** The terms of J as the board lists them, and what each pulls. No DOM in here. */
import type { Measure } from "../kernel/protocol";
import { layerShapes } from "../nst/layer-shapes";
import type { ModelCard } from "../nst/model-card";
import type { LayerWeights, TransferSettings } from "../nst/settings";

export interface BoardTerm {
  /** "content", "tv", or the Keras name of a style layer */
  name: string;
  kind: "content" | "style" | "tv";
  /** that it is read at; null for total variation */
  layer: string | null;
  /** as it is chosen: α · M, w_l, τ */
  weight: number;
  /** as it stands in J: α, β · w_l, τ; NaN for a content layer that the network does not have */
  raw: number;
}

/** Content first, then the style layers in the network's order, then total variation, where it counts. */
export function boardTerms({ contentLayer, styleLayers, alphaTimesM, beta, totalVariation }: TransferSettings, card: ModelCard, width: number, height: number): BoardTerm[] {
  const shape = contentLayer === null ? undefined : layerShapes(card, width, height).get(contentLayer);
  return [
    ...(contentLayer === null ? [] : [{ name: "content", kind: "content" as const, layer: contentLayer, weight: alphaTimesM, raw: shape ? alphaTimesM / (shape.width * shape.height) : NaN }]),
    ...Object.entries(inOrder(styleLayers, card)).map(([layer, weight]) => ({ name: layer, kind: "style" as const, layer, weight, raw: beta * weight })),
    ...(totalVariation > 0 ? [{ name: "tv", kind: "tv" as const, layer: null, weight: totalVariation, raw: totalVariation }] : []),
  ];
}

/** Weights in the network's order; a layer that it does not have comes last, so that it can be said and taken away. */
export function inOrder(weights: LayerWeights, card: ModelCard): LayerWeights {
  const order = new Map(card.layers.map(({ name }, i) => [name, i]));
  const place = (name: string) => order.get(name) ?? Infinity;
  return Object.fromEntries(Object.entries(weights).sort(([a], [b]) => place(a) - place(b) || 0));
}

/** How long each term's gradient is for a weight of 1 in J, by name; a term whose weight is 0 is left out. */
export type UnitNorms = Readonly<Record<string, number>>;

/** @param measure with gradients */
export function unitNorms({ terms }: Measure): UnitNorms {
  return Object.fromEntries(terms.flatMap(({ name, weight, norm }) => (weight > 0 && norm !== undefined ? [[name, norm / weight]] : [])));
}

/**
 * The share of each term in the sum of the lengths of their gradients, in [0, 1], by name: Σ = 1. NaN for a term that has
 * not been measured, and for all where nothing pulls.
 */
export function sharesOf(terms: readonly BoardTerm[], norms: UnitNorms): Record<string, number> {
  const pull = ({ name, raw }: BoardTerm) => (raw === 0 ? 0 : raw * (norms[name] ?? NaN));
  const sum = terms.reduce((all, term) => all + (pull(term) || 0), 0);
  return Object.fromEntries(terms.map((term) => [term.name, pull(term) / sum]));
}
