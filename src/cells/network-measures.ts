/** Measures networks with the sample pictures, in the lab: sanity test, means of channels, what a copy differs by. */
import type { NetworkSource } from "../kernel/protocol";
import type { CopyDifference, SanityResult } from "../models/kept-network";
import { compareInputs, judge, type LayerMeasure, sanityPooling, type TriedInput } from "../models/sanity";
import type { InputSpec } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { Kernels } from "./context";
import { sameInput } from "./network-words";
import { fetchSample } from "./picture-sources";
import { SAMPLES } from "./samples";

/** For whoever waits. */
export interface Watch {
  signal?: AbortSignal;
  /** parts done, of how many */
  progress?(done: number, of: number): void;
}

/** Side in pixels at which the sanity test reads the photographs: VGG-19 takes seconds, and its deepest layers still have 7 × 7 positions. */
const SANITY_SIZE = 112;
/** … at which the means of channels are taken: as nets of this kind were trained, a little smaller. */
const MEANS_SIZE = 192;
/** Content and style of short runs. */
export const PAIR = ["neuschwanstein.jpg", "great-wave.jpg"] as const;

/**
 * Reads the sample photographs with a network and judges what its layers answer.
 * @param network only its card and address are used: `{ card, base }`
 * @throws Error when the network cannot be loaded or a sample not be fetched; the signal's reason when it is given up
 */
export async function sanityOf({ lab }: Kernels, network: NetworkSource, watch: Watch = {}): Promise<SanityResult> {
  const [measures] = await answers(lab, network, [network.card.input], watch);
  return judge(measures, network.card);
}

/**
 * The sanity test with every way of reading pixels in turn, the card's own among them; the weights are loaded once.
 * @param inputs by name, as INPUTS
 * @returns those that pass first; `says` what the numbers tell, and what they cannot
 */
export async function tryInputs({ lab }: Kernels, network: NetworkSource, inputs: Readonly<Record<string, { title: string; input: InputSpec }>>, watch: Watch = {}): Promise<{ tried: TriedInput[]; says: string[] }> {
  const named = Object.entries(inputs);
  if (!named.some(([, { input }]) => sameInput(input, network.card.input))) named.unshift(["own", { title: "As it reads them now", input: network.card.input }]);
  const measures = await answers(lab, network, named.map(([, { input }]) => input), watch);
  return compareInputs(named.map(([name, { title, input }], i) => ({ name, title, input, measures: measures[i] })), network.card);
}

/**
 * Mean activation of every channel of every convolution, after its ReLU, over all sample pictures and positions, with average
 * pooling: what the paper's rescaling divides filters by.
 * @returns by layer, [n]
 */
export async function channelMeans({ lab }: Kernels, network: NetworkSource, { signal, progress }: Watch = {}): Promise<Record<string, Float32Array>> {
  const pictures = await squares(lab, SAMPLES.map(({ src }) => src), MEANS_SIZE, signal);
  let means: Record<string, Float32Array> = {};
  for await (const item of lab.stream("network.means", { network: plain(network), pictures, pooling: "average" }, { signal })) {
    means = item.means ?? means;
    progress?.(item.done, item.of);
  }
  return means;
}

/**
 * What a copy costs: the same short run with the network that it was made of and with the copy.
 * @param options `size` in pixels, `steps` of each of both runs
 */
export async function differenceOf({ lab }: Kernels, original: NetworkSource, copy: NetworkSource, { signal, progress, size = 128, steps = 20 }: Watch & { size?: number; steps?: number } = {}): Promise<CopyDifference> {
  const [content, style] = await squares(lab, PAIR, size, signal);
  let difference: CopyDifference | null = null;
  for await (const item of lab.stream("network.difference", { a: plain(original), b: plain(copy), content, style, size, steps }, { signal })) {
    difference = item.difference ?? difference;
    progress?.(item.done, item.of);
  }
  if (!difference) throw new Error("The comparison ended before both networks had run. Start it again.");
  return difference;
}

async function answers(lab: Kernels["lab"], network: NetworkSource, inputs: readonly InputSpec[], { signal, progress }: Watch): Promise<LayerMeasure[][]> {
  const photographs = SAMPLES.filter(({ kind }) => kind === "photograph").map(({ src }) => src);
  const pictures = await squares(lab, photographs, SANITY_SIZE, signal);
  const measures: LayerMeasure[][] = [];
  for (const input of inputs) {
    measures.push(await lab.call("network.answers", { network: plain(network), pictures, pooling: sanityPooling(network.card), input }, { signal }));
    progress?.(measures.length, inputs.length);
  }
  return measures;
}

/** Without what else a value of a cell has. */
const plain = ({ card, base, random }: NetworkSource): NetworkSource => ({ card, base, ...(random !== undefined && { random }) });

/** The middle squares of sample pictures. */
export async function squares(lab: Kernels["lab"], names: readonly string[], side: number, signal?: AbortSignal): Promise<Picture[]> {
  const pictures: Picture[] = [];
  for (const name of names) {
    signal?.throwIfAborted();
    // without the signal: what the worker has opened must come back to be closed
    const { id, preview, width, height } = await lab.call("picture.open", await fetchSample(name));
    preview.close();
    const least = Math.min(width, height);
    const crop = { x: Math.floor((width - least) / 2), y: Math.floor((height - least) / 2), width: least, height: least };
    try {
      pictures.push(await lab.call("picture.crop", { id, crop, width: side, height: side }, { signal }));
    } finally {
      await lab.call("picture.close", { id });
    }
  }
  return pictures;
}
