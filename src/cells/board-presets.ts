/** Choices of style layers that people have made, for any network. No DOM in here. */
import type { ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { LayerWeights } from "../nst/settings";
import { blockLayers } from "./layer-choice";

/** What a preset of the board changes; what is absent stays. */
export interface BoardPreset {
  /** on its button */
  title: string;
  /** what it does, in a sentence */
  note: string;
  styleLayers: LayerWeights;
  contentLayer?: string;
  alphaTimesM?: number;
  beta?: number;
}

/** Weights of the loss in Katherine Crowson's style-transfer-pytorch, first layer to last. */
const GEOMETRIC = [256, 64, 16, 4, 1];

/**
 * The presets for a network. The weights of all but the network's own add up to 1, so that β stays the strength of the
 * style as a whole. They take one layer of each of the first five blocks: conv1_1 to conv5_1 of VGG.
 */
export function boardPresets(card: ModelCard): BoardPreset[] {
  const five = blockLayers(card).slice(0, 5);
  const names = five.map(({ name }) => name);
  const half = Math.floor(names.length / 2);
  const list = (layers: readonly string[]) => layers.map(paperName).join(", ");
  const { contentLayer, styleLayers, alphaTimesM, beta } = card.defaults;
  const even = (layers: readonly string[]) => weighted(layers, layers.map(() => 1));
  return [
    { title: "the network’s own", note: "What the network recommends: layers, weights, α · M and β.", styleLayers, contentLayer, alphaTimesM, beta },
    isVgg(names)
      ? { title: "the paper’s five", note: `${list(names)}, all alike, as in the paper of 2015.`, styleLayers: even(names) }
      : { title: "one a block", note: `${list(names)}, all alike: one layer of each size of maps.`, styleLayers: even(names) },
    { title: "only shallow", note: `${list(names.slice(0, half))}: colours and grain.`, styleLayers: even(names.slice(0, half)) },
    { title: "only deep", note: `${list(names.slice(-half))}: whole forms, without their grain.`, styleLayers: even(names.slice(-half)) },
    { title: "1/N²", note: "The same, each divided by the square of the number N of its maps, as in the code that Gatys published.", styleLayers: weighted(names, five.map(({ channels }) => 1 / channels ** 2)) },
    { title: "geometric", note: `The same as ${GEOMETRIC.slice(0, names.length).join(" : ")}, Crowson’s weights (there for another measure of style).`, styleLayers: weighted(names, GEOMETRIC) },
    { title: "none", note: "No style layer: the content alone.", styleLayers: {} },
  ];
}

/** The layers and weights are what the preset makes of them. */
export function isPreset(preset: BoardPreset, now: Required<Omit<BoardPreset, "title" | "note" | "contentLayer">> & { contentLayer: string | null }): boolean {
  const weights = Object.entries(preset.styleLayers);
  return (
    weights.length === Object.keys(now.styleLayers).length &&
    weights.every(([name, weight]) => near(now.styleLayers[name], weight)) &&
    (preset.contentLayer ?? now.contentLayer) === now.contentLayer &&
    near(now.alphaTimesM, preset.alphaTimesM ?? now.alphaTimesM) &&
    near(now.beta, preset.beta ?? now.beta)
  );
}

const isVgg = (names: readonly string[]): boolean => names.length === 5 && names.every((name) => name !== paperName(name));

const near = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) <= 1e-6 * Math.abs(b);

/** In proportion to `parts`, adding up to 1. */
function weighted(names: readonly string[], parts: readonly number[]): LayerWeights {
  const sum = names.reduce((all, _, i) => all + parts[i], 0);
  return Object.fromEntries(names.map((name, i) => [name, Number((parts[i] / sum).toPrecision(6))]));
}
