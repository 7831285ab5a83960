import type { RunRecord } from "../kernel/client";
import type { Checkpoint } from "../kernel/protocol";
import { CHUNK_ROWS, chunkCount, costChunk } from "./cost-chunks";
import type { CostHistory } from "./cost-history";
import { checkpointBytes, keyOf, type KeptEntry, type Write } from "./kept-data";
import type { Frame } from "./kept-run";

/** What there is to write, and what is kept once it is written. */
export interface Pending {
  writes: Write[];
  /** step and bytes of all checkpoints that are then kept */
  checkpoints: [step: number, bytes: number][];
  /** bytes of all rows and frames */
  rest: number;
  /** to be called when it is written */
  written(): void;
}

/** A part of it. */
type Part = Pick<Pending, "writes" | "written"> & { bytes: number };

/**
 * Knows of one run what is written down already, and says what is not: rows of costs, checkpoints, frames. What was not
 * written, because that failed, is said again.
 */
export class RunWriter {
  /** in the database, by step; one that the record never held is null */
  #checkpoints = new Map<number, { checkpoint: Checkpoint | null; bytes: number }>();
  #frames: readonly Frame[] = [];
  #chunks = 0;
  /** rows from here on are not written */
  #rows = 0;
  /** rows from here on have changed since the last `pending` */
  #since = Infinity;

  /** @param light only the newest checkpoint, and that with which it began */
  constructor(
    private readonly id: string,
    private readonly record: RunRecord,
    private readonly history: CostHistory,
    private readonly light: boolean,
  ) {}

  /**
   * The run is in the database already, and this is of it.
   * @param checkpoints step and bytes; those that the record has held since it was read are the same
   */
  goOn({ checkpoints }: Pick<KeptEntry, "checkpoints">, held: readonly Checkpoint[], frames: readonly Frame[], chunks: number): void {
    this.#checkpoints = new Map(checkpoints.map(([step, bytes]) => [step, { checkpoint: held.find((one) => one.step === step) ?? null, bytes }]));
    this.#frames = frames;
    this.#chunks = chunks;
  }

  /** Costs have changed from that step on. */
  changed(step: number): void {
    this.#rows = Math.min(this.#rows, step);
    this.#since = Math.min(this.#since, step);
  }

  /** @param parts "rows": without new checkpoints and frames, where there is no room for them */
  pending(frames: readonly Frame[], parts: "all" | "rows" = "all"): Pending {
    const rows = this.#pendingRows();
    if (parts === "rows") return { ...rows, checkpoints: this.#sizes(this.#checkpoints), rest: rows.bytes + bytesOf(this.#frames) };
    const checkpoints = new Map(this.#wanted().map((checkpoint) => [checkpoint.step, { checkpoint, bytes: checkpointBytes(checkpoint) }]));
    const strip = this.#pendingFrames(frames);
    return {
      writes: [...rows.writes, ...this.#pendingCheckpoints(checkpoints), ...strip.writes],
      checkpoints: this.#sizes(checkpoints),
      rest: rows.bytes + strip.bytes,
      written: () => {
        rows.written();
        this.#checkpoints = checkpoints;
        strip.written();
      },
    };
  }

  #sizes(checkpoints: ReadonlyMap<number, { bytes: number }>): [number, number][] {
    return [...checkpoints].map(([step, { bytes }]): [number, number] => [step, bytes]).sort(([a], [b]) => a - b);
  }

  #pendingRows(): Part {
    const { history, id } = this;
    const { length } = history;
    const chunks = chunkCount(length);
    const writes: Write[] = [];
    for (let i = Math.floor(this.#rows / CHUNK_ROWS); i < chunks; i++) writes.push([keyOf.costs(id, i), costChunk(history, i) ?? undefined]);
    for (let i = chunks; i < this.#chunks; i++) writes.push([keyOf.costs(id, i), undefined]);
    this.#since = Infinity;
    return {
      writes,
      bytes: length * history.columns.length * Float64Array.BYTES_PER_ELEMENT,
      written: () => {
        this.#chunks = chunks;
        this.#rows = Math.min(length, this.#since);
      },
    };
  }

  #wanted(): readonly Checkpoint[] {
    const { checkpoints, from } = this.record;
    const last = checkpoints.at(-1);
    if (!this.light || !last) return checkpoints;
    return from && from.step !== last.step ? [from, last] : [last];
  }

  #pendingCheckpoints(wanted: ReadonlyMap<number, { checkpoint: Checkpoint }>): Write[] {
    const added = [...wanted].filter(([step, { checkpoint }]) => this.#checkpoints.get(step)?.checkpoint !== checkpoint);
    const gone = [...this.#checkpoints.keys()].filter((step) => !wanted.has(step));
    return [...added.map(([step, { checkpoint }]): Write => [keyOf.checkpoint(this.id, step), checkpoint]), ...gone.map((step): Write => [keyOf.checkpoint(this.id, step), undefined])];
  }

  #pendingFrames(frames: readonly Frame[]): Part {
    const strip = [...frames];
    const steps = new Set(strip.map(({ step }) => step));
    const added = strip.filter((frame) => !this.#frames.includes(frame));
    const gone = this.#frames.filter(({ step }) => !steps.has(step));
    return {
      writes: [...added.map((frame): Write => [keyOf.frame(this.id, frame.step), frame]), ...gone.map(({ step }): Write => [keyOf.frame(this.id, step), undefined])],
      bytes: bytesOf(strip),
      written: () => void (this.#frames = strip),
    };
  }
}

const bytesOf = (frames: readonly Frame[]): number => frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
