/** A network as files: public/models/<id>/{model.json,weights.safetensors}. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, rename, rm, writeFile, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { ModelCard } from "../../nst/model-card";
import { WeightsError } from "../../nst/safetensors";
import { CARD_KEY } from "../network-file";
import type { CopyTensor } from "../smaller";
import { safetensorsHeader, type TensorPlace } from "../write-safetensors";

const PIECE = 2 ** 20;

/**
 * Writes tensors as they come: one is in memory at a time. The folder appears when everything is in it.
 * @param models public/models
 * @param replace deletes a network of that id first; else it is an error
 * @returns bytes of the weights file
 * @throws WeightsError when there is such a folder, or the disk is full
 */
export async function writeNetwork(models: string, card: ModelCard, tensors: AsyncIterable<CopyTensor>, replace: boolean): Promise<number> {
  const folder = join(models, card.id);
  checkFree(models, card.id, replace);
  // its name begins with a point: whoever lists networks passes it over
  const draft = join(models, `.${card.id}-${process.pid}`);
  await mkdir(draft, { recursive: true });
  try {
    const { bytes, sha256 } = await writeWeights(draft, card, tensors);
    await writeFile(join(draft, "model.json"), `${JSON.stringify({ ...card, weights: { ...card.weights, sha256 } }, null, 2)}\n`);
    if (replace) await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return bytes;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if ((error as { code?: string }).code === "ENOSPC") throw new WeightsError(`The disk is full: ${folder} could not be written. Make room, or say --precision fp16.`);
    throw error;
  }
}

/** @throws WeightsError when there is a network of that id, and it is not to be replaced */
export function checkFree(models: string, id: string, replace: boolean): void {
  if (!replace && existsSync(join(models, id))) throw new WeightsError(`There is a network “${id}” already. Say --id with another name, or --replace.`);
}

async function writeWeights(folder: string, card: ModelCard, tensors: AsyncIterable<CopyTensor>): Promise<{ bytes: number; sha256: string }> {
  const numbersPath = join(folder, "numbers");
  const places: TensorPlace[] = [];
  const numbers = await open(numbersPath, "wx+");
  const weights = await open(join(folder, card.weights.file), "wx");
  try {
    // the list of tensors stands before them, and is known behind them
    for await (const { key, format, shape, bytes } of tensors) {
      await writeAll(numbers, bytes);
      places.push({ key, format, shape, bytes: bytes.length });
    }
    const header = safetensorsHeader(places, { [CARD_KEY]: JSON.stringify(card) });
    const digest = createHash("sha256").update(header);
    await writeAll(weights, header);
    const of = places.reduce((sum, { bytes }) => sum + bytes, 0);
    const piece = new Uint8Array(PIECE);
    for (let at = 0; at < of; ) {
      const { bytesRead } = await numbers.read(piece, 0, PIECE, at);
      const part = piece.subarray(0, bytesRead);
      digest.update(part);
      await writeAll(weights, part);
      at += bytesRead;
    }
    return { bytes: header.length + of, sha256: digest.digest("hex") };
  } finally {
    await numbers.close();
    await weights.close();
    await rm(numbersPath, { force: true });
  }
}

/** A write may take less than it is given. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
}
