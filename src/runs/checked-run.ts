import { parseModelCard } from "../nst/card";
import { choice, fail, fields, hash, list, nullable, number, numbers, oneOf, optional, text, whole, type Fields } from "./checked";
import { checkedChanges, checkedSettings } from "./checked-settings";
import type { PictureRef, RulerReading, RunGroup, RunParent } from "./kept-run";
import { FORMAT, FORMAT_VERSION, type FiledCheckpoint, type RunFile } from "./run-file";
import { isRunId } from "./run-id";
import { RunFileError } from "./unzip";

/** Longest sides, in pixels, of pictures and of frames. */
const MOST_SIDE = 4096;
const MOST_FRAME = 512;
const DAY_MS = 86_400_000;

/**
 * run.json from elsewhere: every field is looked at, and nothing else is taken over.
 * @throws RunFileError that names the field and says what it should be
 */
export function checkedRun(json: unknown): RunFile {
  if (typeof json !== "object" || json === null || (json as Fields).format !== FORMAT) throw new RunFileError("This file is no run of the workbench: its run.json does not say so.");
  const from = json as Fields;
  const version = whole(from.version, "version", 1);
  if (version > FORMAT_VERSION) throw new RunFileError("This run was exported by a newer version of the workbench, which this one cannot read. Reload the page to get the newest.");
  const network = checkedNetwork(fields(from.network, "network"));
  const run = checkedEntry(fields(from.run, "run"), network);
  return {
    format: FORMAT,
    version,
    about: [],
    run,
    network,
    from: nullable(from.from, "from", whole),
    pictures: list(from.pictures, "pictures", 2, (value, where) => {
      const one = fields(value, where);
      return { hash: hash(one.hash, `${where}.hash`), ...size(one, where, MOST_SIDE), file: text(one.file, `${where}.file`) };
    }),
    checkpoints: list(from.checkpoints, "checkpoints", 100, (value, where) => checkedCheckpoint(fields(value, where), where)),
    frames: list(from.frames, "frames", 200, (value, where) => {
      const one = fields(value, where);
      return { step: whole(one.step, `${where}.step`), ...size(one, where, MOST_FRAME), file: text(one.file, `${where}.file`) };
    }),
    thumbnail: nullable(from.thumbnail, "thumbnail", text),
  };
}

function checkedNetwork({ card, base, random }: Fields): RunFile["network"] {
  let parsed: RunFile["network"]["card"];
  try {
    parsed = parseModelCard(card);
  } catch (error) {
    throw new RunFileError(`run.json: “network.card”: ${(error as Error).message}`, { cause: error });
  }
  // nothing but what comes with a workbench or is kept in this browser: an address elsewhere would be asked for weights
  if (typeof base !== "string" || !/^(models\/|kept:)[\w.-]+\/$/.test(base) || base.includes("..")) fail("network.base", "a folder of “models/”, or a kept network like “kept:vgg19/”");
  return { card: parsed, base: base as string, ...(random === undefined || random === null ? {} : { random: whole(random, "network.random", 0, 2 ** 32 - 1) }) };
}

function checkedEntry(from: Fields, { card, random }: RunFile["network"]): RunFile["run"] {
  const id = text(from.id, "run.id");
  if (!isRunId(id)) fail("run.id", "a UUID");
  const settings = checkedSettings(from.settings, "run.settings", card);
  const state = oneOf(from.state, "run.state", ["going", "paused", "finished", "stopped"]);
  const at = (key: "created" | "updated") => number(from[key], `run.${key}`, 0, Date.now() + DAY_MS);
  return {
    id,
    name: text(from.name, "run.name"),
    starred: from.starred === true,
    notebook: nullable(from.notebook, "run.notebook", text),
    cell: nullable(from.cell, "run.cell", text),
    group: nullable(from.group, "run.group", checkedGroup),
    parent: nullable(from.parent, "run.parent", checkedParent),
    created: at("created"),
    updated: at("updated"),
    // nobody computes it here
    state: state === "going" ? "stopped" : state,
    step: whole(from.step, "run.step"),
    seconds: number(from.seconds, "run.seconds", 0),
    network: { id: card.id, title: card.title, sha256: card.weights.sha256 ?? null, random: random ?? null },
    content: checkedPicture(from.content, "run.content"),
    style: checkedPicture(from.style, "run.style"),
    settings,
    changes: checkedChanges(from.changes, "run.changes", settings, card),
    backend: nullable(from.backend, "run.backend", choice("webgpu", "webgl", "wasm", "cpu")),
    threads: whole(from.threads, "run.threads", 0, 1024),
    version: text(from.version, "run.version", 40),
    ...optional(from, "ruler", "run", checkedRuler),
  };
}

function checkedGroup(value: unknown, where: string): RunGroup {
  const { id, title, label } = fields(value, where);
  return { id: text(id, `${where}.id`), title: text(title, `${where}.title`), label: text(label, `${where}.label`) };
}

function checkedParent(value: unknown, where: string): RunParent {
  const { run, step, optimiser, painted } = fields(value, where);
  return { run: text(run, `${where}.run`), step: whole(step, `${where}.step`), optimiser: oneOf(optimiser, `${where}.optimiser`, ["kept", "fresh"]), painted: painted === true };
}

function checkedPicture(value: unknown, where: string): PictureRef {
  const from = fields(value, where);
  return { hash: hash(from.hash, `${where}.hash`), name: text(from.name, `${where}.name`), ...size(from, where, MOST_SIDE) };
}

function checkedRuler(value: unknown, where: string): RulerReading {
  const from = fields(value, where);
  return { ruler: text(from.ruler, `${where}.ruler`, 1000), step: whole(from.step, `${where}.step`), numbers: numbers(from.numbers, `${where}.numbers`) };
}

function checkedCheckpoint(from: Fields, where: string): FiledCheckpoint {
  return {
    step: whole(from.step, `${where}.step`),
    ...size(from, where, MOST_SIDE),
    ...optional(from, "taken", where, whole),
    ...optional(from, "optimiser", where, choice("adam", "descent", "lbfgs")),
    ...optional(from, "memory", where, (value, at) => list(value, at, 300, whole)),
    file: text(from.file, `${where}.file`),
    sha256: hash(from.sha256, `${where}.sha256`),
  };
}

function size({ width, height }: Fields, where: string, most: number): { width: number; height: number } {
  return { width: whole(width, `${where}.width`, 1, most), height: whole(height, `${where}.height`, 1, most) };
}
