import { WeightsError } from "../nst/safetensors";
import { download } from "./download";
import { downloadKey } from "./fingerprint";
import type { Progress } from "./keep-converted";
import type { KeptNetwork } from "./kept-network";
import { DamagedError, type NetworkStore } from "./network-store";
import type { RemoteOptions } from "./remote-file";
import { sourceOfOrigin } from "./sources";

/**
 * Compares every tensor of a kept network with its SHA-256; where it came from a public file, those that are damaged are
 * fetched again, and no others.
 * @throws WeightsError naming what is damaged, when it came from elsewhere
 */
export async function repair(id: string, store: NetworkStore, progress: Progress, options: RemoteOptions = {}): Promise<KeptNetwork> {
  const network = await store.get(id);
  if (!network) throw new WeightsError(`The network “${id}” is not kept in this browser (any more).`);
  progress.begin("reading", 0, network.bytes);
  const damaged: string[] = [];
  for (const { key, bytes } of network.tensors) {
    await store.tensor(id, key).catch((error: unknown) => {
      if (!(error instanceof DamagedError)) throw error;
      damaged.push(key);
    });
    progress.add(bytes);
  }
  if (damaged.length === 0) return network;
  const source = sourceOfOrigin(network.origin);
  if (!source) throw new WeightsError(`Of ${network.card.title} is damaged: ${damaged.join(", ")}. It came from ${network.origin}: remove it, and bring it along again.`);
  await store.reopen(id, damaged, { key: downloadKey(source.id), source: source.id });
  return download(source, store, progress, options);
}
