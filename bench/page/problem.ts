/** One and the same style transfer for all paths, as plain data: no tensors, no computation. */
import type { ModelCard, Picture, StoredTensor, TransferDefaults } from "../../src/nst";
import { parseModelCard, randomWeights, readSafetensors, vggCard } from "../../src/nst";
import type { BenchCase } from "./cases";

export interface Problem {
  card: ModelCard;
  weights: Map<string, StoredTensor>;
  settings: TransferDefaults;
  content: Picture;
  style: Picture;
  /** what the generated picture starts from: neither of the two, so that every cost counts */
  start: Picture;
}

/** A step of a path: moves the picture, and tells J of the picture as it was before. */
export interface Stepper {
  step(): Promise<number>;
  dispose(): void;
}

/** @param base address of the folder that holds models/ */
export async function loadNetworkData(network: BenchCase["network"], base: string): Promise<Pick<Problem, "card" | "weights">> {
  if (network === "vgg19") {
    const card = vggCard(19);
    return { card, weights: randomWeights(card, 1) };
  }
  const folder = new URL(`models/${network}/`, base);
  const card = parseModelCard(await (await fetch(new URL("model.json", folder))).json());
  const bytes = await (await fetch(new URL(card.weights.file, folder))).arrayBuffer();
  return { card, weights: readSafetensors(bytes, card.weights.file) };
}

export function problem(network: Pick<Problem, "card" | "weights">, size: number): Problem {
  return { ...network, settings: network.card.defaults, content: waves(size, 1), style: waves(size, 5), start: waves(size, 11) };
}

/** Coloured waves with values in [0, 1]; `pitch` waves from side to side. */
function waves(size: number, pitch: number): Picture {
  const data = new Float32Array(size * size * 3);
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (let c = 0; c < 3; c++) data[i++] = 0.5 + 0.25 * Math.sin((2 * Math.PI * pitch * (x + c * y)) / size) + 0.2 * Math.cos((2 * Math.PI * (pitch + c) * y) / size);
  return { width: size, height: size, data };
}

/** Bytes of the outputs of the convolutions up to the deepest layer that a cost looks at. */
export function activationBytes({ card, settings }: Problem, size: number): number {
  const last = Math.max(...[...Object.keys(settings.styleLayers), settings.contentLayer].map((name) => card.layers.findIndex((layer) => layer.name === name)));
  let side = size;
  let bytes = 0;
  for (const layer of card.layers.slice(0, last + 1)) {
    if (layer.kind === "pool") side = Math.floor(side / layer.stride);
    if (layer.kind === "conv") bytes += side * side * layer.channels * 4;
  }
  return bytes;
}
