/** What the lists and pages of networks say. Pure. */
import type { KeptNetwork, KeptTensor, SanityResult } from "../models/client";
import type { InputSpec, ModelCard } from "../nst/model-card";
import { parameters } from "../nst/parameters";
import { formatCount, formatNumber, formatSeconds } from "./numbers";
import { formatBytes } from "./value-facts";

/** How far something has come that is counted in bytes. */
export interface BytesDone {
  /** bytes */
  done: number;
  /** bytes; 0 while it is not known */
  of: number;
  bytesPerSecond: number;
  secondsLeft: number | null;
}

/** "31 of 80 MB · 2.4 MB/s · 20 s left"; empty before anything is known. */
export function progressText({ done, of, bytesPerSecond, secondsLeft }: BytesDone): string {
  if (of <= 0) return done > 0 ? formatBytes(done) : "";
  const whole = formatBytes(of);
  const [, unit] = whole.split(" ");
  const part = formatBytes(done);
  const parts = [`${part.endsWith(` ${unit}`) ? part.split(" ")[0] : part} of ${whole}`];
  if (bytesPerSecond > 0) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  if (secondsLeft !== null && Number.isFinite(secondsLeft)) parts.push(`${formatSeconds(secondsLeft)} left`);
  return parts.join(" · ");
}

/** "16 convolutions, 20 024 384 parameters" */
export function sizeText(card: ModelCard): string {
  const convolutions = card.layers.filter(({ kind }) => kind === "conv").length;
  return `${convolutions} convolutions, ${formatCount(parameters(card))} parameters`;
}

/** What stands one after the other: "64, 64, pool, 128, 128, pool …", maps of convolutions; a fire module is one word. */
export function layersText({ layers }: ModelCard): string {
  const words: string[] = [];
  for (const layer of layers) {
    const fire = /^(fire\d+)_/.exec(layer.name)?.[1];
    if (fire) continue;
    if (layer.kind === "conv") words.push(`${layer.channels}`);
    else if (layer.kind === "pool") words.push("pool");
    else if (layer.kind === "concat") words.push(layer.name);
  }
  return words.join(", ");
}

const FORMATS: Partial<Record<KeptTensor["format"], string>> = { F32: "32-bit floats", F16: "16-bit floats", I8: "8-bit whole numbers" };

/** How the kernels are written: "16-bit floats". */
export function formatText(card: ModelCard): string {
  return FORMATS[card.weights.dtype] ?? card.weights.dtype;
}

const MADE: Record<NonNullable<KeptNetwork["made"]>, string> = { rescaled: "rescaled as in the paper", fp16: "16-bit copy", int8: "8-bit copy" };

/** What was done to make a copy; empty for what is none. */
export function madeText({ made }: Pick<KeptNetwork, "made">): string {
  return made ? MADE[made] : "";
}

/** "RGB, black to white as 0 to 1, minus (0.485, 0.456, 0.406), times (4.37, 4.46, 4.44)" */
export function inputWords({ channels, range, mean, scale }: InputSpec): string {
  const scales = [scale].flat();
  const list = (numbers: readonly number[]) => `(${numbers.map((number) => formatNumber(number, 4)).join(", ")})`;
  const minus = mean.some((m) => m !== 0) ? `, minus ${list(mean)}` : "";
  const times = scales.every((s) => s === 1) ? "" : `, times ${scales.length === 1 ? formatNumber(scales[0], 4) : list(scales)}`;
  return `${channels}, black to white as ${formatNumber(range[0])} to ${formatNumber(range[1])}${minus}${times}`;
}

/** Whether two ways to read pixels give the same numbers; whether a scale is written once or three times makes no difference. */
export function sameInput(a: InputSpec, b: InputSpec): boolean {
  const scales = ({ scale }: InputSpec) => (typeof scale === "number" ? [scale, scale, scale] : scale);
  const numbers = (input: InputSpec) => [...input.range, ...input.mean, ...scales(input)];
  const of = numbers(b);
  return a.channels === b.channels && numbers(a).every((number, i) => Math.abs(number - of[i]) <= 1e-6 * Math.max(1, Math.abs(number)));
}

const VERDICTS: Record<SanityResult["verdict"], string> = { fits: "answers as it should", unlike: "answers unlike its family", broken: "answers nothing sensible" };

/** The verdict of the sanity test in three words. */
export const verdictText = (verdict: SanityResult["verdict"]): string => VERDICTS[verdict];

/**
 * Bytes of weights while a network is in use: 32 bits a number, kernels twice, because the way back reads them turned about.
 * An estimate for networks of which only the card is known.
 */
export function memoryOf(card: ModelCard): number {
  const biases = card.layers.reduce((sum, layer) => sum + (layer.kind === "conv" ? layer.channels : 0), 0);
  return 4 * (2 * (parameters(card) - biases) + biases);
}

/** Bytes of the numbers of a network on disk, as its card says that they are written. An estimate, as above. */
export function diskOf(card: ModelCard): number {
  return parameters(card) * (card.weights.dtype === "F16" ? 2 : card.weights.dtype === "F32" ? 4 : 1);
}

/** Why nothing can be brought along here. */
export const NO_NETWORKS = "This page is one file that opens from disk, and keeps no networks. Bring them along in the workbench where it is served, and read this notebook there.";

/** Names of files that hold weights, or that people take for weights: what they are in truth is seen in the file. */
const WEIGHTS = /\.(safetensors|h5|hdf5|keras|pth|pt|bin|ckpt|tar|pkl|npz|npy|onnx|pb|tflite|caffemodel|t7|mat|gguf|msgpack|zip)$/i;

/** Whether files that were dropped bring a network along: weights files, or a model.json, with or without its parts. */
export function areWeights(files: readonly { name: string }[]): boolean {
  return files.some(({ name }) => WEIGHTS.test(name) || /(^|[\\/])model[^\\/]*\.json$/i.test(name) || /shard\d+of\d+(\.bin)?$/i.test(name));
}

/** What of a folder's files may belong to networks: files of such names, and descriptions beside them. Empty if there is no network. */
export function weightsIn<F extends { name: string }>(files: readonly F[]): F[] {
  if (!areWeights(files)) return [];
  return files.filter(({ name }) => areWeights([{ name }]) || /\.json$/i.test(name));
}

/** Files that belong together: with a model.json all of them, as its parts; else each is a network of its own. */
export function networkFiles<F extends { name: string }>(files: readonly F[]): F[][] {
  return files.some(({ name }) => /\.json$/i.test(name)) ? [[...files]] : files.map((file) => [file]);
}

/** For file choosers. */
export const WEIGHTS_FILES = ".safetensors,.h5,.hdf5,.keras,.pth,.pt,.bin,.json";
