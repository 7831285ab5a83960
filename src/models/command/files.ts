/** Files, folders and addresses that are said to `npm run model`, as files that can be read. */
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { WeightsError } from "../../nst/safetensors";
import type { FileSource } from "../archive";
import { diskSource } from "../disk-source";
import { RemoteSource } from "../remote-file";
import { SOURCES } from "../sources";

/** A connection is tried again after these (ms): somebody is waiting before a terminal. */
const PAUSES = [500, 2000, 5000];

/** Who hears how far it is. */
export interface Telling {
  /** a line of its own */
  say(line: string): void;
  /** @param of null: nobody knows */
  progress(what: string, done: number, of: number | null): void;
}

export interface Gathered {
  sources: FileSource[];
  /** where they come from, for the network's card */
  origin: string;
  /** licence, where it is known before anything is read */
  licence?: string;
  /** deletes what was fetched */
  close(): void;
}

/**
 * @param what paths, addresses, or the name of a source
 * @throws WeightsError when something is not there, or cannot be fetched
 */
export async function gather(what: readonly string[], telling: Telling): Promise<Gathered> {
  const known = Object.values(SOURCES).find(({ id, url }) => what.length === 1 && (what[0] === id || what[0] === url));
  // a file of that name is meant first
  if (known && !isThere(what[0])) {
    const source = await RemoteSource.openFirst([known.url, known.newest], null, { waiting: (why) => why && telling.say(why), pauses: PAUSES }).catch((error: Error) => {
      throw new WeightsError(`${error.message.replace(/ What has arrived.*$/, "")} The same network is at another address: npm run model -- ${known.instead.url}`);
    });
    return { sources: [source], origin: source.url, licence: known.licence, close: () => {} };
  }
  const folder = mkdtempSync(join(tmpdir(), "nst-model-"));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const sources: FileSource[] = [];
    for (const one of what) sources.push(...(isAddress(one) ? await fetchFiles(new URL(one), folder, telling) : filesAt(one)));
    return { sources, origin: what.map((one) => (isAddress(one) ? one : basename(one))).join(", "), close };
  } catch (error) {
    close();
    throw error;
  }
}

const isAddress = (text: string): boolean => /^https?:\/\//i.test(text);
const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

/** A file, or the files of a folder: a TensorFlow.js model is one. */
function filesAt(path: string): FileSource[] {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [diskSource(path)];
  const names = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.startsWith(".")).map(({ name }) => name);
  if (names.length === 0) throw new WeightsError(`There is no file in the folder ${path}.`);
  return names.map((name) => diskSource(join(path, name)));
}

/** A file; of a TensorFlow.js model.json the shards beside it as well. */
async function fetchFiles(address: URL, folder: string, telling: Telling): Promise<FileSource[]> {
  const file = await fetchFile(address, folder, telling);
  if (!/\.json$/.test(address.pathname)) return [file];
  const shards = shardsOf(new TextDecoder().decode(await file.read(0, file.size)));
  const sources = [file];
  for (const shard of shards) sources.push(await fetchFile(new URL(shard, address), folder, telling));
  return sources;
}

/** Paths in a manifest's list of shards; those that lead elsewhere are not followed. */
function shardsOf(json: string): string[] {
  try {
    const { weightsManifest } = JSON.parse(json) as { weightsManifest?: { paths?: unknown[] }[] };
    return (weightsManifest ?? []).flatMap(({ paths }) => paths ?? []).filter((path): path is string => typeof path === "string" && /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.includes(".."));
  } catch {
    // whoever opens the file says what is wrong with it
    return [];
  }
}

async function fetchFile(address: URL, folder: string, telling: Telling): Promise<FileSource> {
  const name = basename(decodeURIComponent(address.pathname)) || address.host;
  const response = await fetch(address).catch((error: Error) => {
    const { cause } = error as { cause?: { code?: string } };
    throw new WeightsError(`${address.host} cannot be reached${cause?.code ? ` (${cause.code})` : ""}. Fetch the file in another way, and say its path instead.`);
  });
  if (!response.ok || !response.body) throw new WeightsError(`${address.host} does not hand out “${name}” (${response.status} ${response.statusText}). Check the address.`);
  const announced = Number(response.headers.get("content-length")) || null;
  // what a server packs on the way has another length
  const of = response.headers.has("content-encoding") ? null : announced;
  const path = join(folder, name);
  const file = await open(path, "wx").catch(() => {
    throw new WeightsError(`Two of these files are called “${name}”. Say them one at a time.`);
  });
  let done = 0;
  try {
    // TypeScript's page knows no iterating over streams; Node does
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      await file.write(chunk);
      telling.progress(`Fetching ${name}`, (done += chunk.length), of);
    }
  } catch (error) {
    throw new WeightsError(`The connection to ${address.host} broke after ${done.toLocaleString("en")} bytes of “${name}”${(error as { code?: string }).code === "ENOSPC" ? ": the disk is full" : ""}. Try again.`);
  } finally {
    await file.close();
  }
  if (of !== null && done !== of) throw new WeightsError(`${address.host} ended early: ${done.toLocaleString("en")} of ${of.toLocaleString("en")} bytes of “${name}” arrived. Try again.`);
  return diskSource(path, name);
}
