import { version } from "../../package.json";
import type { RunRecord } from "../kernel/client";
import type { BackendName, Checkpoint, RunBatch, RunConfig } from "../kernel/protocol";
import { isFull } from "../notebook/storage-errors";
import { chunkCount } from "./cost-chunks";
import type { CostHistory } from "./cost-history";
import type { EncodedFrame, FrameEncoder } from "./encode-frame";
import { Filmstrip } from "./filmstrip";
import { keyOf, relativeBase, type KeptConfig, type KeptEntry, type Write } from "./kept-data";
import { runTitle, type Frame, type KeptState, type PictureRef, type RunGroup, type RunParent } from "./kept-run";
import { pictureHash } from "./picture-hash";
import { RunWriter, type Pending } from "./run-writer";

/** A run that starts, or goes on. */
export interface NewRun {
  /** as `record.config` */
  config: RunConfig;
  record: RunRecord;
  history: CostHistory;
  /** of the two pictures, as the person knows them: file names */
  names: { content: string; style: string };
  /** name of the notebook, and of the cell */
  notebook: string | null;
  cell: string | null;
  group?: RunGroup;
  parent?: RunParent;
  /** of many, as in a sweep: only its newest checkpoint is kept, and no frames */
  light?: boolean;
  /** seconds spent on it before the first batch that is handed over: of a run that is kept only once it has finished */
  spent?: () => number;
  /** id of a kept run that goes on: it stays the same entry */
  again?: string;
  /** what computes it: asked whenever something is written; `() => kernels.status.engine` */
  device?: () => { backend: BackendName; threads: number } | null;
}

/** Everything was written; its costs and nothing else, because there was no room; or nothing, because of this. */
export type Outcome = "all" | "rows" | Error;

/** What a keeper needs of its store. */
export interface KeeperHost {
  readonly encode: FrameEncoder;
  /** keeps other pages, and other keepers, from keeping this run; null if one of them does already */
  hold(id: string): Promise<(() => void) | null>;
  /** what is kept of a run that goes on; null if it was deleted */
  known(id: string): Promise<{ entry: KeptEntry; frames: Frame[] } | null>;
  /** Writes the entry as well. @param begins pictures are written with it */
  write(writes: readonly Write[], entry: KeptEntry, begins: boolean): Promise<void>;
  /** the same when the page may be gone in a moment: without a look at anything */
  writeAtOnce(writes: readonly Write[]): void;
  /** how writing went */
  told(title: string, outcome: Outcome): void;
  ended(keeper: RunKeeper): void;
}

/** Between two writes at least; the engine gives a checkpoint every 1.2 s, and every checkpoint is worth one. */
const SHORTEST_MS = 1000;
/** What comes without a checkpoint waits so long. */
const LONGEST_MS = 1200;
/** Between two frames at least: short runs would otherwise spend their time on encoding. */
const FRAME_MS = 150;
/** Longest sides, in pixels. */
const FRAME_SIDE = 128;
const THUMBNAIL_SIDE = 96;

/**
 * Keeps one run while it is computed; `RunStore.keep` makes it. What is new is written about once a second, and at once
 * when the run pauses or ends and when the page is hidden or left.
 */
export class RunKeeper {
  /** name of the notebook that it is made in */
  notebook: string | null;
  readonly #writer: RunWriter;
  readonly #prepared: Promise<void>;
  /** null until it is known */
  #pictures: { content: PictureRef; style: PictureRef } | null = null;
  #before: KeptEntry | null = null;
  #release: (() => void) | null = null;
  /** another page keeps it, or it was deleted: nothing is written */
  #silent = false;
  /** its first step is done */
  #worth: boolean;
  #begun = false;
  #state: KeptState = "going";
  #step: number;
  #seconds = 0;
  #lastBatch = 0;
  #device: { backend: BackendName; threads: number } | null = null;
  #strip = new Filmstrip();
  #thumbnail: Uint8Array | null = null;
  #lastFrame = -Infinity;
  #encoding: Promise<void> | null = null;
  /** there is something to write */
  #dirty = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastWrite = -Infinity;
  #due = false;
  #writing: Promise<void> | null = null;
  #ending: Promise<void> | null = null;
  readonly #created = Date.now();
  readonly #rows: number;
  readonly #held: readonly Checkpoint[];

  constructor(
    readonly id: string,
    private readonly what: NewRun,
    private readonly host: KeeperHost,
  ) {
    const { record, history, light = false, again } = what;
    this.#writer = new RunWriter(id, record, history, light);
    this.notebook = what.notebook;
    this.#worth = again !== undefined;
    this.#step = record.checkpoints.at(-1)?.step ?? 0;
    this.#rows = history.length;
    this.#held = [...record.checkpoints];
    this.#prepared = this.#prepare().catch((error) => {
      this.#silent = true;
      host.told(this.#title, error);
    });
  }

  /**
   * Takes in a batch, after the run's record and history have. Its bitmap is looked at before this returns, so it is closed
   * or handed on afterwards.
   */
  take(batch: RunBatch): void {
    if (this.#ending || batch.state === "preparing") return;
    this.#count(batch);
    if (batch.costs.length > 0 || batch.change) this.#writer.changed(batch.first);
    this.#state = batch.state === "running" ? "going" : batch.state;
    this.#step = batch.step;
    this.#worth ||= batch.step > (this.what.record.from?.step ?? 0);
    this.#dirty = true;
    this.#picture(batch);
    if (batch.state === "finished" || batch.state === "stopped") this.#end();
    else if (this.#worth) this.#schedule(batch.state === "paused" ? 0 : batch.checkpoint ? SHORTEST_MS : LONGEST_MS);
  }

  /** Nobody computes it any more: a run that was going is stopped. What is not written yet, is. */
  close(): void {
    if (this.#ending) return;
    if (this.#state === "going") this.#state = "stopped";
    // one that was to go on and did not is as it was
    this.#dirty ||= this.#lastBatch > 0;
    this.#end();
  }

  /** Writes what is not written yet. What went wrong, the store says. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = true;
    this.#writing ??= this.#loop().finally(() => {
      this.#writing = null;
      if (this.#due) void this.flush();
    });
    return this.#writing;
  }

  /** The page may be gone in a moment. */
  leave(): void {
    if (!this.#pictures || this.#silent || !this.#worth || !this.#dirty) return;
    const pending = this.#writer.pending(this.#strip.frames);
    this.host.writeAtOnce([...this.#beginning(), ...pending.writes, [keyOf.entry(this.id), this.#entry(pending)]]);
  }

  /** The run was deleted: from now on nothing is written. Resolves when nothing is on its way any more. */
  async forget(): Promise<void> {
    this.#silent = true;
    clearTimeout(this.#timer);
    await this.#writing;
    this.#end();
  }

  /** It is closed, or the run has ended. */
  get over(): boolean {
    return this.#ending !== null;
  }

  /** Resolves when the run is written to its end, and nobody here keeps it any more. */
  async ended(): Promise<void> {
    await this.#ending;
  }

  async #prepare(): Promise<void> {
    const { config, names, again } = this.what;
    this.#release = await this.host.hold(this.id);
    if (!this.#release) this.#silent = true;
    if (again !== undefined) await this.#goOn();
    const ref = async (kind: "content" | "style"): Promise<PictureRef> => ({ hash: await pictureHash(config[kind]), name: names[kind], width: config[kind].width, height: config[kind].height });
    const [content, style] = await Promise.all([ref("content"), ref("style")]);
    this.#pictures = { content, style };
  }

  async #goOn(): Promise<void> {
    const known = await this.host.known(this.id);
    if (!known) return;
    this.#before = known.entry;
    this.#begun = true;
    this.#writer.goOn(known.entry, this.#held, known.frames, chunkCount(this.#rows));
    const added = this.#strip.frames;
    this.#strip = new Filmstrip(known.frames);
    for (const frame of added) this.#strip.add(frame);
    this.#thumbnail ??= known.entry.thumbnail;
  }

  /** Time spent computing: between batches that bring new costs. */
  #count(batch: RunBatch): void {
    const now = performance.now();
    if (batch.costs.length > 0 && this.#lastBatch > 0 && this.#state === "going") this.#seconds += (now - this.#lastBatch) / 1000;
    this.#lastBatch = now;
  }

  #picture(batch: RunBatch): void {
    const { image, checkpoint, state, step } = batch;
    const now = performance.now();
    const rests = state !== "running";
    const steps = this.what.record.settingsAt(step).steps;
    const frame = !this.what.light && (rests || (now - this.#lastFrame >= FRAME_MS && this.#strip.wants(step, steps)));
    if ((!frame && !checkpoint && !rests) || (this.#encoding && !rests)) return;
    if (frame) this.#lastFrame = now;
    const encode = (side: number) => this.host.encode({ image, checkpoint }, side);
    const encoded = Promise.all([frame ? encode(FRAME_SIDE) : null, checkpoint || rests ? encode(THUMBNAIL_SIDE) : null]);
    const before = this.#encoding;
    const encoding = (async () => {
      // a picture that could not be encoded is no loss worth a message
      const [strip, thumbnail] = await encoded.catch(() => [null, null]);
      await before;
      this.#drawn(step, strip, thumbnail);
    })();
    this.#encoding = encoding;
    void encoding.then(() => {
      if (this.#encoding === encoding) this.#encoding = null;
    });
  }

  #drawn(step: number, frame: EncodedFrame | null, thumbnail: EncodedFrame | null): void {
    // the run has gone back meanwhile
    if (step > this.#step) return;
    if (frame) this.#strip.add({ step, ...frame });
    if (thumbnail) this.#thumbnail = thumbnail.bytes;
    this.#dirty = true;
    if (this.#state === "paused") void this.flush();
  }

  #schedule(after: number): void {
    const wait = this.#lastWrite + after - performance.now();
    if (wait <= 0) return void this.flush();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), wait);
  }

  #end(): void {
    this.#ending ??= (async () => {
      await this.#encoding;
      await this.flush();
      await this.#prepared;
      this.#release?.();
      this.host.ended(this);
    })();
  }

  async #loop(): Promise<void> {
    while (this.#due) {
      this.#due = false;
      await this.#prepared;
      if (this.#silent || !this.#worth || !this.#dirty) continue;
      this.#lastWrite = performance.now();
      let outcome: Outcome = await this.#write("all");
      if (isFull(outcome)) outcome = await this.#write("rows");
      this.host.told(this.#title, outcome);
    }
  }

  async #write(what: "all" | "rows"): Promise<Outcome> {
    this.#dirty = false;
    const pending = this.#writer.pending(this.#strip.frames, what);
    const entry = this.#entry(pending);
    const begins = !this.#begun;
    try {
      await this.host.write([...this.#beginning(), ...pending.writes], entry, begins);
      pending.written();
      this.#begun = true;
      return what;
    } catch (error) {
      // with the next batch, or when there is room again, it is tried again
      this.#dirty = true;
      return error as Error;
    }
  }

  /** What is written once. */
  #beginning(): Write[] {
    if (this.#begun) return [];
    const { content, style, network } = this.what.record.config;
    const { card, base, random } = network;
    const config: KeptConfig = { network: { card, base: relativeBase(base), random } };
    return [
      [keyOf.config(this.id), config],
      [keyOf.picture(this.#pictures!.content.hash), content],
      [keyOf.picture(this.#pictures!.style.hash), style],
    ];
  }

  get #title(): string {
    const { content, style } = this.what.names;
    return runTitle({ name: "", content: { name: content }, style: { name: style } });
  }

  #entry({ checkpoints, rest }: Pending): KeptEntry {
    const { record, history, cell, group = null, parent = null, device } = this.what;
    const { network: { card, random = null }, settings } = record.config;
    const before = this.#before;
    const from = record.from?.step ?? null;
    this.#device = device?.() ?? this.#device;
    const columns = history.columns;
    const costsAt = (step: number) => columns.map((name) => history.at(step, name));
    return {
      id: this.id,
      notebook: this.notebook ?? before?.notebook ?? null,
      cell: cell ?? before?.cell ?? null,
      group: before?.group ?? group,
      parent: before?.parent ?? parent,
      created: before?.created ?? this.#created,
      updated: Date.now(),
      state: this.#state,
      step: this.#step,
      seconds: (before?.seconds ?? 0) + (this.what.spent?.() ?? 0) + this.#seconds,
      network: { id: card.id, title: card.title, sha256: card.weights.sha256 ?? null, random },
      ...this.#pictures!,
      settings,
      changes: [...record.changes],
      backend: this.#device?.backend ?? before?.backend ?? null,
      threads: this.#device?.threads ?? before?.threads ?? 0,
      version,
      costs: { columns, first: costsAt(from ?? 0), last: costsAt(history.step) },
      thumbnail: this.#thumbnail,
      checkpoints,
      from,
      rest: rest + (this.#thumbnail?.length ?? 0) + JSON.stringify(card).length,
    };
  }
}
