import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { ModelCard } from "../nst/model-card";
import type { RawTensor } from "./archive";
import type { KeptNetwork } from "./kept-network";
import { PIECE_BYTES } from "./network-disk";
import { safetensorsHeader } from "./write-safetensors";

/** Where a weights file of ours carries its network's card: it can be dropped on the page alone. */
export const CARD_KEY = "nst.card";

/**
 * A kept network as files, as they lie in public/models/<id>/. Tensors are read one by one, and a Blob's bytes are the
 * browser's business: they are never in the page's memory together.
 * @throws whatever `read` throws
 */
export async function networkFile(network: KeptNetwork, read: (key: string) => Promise<RawTensor>, file: "model.json" | "weights.safetensors"): Promise<Blob> {
  const header = safetensorsHeader(network.tensors, { [CARD_KEY]: JSON.stringify(plainCard(network)) });
  if (file === "weights.safetensors") {
    const parts: Blob[] = [new Blob([header])];
    for await (const piece of numbers(network, read)) parts.push(new Blob([piece]));
    return new Blob(parts, { type: "application/octet-stream" });
  }
  const digest = sha256.create().update(header);
  for await (const piece of numbers(network, read)) digest.update(piece);
  const card: ModelCard = { ...network.card, weights: { ...network.card.weights, file: "weights.safetensors", sha256: bytesToHex(digest.digest()) } };
  return new Blob([`${JSON.stringify(card, null, 2)}\n`], { type: "application/json" });
}

/** All numbers in order, in pieces that are small enough for the page to do something else between two of them. */
async function* numbers({ tensors }: KeptNetwork, read: (key: string) => Promise<RawTensor>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const { key } of tensors) {
    const { bytes } = await read(key);
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield bytes.subarray(at, at + PIECE_BYTES) as Uint8Array<ArrayBuffer>;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}

/** Without what stands for the file itself: it cannot be part of the file. */
function plainCard({ card, licence, origin }: KeptNetwork): ModelCard {
  const { file, kernelLayout, dtype } = card.weights;
  return { ...card, weights: { file, kernelLayout, dtype }, credits: { weights: origin, licence, ...card.credits } };
}
