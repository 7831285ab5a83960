import { Zip, ZipPassThrough } from "fflate";
import { checkpointArrays } from "../kernel/client";
import type { Checkpoint } from "../kernel/protocol";
import { sha256 } from "../notebook/sha256";
import { costsToCsv } from "./costs-csv";
import { encodePng, type PngEncoder } from "./encode-png";
import { checkpointBytes, relativeBase } from "./kept-data";
import { needed } from "./room";
import { ABOUT, breathe, bytesOf, FORMAT, FORMAT_VERSION, MOST_BYTES, type FiledCheckpoint, type RunFile } from "./run-file";
import type { OpenedRun } from "./open-run";

/** Bytes between two breaths: their checksum takes some milliseconds. */
const PIECE = 2 ** 18;

/** A run as a file. Of checkpoints that are too large together, only the first and the last are in it. */
export async function writeRun({ entry, record, history, frames }: OpenedRun, png: PngEncoder = encodePng): Promise<Blob> {
  const archive = new Archive();
  const { content, style, network } = record.config;
  const { thumbnail, bytes: _, costs: __, ...run } = entry;
  const pictures = new Map([[entry.content.hash, content], [entry.style.hash, style]]);
  const json: RunFile = {
    format: FORMAT,
    version: FORMAT_VERSION,
    about: ABOUT,
    run,
    network: { card: network.card, base: relativeBase(network.base), random: network.random },
    from: record.from?.step ?? null,
    pictures: [...pictures].map(([hash, { width, height }]) => ({ hash, width, height, file: `pictures/${hash}.f32` })),
    checkpoints: [],
    frames: frames.map(({ step, width, height, bytes }) => ({ step, width, height, file: `frames/${name(step)}.${imageType(bytes)}` })),
    thumbnail: thumbnail && `thumbnail.${imageType(thumbnail)}`,
  };
  for (const checkpoint of portable(record.checkpoints, json.from)) json.checkpoints.push(await addCheckpoint(archive, checkpoint));
  await archive.add("run.json", new TextEncoder().encode(JSON.stringify(json, null, 1)));
  await archive.add("costs.csv", new TextEncoder().encode(costsToCsv(history)));
  for (const [hash, { data }] of pictures) await archive.add(`pictures/${hash}.f32`, bytesOf(data));
  for (const [i, { bytes }] of frames.entries()) await archive.add(json.frames[i].file, bytes);
  if (thumbnail) await archive.add(json.thumbnail!, thumbnail);
  const last = record.checkpoints.at(-1);
  const final = last && (await png(last));
  if (final) await archive.add("final.png", final);
  return archive.end();
}

async function addCheckpoint(archive: Archive, checkpoint: Checkpoint): Promise<FiledCheckpoint> {
  const { step, width, height, taken, optimiser, memory } = checkpoint;
  const bytes = new Uint8Array(checkpointBytes(checkpoint));
  let at = 0;
  for (const array of checkpointArrays(checkpoint)) {
    bytes.set(bytesOf(array), at);
    at += array.byteLength;
  }
  const file = `checkpoints/${name(step)}.f32`;
  await archive.add(file, bytes);
  return { step, width, height, taken, optimiser, memory: memory?.map(({ length }) => length), file, sha256: await sha256(bytes) };
}

function portable(checkpoints: readonly Checkpoint[], from: number | null): readonly Checkpoint[] {
  if (checkpoints.reduce((sum, one) => sum + checkpointBytes(one), 0) < MOST_BYTES / 2) return checkpoints;
  const stay = new Set(needed({ checkpoints: checkpoints.map(({ step }) => [step, 0]), from }).map(([step]) => step));
  return checkpoints.filter(({ step }) => stay.has(step));
}

/** A zip in the making. What is in it is stored as it is: random-looking numbers do not get smaller. */
class Archive {
  readonly #parts: Uint8Array<ArrayBuffer>[] = [];
  readonly #zip = new Zip((error, data) => {
    if (error) throw error;
    this.#parts.push(data as Uint8Array<ArrayBuffer>);
  });

  async add(name: string, bytes: Uint8Array): Promise<void> {
    const file = new ZipPassThrough(name);
    this.#zip.add(file);
    for (let at = 0; at < bytes.length; at += PIECE) {
      file.push(bytes.subarray(at, at + PIECE));
      if (bytes.length > PIECE) await breathe();
    }
    file.push(new Uint8Array(0), true);
  }

  end(): Blob {
    this.#zip.end();
    return new Blob(this.#parts, { type: "application/zip" });
  }
}

const name = (step: number) => `step-${String(step).padStart(6, "0")}`;

/** By its first bytes, as a file's ending. */
export function imageType(bytes: Uint8Array): "webp" | "png" | "jpg" | null {
  const begins = (text: string, at = 0) => [...text].every((character, i) => bytes[at + i] === character.charCodeAt(0));
  if (begins("RIFF") && begins("WEBP", 8)) return "webp";
  if (begins("\x89PNG\r\n\x1a\n")) return "png";
  return begins("\xff\xd8\xff") ? "jpg" : null;
}
