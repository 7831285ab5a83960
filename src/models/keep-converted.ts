/** From a recognised file to a kept network: what a dropped file and a download have in common. */
import { parameters } from "../nst/parameters";
import type { ModelCard } from "../nst/model-card";
import type { ConvertedTensor } from "./convert";
import type { KeptNetwork } from "./kept-network";
import type { ImportPhase } from "./import-job";
import type { DraftEntry } from "./network-disk";
import type { NetworkWriter } from "./network-writer";
import type { Recognised, RecognisedLayer } from "./recognised";

/** Who hears how far an import is. */
export interface Progress {
  recognised(what: { title: string; inputFrom: string }): void;
  /** a phase begins, with so many bytes done of so many */
  begin(phase: ImportPhase, done: number, of: number): void;
  add(bytes: number): void;
  /** a sentence or two; "" takes back what was said */
  say(message: string): void;
}

/** What is known of a network before its numbers have been read. */
export function networkOf({ id: proposed, card, licence }: Pick<Recognised, "id" | "card" | "licence">, said: { origin: string; licence?: string; id?: string; input?: ModelCard["input"] }): DraftEntry["network"] {
  const id = said.id ?? proposed;
  const { kernelLayout, dtype } = card.weights;
  return {
    id,
    card: { ...card, id, input: said.input ?? card.input, weights: { file: "weights.safetensors", kernelLayout, dtype } },
    origin: said.origin,
    licence: said.licence ?? licence,
    memory: memoryOf(card),
  };
}

/** Bytes of the weights while a network is in use: 32 bits a number, and the kernels once more, turned for the way back. */
export function memoryOf(card: ModelCard): number {
  const biases = card.layers.reduce((sum, layer) => sum + (layer.kind === "conv" ? layer.channels : 0), 0);
  return 4 * (2 * parameters(card) - biases);
}

/** The keys under which a layer's numbers are kept, in the order in which they are counted. */
const keysOf = (layer: string): string[] => [`${layer}.kernel`, `${layer}.kernel_scale`, `${layer}.bias`];

/** All numbers of this layer are kept already. */
export function layerComplete(writer: NetworkWriter, { layer }: RecognisedLayer): boolean {
  const kernel = writer.has(`${layer}.kernel`);
  return kernel !== null && writer.has(`${layer}.bias`) !== null && (kernel.format !== "I8" || writer.has(`${layer}.kernel_scale`) !== null);
}

/** Keeps tensors as they come, one at a time. */
export async function keepConverted(tensors: AsyncIterable<ConvertedTensor>, writer: NetworkWriter, progress: Progress): Promise<void> {
  for await (const tensor of tensors) {
    await writer.put(tensor);
    progress.add(tensor.bytes.length);
  }
}

/** Lists the network, its tensors in the order of its card's layers. */
export function finishInOrder(writer: NetworkWriter, layers: readonly string[]): Promise<KeptNetwork> {
  return writer.finish(layers.flatMap(keysOf).filter((key) => writer.has(key)));
}
