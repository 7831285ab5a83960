/** TensorFlow.js: a model.json that lists the tensors, and shards that hold their numbers one after another. */
import { WeightsError } from "../nst/safetensors";
import { checkTensorCount, checkTensorSize, countNumbers, FORMAT_OF, someNames } from "./announced";
import { BYTES_PER_NUMBER, type ArchiveTensor, type FileSource, type NumberFormat, type WeightArchive } from "./archive";
import { dequantise, quantisationOf, type Quantisation } from "./dequantise";
import type { Limits } from "./limits";
import { joinedSource } from "./source";

/** What is used of a model.json. Everything in it is a stranger's word until it is checked. */
export interface TfjsModel {
  format?: unknown;
  generatedBy?: unknown;
  convertedBy?: unknown;
  weightsManifest: unknown[];
}

interface Group {
  paths: string[];
  weights: Placed[];
  bytes: number;
}

interface Placed {
  name: string;
  shape: number[];
  /** as it is read */
  format: NumberFormat;
  quantisation: Quantisation | null;
  /** in the group's bytes */
  from: number;
  to: number;
}

/** Tells a model.json of TensorFlow.js from other JSON. */
export function isTfjsModel(json: unknown): json is TfjsModel {
  return typeof json === "object" && json !== null && Array.isArray((json as TfjsModel).weightsManifest);
}

/**
 * @param list the file that `model` was read from, for messages and for its folder
 * @param others the files that came with it: shards are looked for among them and nowhere else
 * @throws WeightsError naming shards that are missing, cut off, too long, or of another model
 */
export function openTfjs(model: TfjsModel, list: FileSource, others: readonly FileSource[], limits: Limits): WeightArchive {
  const groups = model.weightsManifest.map((group) => groupOf(group, list.name, limits));
  const named = groups.flatMap(({ paths }) => paths);
  const shards = new Map(named.map((path) => [path, shardOf(path, list, others)]));
  const missing = named.filter((path) => !shards.get(path));
  if (missing.length > 0) {
    const all = others.length === 0 ? "Choose model.json and all files that lie beside it together" : "Choose them together with the others";
    throw new WeightsError(`“${list.name}” lists ${named.length} ${named.length === 1 ? "file" : "files"} of numbers; missing: ${someNames(missing, 5)}. ${all}.`);
  }
  const used = new Set(shards.values());
  const strange = others.filter((file) => !used.has(file) && /\.bin$/i.test(file.name)).map(({ name }) => name);
  if (strange.length > 0) throw new WeightsError(`${someNames(strange, 5)} ${strange.length === 1 ? "does" : "do"} not belong to “${list.name}”, which lists ${someNames(named, 5)}. Choose one model at a time.`);

  const tensors = groups.flatMap((group) => {
    const files = group.paths.map((path) => shards.get(path)!);
    checkLength(group, files, list.name);
    const numbers = joinedSource(files, list.name);
    return group.weights.map((placed) => tensorOf(placed, numbers, list.name, limits));
  });
  checkTensorCount(list.name, tensors.length, limits);
  if (tensors.length === 0) throw new WeightsError(`“${list.name}” lists no tensor. Convert the model again.`);
  const names = new Set<string>();
  for (const { name } of tensors) {
    if (names.has(name)) throw new WeightsError(`“${list.name}” lists “${name}” twice, so that one of them would be lost. Convert the model again.`);
    names.add(name);
  }
  const said = { format: model.format, generatedBy: model.generatedBy, convertedBy: model.convertedBy };
  return {
    format: "tfjs",
    name: list.name,
    size: list.size + [...used].reduce((sum, file) => sum + file!.size, 0),
    metadata: Object.fromEntries(Object.entries(said).filter((entry): entry is [string, string] => typeof entry[1] === "string")),
    tensors,
    close() {},
  };
}

function groupOf(group: unknown, file: string, limits: Limits): Group {
  const { paths, weights } = (group ?? {}) as { paths?: unknown; weights?: unknown };
  if (!Array.isArray(paths) || !Array.isArray(weights) || !paths.every((path): path is string => typeof path === "string")) throw new WeightsError(`“${file}” lists weights without the files that hold them. Convert the model again.`);
  checkTensorCount(file, Math.max(paths.length, weights.length), limits);
  for (const path of paths) {
    if (/^[/\\]|[:\\]|(^|\/)\.\.(\/|$)/.test(path)) throw new WeightsError(`“${file}” asks for “${path}”, which leads out of its folder. Only files that you choose are read; fetch the model again from a place that you trust.`);
  }
  let bytes = 0;
  const placed = weights.map((weight): Placed => {
    const { name, shape, dtype, quantization } = (weight ?? {}) as { name?: unknown; shape?: unknown; dtype?: unknown; quantization?: unknown };
    if (typeof name !== "string") throw new WeightsError(`“${file}” lists a tensor without a name. Convert the model again.`);
    const quantisation = quantisationOf(quantization, file, name);
    const format = quantisation?.becomes ?? (typeof dtype === "string" && Object.hasOwn(FORMAT_OF, dtype) ? FORMAT_OF[dtype] : undefined);
    if (!format) throw new WeightsError(`“${file}” stores “${name}” as ${String(dtype)}, not as numbers that can be read here. Convert the model with float32, float16, or quantised to 8 or 16 bits.`);
    const from = bytes;
    bytes += countNumbers(file, name, shape) * (quantisation?.bytes ?? BYTES_PER_NUMBER[format]);
    return { name, shape: shape as number[], format, quantisation, from, to: bytes };
  });
  return { paths, weights: placed, bytes };
}

/** By its place beside model.json; where folders were lost on the way, by its name alone, if only one has it. */
function shardOf(path: string, list: FileSource, others: readonly FileSource[]): FileSource | undefined {
  const tidy = path.replace(/^(\.\/)+/, "");
  const beside = list.name.slice(0, list.name.lastIndexOf("/") + 1) + tidy;
  const last = (name: string) => name.slice(name.lastIndexOf("/") + 1);
  const alike = others.filter(({ name }) => last(name) === last(tidy));
  return others.find(({ name }) => name === beside) ?? (alike.length === 1 ? alike[0] : undefined);
}

/** All shards of a group but the last have the same length: one that is shorter was cut off. */
function checkLength({ paths, bytes }: Group, files: readonly FileSource[], list: string): void {
  const there = files.reduce((sum, { size }) => sum + size, 0);
  if (there === bytes) return;
  const usual = files[0]?.size ?? 0;
  const short = files.slice(0, -1).findIndex(({ size }) => size < usual);
  const which = `“${paths[short < 0 ? files.length - 1 : short] ?? list}”`;
  const numbers = `${bytes.toLocaleString("en")} bytes are listed, ${there.toLocaleString("en")} are there`;
  throw new WeightsError(there < bytes ? `${which} seems to be cut off: in “${list}” ${numbers}. Fetch it again.` : `The shards of “${list}” are too long: ${numbers}. They belong to another model, or to another version of it.`);
}

function tensorOf({ name, shape, format, quantisation, from, to }: Placed, numbers: FileSource, file: string, limits: Limits): ArchiveTensor {
  return {
    name,
    format,
    shape,
    async read() {
      checkTensorSize(file, { name, format, shape }, limits);
      const bytes = await numbers.read(from, to);
      return { format, shape, bytes: quantisation ? dequantise(bytes, quantisation) : bytes };
    },
  };
}
