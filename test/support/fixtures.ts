import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseModelCard, readSafetensors, type ModelCard, type StoredTensor } from "../../src/nst";
import type { Fixture } from "./parity";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** A file of the repository as an ArrayBuffer of its own. */
export function bytesOf(path: string): ArrayBuffer {
  const file = readFileSync(at(path));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

/** test/fixtures/<name>.json and .safetensors */
export function fixture(name: string): Fixture {
  return { json: JSON.parse(readFileSync(at(`test/fixtures/${name}.json`), "utf8")), tensors: readSafetensors(bytesOf(`test/fixtures/${name}.safetensors`)) };
}

/** The embedded default network as it is shipped. */
export function slim(): { card: ModelCard; weights: Map<string, StoredTensor> } {
  return {
    card: parseModelCard(JSON.parse(readFileSync(at("public/models/vgg19-slim/model.json"), "utf8"))),
    weights: readSafetensors(bytesOf("public/models/vgg19-slim/weights.safetensors")),
  };
}
