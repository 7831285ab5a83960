import { createNetwork, disposeNetwork, type Network } from "../nst/network";
import { parseModelCard } from "../nst/card";
import { readSafetensors, WeightsError } from "../nst/safetensors";
import type { NetworkSource } from "./protocol";
import { SharedValues } from "./shared-values";

/**
 * Fetches a network's weights, checks them against its card, and puts them on the backend.
 * @returns a network that the caller disposes
 * @throws WeightsError when the file is missing, is not the one that the card names, or does not fit it
 */
export async function loadNetwork(source: NetworkSource): Promise<Network> {
  const card = parseModelCard(source.card);
  const address = new URL(card.weights.file, source.base).href;
  const response = await fetch(address).catch(() => null);
  if (!response) throw new WeightsError(`${card.weights.file} of ${card.title} cannot be fetched from ${address}. Is the server still there?`);
  if (!response.ok) throw new WeightsError(`${card.weights.file} of ${card.title} is not at ${address} (${response.status}). Put it beside model.json.`);
  const bytes = await response.arrayBuffer();
  await checkDigest(bytes, card.weights.sha256, `${card.weights.file} of ${card.title}`);
  return createNetwork(card, readSafetensors(bytes, `${card.weights.file} of ${card.title}`));
}

/** Pages served without https have no crypto.subtle: there the shapes alone are checked. */
async function checkDigest(bytes: ArrayBuffer, wanted: string | undefined, name: string): Promise<void> {
  if (!wanted || !globalThis.crypto?.subtle) return;
  const digest = [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))].map((b) => b.toString(16).padStart(2, "0")).join("");
  if (digest !== wanted.toLowerCase()) throw new WeightsError(`${name} is not the file that model.json describes (${bytes.byteLength} bytes, SHA-256 ${digest.slice(0, 12)}… instead of ${wanted.slice(0, 12)}…). It may be cut off or another version: fetch both files again.`);
}

const networks = new SharedValues<Network>(disposeNetwork);
let idle: { key: string; release: () => void } | null = null;

/**
 * A network shared by all who use it. The one used last stays loaded when nobody uses it, so that starting again is quick.
 */
export async function acquireNetwork(source: NetworkSource): Promise<{ value: Network; release: () => void }> {
  const key = `${source.base}${source.card.weights.file} ${JSON.stringify(source.card)}`;
  const shared = await networks.acquire(key, () => loadNetwork(source));
  if (idle?.key !== key) {
    idle?.release();
    idle = { key, release: networks.hold(key) };
  }
  return shared;
}
