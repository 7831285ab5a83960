import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModelCard } from "../../src/nst/model-card";
import { readSafetensors, type StoredTensor } from "../../src/nst/safetensors";
import { squeezenetCard } from "../../src/nst/squeezenet";

/** Where weights lie that are not part of the repository: `$NST_MODELS`, or `shared/models` beside it. */
const FOLDER = process.env["NST_MODELS"] ?? fileURLToPath(new URL("../../../shared/models", import.meta.url));

/**
 * The path of a real network's file, for tests of what only trained weights show.
 * @param name for example "squeezenet1_1.safetensors"
 * @returns null when it is not there, after saying so: the caller skips its tests
 */
export function extraModel(name: string): string | null {
  const path = join(FOLDER, name);
  if (existsSync(path)) return path;
  console.warn(`NOT TESTED: ${name} is not in ${FOLDER}. What is known of real weights alone is skipped; set NST_MODELS to a folder that holds it.`);
  return null;
}

/**
 * The trained SqueezeNet 1.1 (the authors' Caffe release) under our names, read as it wants its pixels; null if its file
 * is not there.
 */
export function trainedSqueezenet(): { card: ModelCard; weights: Map<string, StoredTensor> } | null {
  const path = extraModel("squeezenet1_1.safetensors");
  if (path === null) return null;
  const file = readFileSync(path);
  const stored = readSafetensors(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
  const card = squeezenetCard("1.1");
  const weights = new Map<string, StoredTensor>();
  for (const { kind, name } of card.layers) {
    if (kind !== "conv") continue;
    const [, fire, part] = /^fire(\d)_(\w+)$/.exec(name) ?? [];
    // where torchvision's list has the modules fire2 … fire9
    const theirs = fire ? `features.${[3, 4, 6, 7, 9, 10, 11, 12][Number(fire) - 2]}.${part}` : "features.0";
    weights.set(`${name}.kernel`, stored.get(`${theirs}.weight`)!);
    weights.set(`${name}.bias`, stored.get(`${theirs}.bias`)!);
  }
  return { card, weights };
}
