import { KEPT_NAME, keptId } from "../models/kept-base";
import { NetworkStore } from "../models/network-store";
import { createNetwork, createNetworkFrom, disposeNetwork, type Network } from "../nst/network";
import { parseModelCard } from "../nst/card";
import { decodeNumbers } from "../nst/decode-numbers";
import type { ModelCard } from "../nst/model-card";
import { parameters } from "../nst/parameters";
import { openSafetensors, WeightsError } from "../nst/safetensors";
import type { NetworkSource } from "./protocol";
import { randomWeights } from "../nst/vgg";
import { SharedValues } from "./shared-values";

/**
 * Fetches a network's weights, checks them against its card, and puts them on the backend, one tensor at a time.
 * With `source.random` the weights are random numbers of that seed, and nothing is fetched. Those of a kept network come
 * from this browser's storage, where each is compared with its SHA-256.
 * @returns a network that the caller disposes
 * @throws WeightsError when the file is missing, is not the one that the card names, or does not fit it
 */
export async function loadNetwork(source: NetworkSource): Promise<Network> {
  const card = parseModelCard(source.card);
  if (source.random !== undefined) return createNetwork({ ...card, weights: { ...card.weights, kernelLayout: "HWIO" } }, randomWeights(card, source.random));
  const kept = keptId(source.base);
  if (kept !== null) return loadKept(kept, card);
  const address = new URL(card.weights.file, source.base).href;
  const response = await fetch(address).catch(() => null);
  if (!response) throw new WeightsError(`${card.weights.file} of ${card.title} cannot be fetched from ${address}. Is the server still there?`);
  if (!response.ok) throw new WeightsError(`${card.weights.file} of ${card.title} is not at ${address} (${response.status}). Put it beside model.json.`);
  const bytes = await response.arrayBuffer();
  await checkDigest(bytes, card.weights.sha256, `${card.weights.file} of ${card.title}`);
  const file = await openSafetensors(bytes, `${card.weights.file} of ${card.title}`);
  return createNetworkFrom(card, (key) => file.read(key));
}

let store: NetworkStore | null = null;

function loadKept(id: string, card: ModelCard): Promise<Network> {
  const networks = (store ??= new NetworkStore(KEPT_NAME));
  return createNetworkFrom(card, async (key) => {
    const { format, shape, bytes } = await networks.tensor(id, key);
    return { dtype: format, shape, data: decodeNumbers(format, bytes) };
  });
}

/** Pages served without https have no crypto.subtle: there the shapes alone are checked. */
async function checkDigest(bytes: ArrayBuffer, wanted: string | undefined, name: string): Promise<void> {
  if (!wanted || !globalThis.crypto?.subtle) return;
  const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (digest !== wanted.toLowerCase()) throw new WeightsError(`${name} is not the file that model.json describes (${bytes.byteLength} bytes, SHA-256 ${digest.slice(0, 12)}… instead of ${wanted.slice(0, 12)}…). It may be cut off or another version: fetch both files again.`);
}

const networks = new SharedValues<Network>(disposeNetwork);
/** Networks that stay loaded although nobody uses them, the last used first. */
let idle: { key: string; size: number; release: () => void }[] = [];
/** Parameters that idle networks hold together, apart from the last used: a slim one and its random twin, not two VGG-19. */
const IDLE_PARAMETERS = 15e6;

/**
 * A network shared by all who use it. The ones used last stay loaded when nobody uses them, so that starting again is
 * quick, and so is looking at two of them in turn.
 */
export async function acquireNetwork(source: NetworkSource): Promise<{ value: Network; release: () => void }> {
  const key = networkKey(source);
  const shared = await networks.acquire(key, () => loadNetwork(source));
  const known = idle.find((one) => one.key === key);
  idle = [known ?? { key, size: parameters(source.card), release: networks.hold(key) }, ...idle.filter((one) => one !== known)];
  for (let total = 0, i = 1; i < idle.length; i++) {
    total += idle[i].size;
    if (total > IDLE_PARAMETERS) for (const { release } of idle.splice(i)) release();
  }
  return shared;
}

/** Tells networks apart: by their files and card, and whether their weights are random. */
export function networkKey({ base, card, random }: NetworkSource): string {
  return `${random === undefined ? "" : `random ${random} `}${base}${card.weights.file} ${JSON.stringify(card)}`;
}
