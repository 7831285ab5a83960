import type { Checkpoint } from "../kernel/protocol";
import { sha256 } from "../notebook/sha256";
import type { Picture } from "../nst/picture";
import { checkedRun } from "./checked-run";
import { chunkCount, costChunk } from "./cost-chunks";
import { costsFromCsv } from "./costs-csv";
import type { CostHistory } from "./cost-history";
import { checkpointBytes, keyOf, pictureBytes, type KeptConfig, type KeptEntry, type Person, type Write } from "./kept-data";
import type { Frame } from "./kept-run";
import { pictureHash } from "./picture-hash";
import { breathe, type FiledCheckpoint, type RunFile } from "./run-file";
import { imageType } from "./run-file-write";
import { Archive, RunFileError } from "./unzip";

/** A run out of a file, as it is written into the database. */
export interface FiledRun {
  id: string;
  entry: KeptEntry;
  person: Person;
  /** everything but the entry */
  writes: Write[];
}

const MOST_JSON = 4 * 2 ** 20;
const MOST_CSV = 64 * 2 ** 20;
const MOST_IMAGE = 2 ** 20;

/**
 * Reads a run from a file that may come from anybody, and may be damaged. All numbers are checked before one is kept.
 * @throws RunFileError that says what is wrong, and where
 */
export async function readRun(file: Blob): Promise<FiledRun> {
  const archive = await Archive.open(file);
  if (!archive.has("run.json")) throw new RunFileError("This archive holds no run: there is no run.json in it.");
  const filed = checkedRun(parse(await archive.read("run.json", { most: MOST_JSON })));
  const { run, network, frames, from } = filed;
  const history = readCosts(await archive.read("costs.csv", { most: MOST_CSV }));
  const pictures = await Promise.all(filed.pictures.map((one) => readPicture(archive, one)));
  const missing = [run.content, run.style].find(({ hash, width, height }) => !pictures.some(([name, picture]) => name === hash && picture.width === width && picture.height === height));
  if (missing) throw new RunFileError(`The picture “${missing.name}” is missing in this file.`);
  const checkpoints: Checkpoint[] = [];
  for (const one of filed.checkpoints) checkpoints.push(await readCheckpoint(archive, one, run.content));
  checkOrder(filed);
  const strip = await Promise.all(frames.map(async ({ file, ...frame }): Promise<Frame> => ({ ...frame, bytes: await readImage(archive, file) })));
  const thumbnail = filed.thumbnail === null ? null : await readImage(archive, filed.thumbnail);
  return { ...kept(filed, from, history, checkpoints, strip, thumbnail), id: run.id, person: personOf(run), writes: writesOf(run.id, network, pictures, history, checkpoints, strip) };
}

function kept({ run: { name, starred, ruler, ...run }, network }: RunFile, from: number | null, history: CostHistory, checkpoints: readonly Checkpoint[], frames: readonly Frame[], thumbnail: Uint8Array | null): { entry: KeptEntry } {
  const columns = history.columns;
  const costs = (step: number) => columns.map((column) => history.at(step, column));
  const rest = history.length * columns.length * 8 + frames.reduce((sum, { bytes }) => sum + bytes.length, thumbnail?.length ?? 0) + JSON.stringify(network.card).length;
  return { entry: { ...run, from, thumbnail, costs: { columns, first: costs(from ?? 0), last: costs(history.step) }, checkpoints: checkpoints.map((one) => [one.step, checkpointBytes(one)]), rest } };
}

function personOf({ name, starred, ruler }: RunFile["run"]): Person {
  return { name, starred, ...(ruler && { ruler }) };
}

function writesOf(id: string, network: KeptConfig["network"], pictures: readonly [string, Picture][], history: CostHistory, checkpoints: readonly Checkpoint[], frames: readonly Frame[]): Write[] {
  return [
    [keyOf.config(id), { network } satisfies KeptConfig],
    ...pictures.map(([hash, picture]): Write => [keyOf.picture(hash), picture]),
    ...Array.from({ length: chunkCount(history.length) }, (_, i): Write => [keyOf.costs(id, i), costChunk(history, i) ?? undefined]),
    ...checkpoints.map((one): Write => [keyOf.checkpoint(id, one.step), one]),
    ...frames.map((one): Write => [keyOf.frame(id, one.step), one]),
  ];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RunFileError(`run.json cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function readCosts(bytes: Uint8Array): CostHistory {
  try {
    return costsFromCsv(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new RunFileError(`${(error as Error).message}.`, { cause: error });
  }
}

async function readPicture(archive: Archive, { hash, width, height, file }: RunFile["pictures"][number]): Promise<[hash: string, Picture]> {
  const picture = { width, height, data: floats(await archive.read(file, { exactly: pictureBytes({ width, height }) })) };
  await checkNumbers(picture.data, file, 0, 1);
  if ((await pictureHash(picture)) !== hash) throw new RunFileError(`“${file}” is not the picture that it should be: the file is damaged. Export the run again.`);
  return [hash, picture];
}

async function readCheckpoint(archive: Archive, { file, sha256: expected, memory, ...one }: FiledCheckpoint, content: { width: number; height: number }): Promise<Checkpoint> {
  const { width, height } = one;
  if (width !== content.width || height !== content.height) throw new RunFileError(`“${file}” is ${width} × ${height}; the run's picture is ${content.width} × ${content.height}.`);
  const size = width * height * 3;
  const lengths = [size, size, size, ...(memory ?? [])];
  const bytes = await archive.read(file, { exactly: 4 * lengths.reduce((sum, length) => sum + length, 0) });
  if ((await sha256(bytes)) !== expected) throw new RunFileError(`“${file}” is damaged. Export the run again.`);
  let at = 0;
  const [picture, moment1, moment2, ...others] = lengths.map((length) => floats(bytes.slice(at, (at += 4 * length))));
  await checkNumbers(picture, file, 0, 1);
  for (const array of [moment1, moment2, ...others]) await checkNumbers(array, file);
  return { ...one, picture, moment1, moment2, ...(memory && { memory: others }) };
}

/** Steps of checkpoints and of frames grow, and are steps of the run. */
function checkOrder({ checkpoints, frames, from, run }: RunFile): void {
  for (const [what, list] of Object.entries({ checkpoints, frames })) {
    const wrong = list.find(({ step }, i) => step > run.step || (i > 0 && step <= list[i - 1].step));
    if (wrong) throw new RunFileError(`run.json: “${what}” should be in the order of their steps, up to step ${run.step}; ${wrong.step} is not.`);
  }
  if (from !== null && checkpoints[0]?.step !== from) throw new RunFileError(`run.json: the run begins at step ${from}, and the checkpoint of that step is missing.`);
}

async function readImage(archive: Archive, file: string): Promise<Uint8Array> {
  const bytes = await archive.read(file, { most: MOST_IMAGE });
  if (!imageType(bytes)) throw new RunFileError(`“${file}” is no picture: it should be a WebP, PNG or JPEG file.`);
  return bytes;
}

function floats(bytes: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  // what was unpacked need not begin where floats may
  return new Float32Array(bytes.byteOffset % 4 === 0 ? bytes.buffer : bytes.slice().buffer, bytes.byteOffset % 4 === 0 ? bytes.byteOffset : 0, bytes.length / 4);
}

async function checkNumbers(values: Float32Array, file: string, least = -Infinity, most = Infinity): Promise<void> {
  await breathe();
  const wrong = values.findIndex((value) => !(Number.isFinite(value) && value >= least && value <= most));
  if (wrong >= 0) throw new RunFileError(`“${file}”: its number ${wrong} is ${values[wrong]}; ${least === -Infinity ? "it should be finite" : `it should be from ${least} to ${most}`}.`);
}
