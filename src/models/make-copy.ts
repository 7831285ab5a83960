import { decodeNumbers } from "../nst/decode-numbers";
import { WeightsError } from "../nst/safetensors";
import { fingerprint } from "./fingerprint";
import type { ImportTask } from "./import-job";
import { finishInOrder, memoryOf, type Progress } from "./keep-converted";
import type { KeptNetwork } from "./kept-network";
import type { NetworkStore } from "./network-store";
import { statisticsOf } from "./plausible";
import { factors, rescale, rescaledCard } from "./rescale";
import { smaller, smallerCard, type CopyTensor } from "./smaller";

/**
 * Keeps a copy of a kept network beside it: with fewer bits, or with rescaled filters. One tensor at a time.
 * @throws WeightsError when the network is not kept, or is not what was kept
 */
export async function makeCopy(task: Extract<ImportTask, { kind: "copy" }>, store: NetworkStore, progress: Progress): Promise<KeptNetwork> {
  const { id, how, means } = task;
  const network = await store.get(id);
  if (!network) throw new WeightsError(`The network “${id}” is not kept in this browser (any more), so no copy of it can be made.`);
  if (how === "rescaled" && !means) throw new WeightsError("Filters are rescaled by the mean activations of their channels, and none were measured.");
  const { card } = network;
  const byLayer = how === "rescaled" ? factors(card, means!) : null;
  const change = (tensor: CopyTensor): CopyTensor[] => (how === "rescaled" ? [rescale(tensor, card.weights.kernelLayout, byLayer!)] : smaller(tensor, card.weights.kernelLayout, how));
  const made = how === "rescaled" ? rescaledCard(card) : smallerCard(card, how);
  progress.begin("keeping", 0, network.bytes);
  const writer = await store.begin({ id: made.id, card: made, origin: `made in this browser of ${card.title}`, licence: network.licence, memory: memoryOf(card), copyOf: id, made: how }, { key: fingerprint(task) });
  for (const { key, bytes } of network.tensors) {
    for (const tensor of change({ key, ...(await store.tensor(id, key)) })) {
      const { mean, deviation, largest } = statisticsOf(decodeNumbers(tensor.format, tensor.bytes));
      await writer.put({ ...tensor, stats: { mean, deviation, largest } });
    }
    progress.add(bytes);
  }
  const layers = card.layers.flatMap((layer) => (layer.kind === "conv" ? [layer.name] : []));
  return finishInOrder(writer, layers);
}
