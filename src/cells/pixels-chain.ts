/** How the three numbers of a pixel become what the first layer reads, step by step, and back. In float32, as everywhere. */
import type { InputSpec } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { formatNumber } from "./numbers";

export type Triple = [number, number, number];

/** One step of the way. */
export interface Stage {
  /** as a button shows it */
  title: string;
  /** what happens to each number on the way from the stage before */
  text: string;
  /** the letters of the colours, in the order in which they stand there */
  letters: string;
  /** false: with this network the step changes nothing */
  changes: boolean;
}

const { fround } = Math;

/** So many pixels are compared in one go before others get their turn: a few milliseconds. */
const SLICE = 1 << 17;

/** The way that a network's card prescribes. */
export function stagesOf(input: InputSpec): Stage[] {
  const { channels, range: [lo, hi] } = input;
  const scale = scalesOf(input);
  const means = input.mean.map((mean) => formatNumber(mean, 4)).join(", ");
  const same = scale.every((one) => one === scale[0]);
  return [
    { title: "file", text: "0 … 255, one byte for each colour in the file; where the picture was resized, averages of several", letters: "RGB", changes: true },
    { title: "÷ 255", text: "how pictures are kept here: black is 0, white is 1", letters: "RGB", changes: true },
    { title: `${channels} order`, text: channels === "RGB" ? "this network reads red, green, blue" : "this network reads blue first", letters: channels, changes: channels !== "RGB" },
    { title: lo === 0 ? `× ${formatNumber(hi)}` : `${formatNumber(lo)} … ${formatNumber(hi)}`, text: `black is ${formatNumber(lo)}, white is ${formatNumber(hi)}: the range that this network was trained with`, letters: channels, changes: lo !== 0 || hi !== 1 },
    { title: "− mean", text: `minus ${means}: the mean colour of the pictures it was trained with`, letters: channels, changes: input.mean.some((mean) => mean !== 0) },
    { title: "× scale", text: same ? `times ${formatNumber(scale[0])}` : `times ${scale.map((one) => formatNumber(one)).join(", ")}`, letters: channels, changes: scale.some((one) => one !== 1) },
  ];
}

/** The three numbers of a pixel after each stage. @param pixel red, green and blue in [0, 1] */
export function chainOf(pixel: Triple, input: InputSpec): Triple[] {
  const { range: [lo, hi], mean } = input;
  const scale = scalesOf(input);
  const map = (values: Triple, step: (value: number, c: number) => number) => values.map((value, c) => fround(step(value, c))) as Triple;
  const ordered: Triple = input.channels === "BGR" ? [pixel[2], pixel[1], pixel[0]] : [...pixel];
  const ranged = map(ordered, (value) => lo + value * (hi - lo));
  const centred = map(ranged, (value, c) => value - mean[c]);
  return [map(pixel, (value) => value * 255), map(pixel, (value) => value), map(ordered, (value) => value), ranged, centred, map(centred, (value, c) => value * scale[c])];
}

/** The way back: what the first layer reads as red, green and blue in [0, 1]. */
export function backOf(read: Triple, input: InputSpec): Triple {
  const scale = scalesOf(input);
  const pixel = read.map((value, c) => pixelValue(value, scale[c], input.mean[c], input.range)) as Triple;
  return input.channels === "BGR" ? [pixel[2], pixel[1], pixel[0]] : pixel;
}

/**
 * The largest difference between a picture and what the way back makes of what the network reads of it, in steps of a file's
 * 0 … 255. Gives way after every slice.
 * @param read [height, width, 3] in the network's order
 * @throws the signal's reason when it is aborted
 */
export async function roundTrip(picture: Picture, read: Float32Array, input: InputSpec, signal: AbortSignal): Promise<number> {
  const scale = scalesOf(input);
  let largest = 0;
  for (let start = 0; start < read.length; start += SLICE * 3) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    for (let i = start; i < Math.min(read.length, start + SLICE * 3); i += 3) {
      for (let c = 0; c < 3; c++) {
        const colour = input.channels === "BGR" ? 2 - c : c;
        const difference = Math.abs(pixelValue(read[i + c], scale[c], input.mean[c], input.range) - picture.data[i + colour]);
        if (difference > largest) largest = difference;
      }
    }
  }
  return largest * 255;
}

/** Where the value of row y, column x, channel c stands in a [height, width, 3] tensor, counted from 0. */
export function placeOf({ width }: { width: number }, y: number, x: number, c: number): number {
  return (y * width + x) * 3 + c;
}

/** The four bytes of a float32 as they stand in memory, the lowest first: "00 00 80 3f". */
export function bytesOf(value: number): string {
  return [...new Uint8Array(Float32Array.of(value).buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function pixelValue(read: number, scale: number, mean: number, [lo, hi]: InputSpec["range"]): number {
  return fround((fround(fround(read / scale) + mean) - lo) / (hi - lo));
}

function scalesOf({ scale }: InputSpec): Triple {
  return typeof scale === "number" ? [scale, scale, scale] : scale;
}
