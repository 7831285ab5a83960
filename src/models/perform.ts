/** What a worker does for an import, and what it tells on the way. Runs in Node as well, with its own store. */
import { WeightsError } from "../nst/safetensors";
import { download } from "./download";
import { importFiles } from "./import-files";
import type { ImportMessage, ImportTask } from "./import-job";
import type { Progress } from "./keep-converted";
import type { KeptNetwork } from "./kept-network";
import { makeCopy } from "./make-copy";
import { FullError, type NetworkStore } from "./network-store";
import { Rate } from "./rate";
import { BrokenOffError, type RemoteOptions } from "./remote-file";
import { repair } from "./repair";
import { SOURCES, type WeightsSource } from "./sources";

/** How often the page hears how far it is (ms): as often as somebody can read it. */
const TELLING_MS = 150;

/**
 * Carries out a task to its end. It never throws: what was wrong is told.
 * @param tell hears of every change, at last of "done", "failed", or "paused" when it can go on from what is kept
 */
export async function perform(task: ImportTask, store: NetworkStore, tell: (message: ImportMessage) => void, options: RemoteOptions = {}): Promise<void> {
  const progress = new Telling(tell);
  try {
    const network = await networkFor(task, store, progress, options);
    progress.end({ phase: "done", network, message: task.kind === "repair" ? "Every number is as it was kept." : "" });
  } catch (error) {
    const canGoOn = error instanceof BrokenOffError || error instanceof FullError;
    progress.end({ phase: canGoOn ? "paused" : "failed", message: error instanceof WeightsError ? error.message : `It could not be brought along: ${(error as Error).message}.` });
  }
}

function networkFor(task: ImportTask, store: NetworkStore, progress: Progress, options: RemoteOptions): Promise<KeptNetwork> {
  switch (task.kind) {
    case "files":
      return importFiles(task, store, progress);
    case "download":
      return download(sourceOf(task.source), store, progress, options);
    case "copy":
      return makeCopy(task, store, progress);
    case "repair":
      return repair(task.id, store, progress, options);
  }
}

export function sourceOf(id: string): WeightsSource {
  const source = Object.values(SOURCES).find((one) => one.id === id);
  if (!source) throw new WeightsError(`There is no source “${id}”.`);
  return source;
}

/** Tells at once what is new, and what only counts on every now and then. */
class Telling implements Progress {
  #done = 0;
  #of = 0;
  #phase: ImportMessage["phase"];
  #rate = new Rate();
  #told = 0;

  constructor(private readonly tell: (message: ImportMessage) => void) {}

  recognised({ title, inputFrom }: { title: string; inputFrom: string }): void {
    this.tell({ recognised: { title, inputFrom } });
  }

  begin(phase: NonNullable<ImportMessage["phase"]>, done: number, of: number): void {
    [this.#phase, this.#done, this.#of] = [phase, done, of];
    this.#rate.clear();
    this.#rate.add(done, performance.now());
    this.#tellNow();
  }

  add(bytes: number): void {
    this.#done += bytes;
    const now = performance.now();
    if (now - this.#told < TELLING_MS) return;
    this.#rate.add(this.#done, now);
    this.#tellNow();
  }

  say(message: string): void {
    // nothing comes while it waits: the speed from before is no speed
    if (message !== "") this.#rate.clear();
    this.tell({ message, ...(message === "" ? {} : { bytesPerSecond: 0, secondsLeft: null }) });
  }

  end(message: ImportMessage): void {
    this.tell({ ...message, bytesPerSecond: 0, secondsLeft: null, ...(message.phase === "done" ? { done: this.#of } : {}) });
  }

  #tellNow(): void {
    const speed = this.#rate.perSecond;
    this.#told = performance.now();
    this.tell({ phase: this.#phase, done: this.#done, of: this.#of, bytesPerSecond: Math.round(speed), secondsLeft: speed > 0 ? (this.#of - this.#done) / speed : null });
  }
}
