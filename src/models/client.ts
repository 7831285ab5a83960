/** What the page uses to bring networks along: the list of kept ones, and jobs that bring in more of them. */
import { fingerprint } from "./fingerprint";
import { ImportJob, type CopyKind, type ImportMessage, type ImportOptions, type ImportTask, type JobHost } from "./import-job";
import type { Draft, NetworkStore } from "./network-store";
import { SOURCES, type WeightsSource } from "./sources";

export { ImportJob, type CopyKind, type ImportOptions, type ImportPhase, type ImportState, type ImportTask } from "./import-job";
export { keptBase, keptId } from "./kept-base";
export type { CopyDifference, KeptNetwork, KeptTensor, LayerAnswer, SanityResult } from "./kept-network";
export { INPUTS, type InputName } from "./preprocessing";
export { NetworkStore, type Draft, type NetworkFile } from "./network-store";
export { SOURCES, type WeightsSource } from "./sources";

/** What the page sends to a worker of an import. */
export interface ImportOrder {
  task: ImportTask;
  /** name of the store's database */
  store: string;
}

/**
 * Brings networks along, each in a worker of its own: a file that is hostile can end no more than its own import.
 *
 * Fires "jobs" when one begins or is dismissed, and when the state of any of them has changed.
 */
export class Importer extends EventTarget {
  /** those that the person may want to see: going, paused, failed, and done until they are dismissed; the newest last */
  readonly jobs: ImportJob[] = [];

  /** @param makeWorker a new worker of an import (src/models/worker.ts), with that name */
  constructor(
    readonly networks: NetworkStore,
    private readonly makeWorker: (name: string) => Worker,
  ) {
    super();
  }

  /**
   * Reads a weights file: what it is, is told by what is in it.
   * @param files one file, or a model.json of TensorFlow.js with its shards
   */
  importFiles(files: File[], options: ImportOptions = {}): ImportJob {
    return this.#add({ kind: "files", files, options }, files.length === 1 ? files[0].name : `${files.length} files`);
  }

  /** Fetches the convolutions of a public file; goes on with what is there of it already. A download that is going is returned as it is. */
  download(source: WeightsSource): ImportJob {
    const there = this.jobs.find(({ task, state }) => task.kind === "download" && task.source === source.id && state.phase !== "done");
    // does nothing to one that is going
    there?.resume();
    return there ?? this.#add({ kind: "download", source: source.id }, source.title);
  }

  /**
   * Makes a copy with fewer bits, or with rescaled filters.
   * @param id of a kept network
   * @param means for "rescaled": mean activation of every channel, by layer (`network.means` of the lab)
   */
  makeCopy(id: string, how: CopyKind, means: Record<string, Float32Array> | null = null): ImportJob {
    return this.#add({ kind: "copy", id, how, means }, `${id}, ${{ fp16: "in 16 bits", int8: "in 8 bits", rescaled: "as in the paper" }[how]}`);
  }

  /** Checks every tensor of a kept network, and fetches those again that are damaged, where they came from a public file. */
  repair(id: string): ImportJob {
    const going = this.jobs.find(({ task, over }) => task.kind === "repair" && task.id === id && !over);
    return going ?? this.#add({ kind: "repair", id }, `${id}, checked`);
  }

  /** Goes on with a download that an earlier page has begun. Null for a draft that only its file can finish: drop that again. */
  goOn(draft: Draft): ImportJob | null {
    const source = Object.values(SOURCES).find(({ id }) => id === draft.source);
    return source ? this.download(source) : null;
  }

  /** Takes a job that is over off the list. */
  dismiss(job: ImportJob): void {
    const at = this.jobs.indexOf(job);
    if (at < 0) return;
    this.jobs.splice(at, 1);
    this.#told();
  }

  readonly #told = () => this.dispatchEvent(new Event("jobs"));

  #add(task: ImportTask, title: string): ImportJob {
    const job = new ImportJob(task, title, this.#host);
    job.addEventListener("change", this.#told);
    this.jobs.push(job);
    this.#told();
    // browsers clear up by themselves what nobody asked them to keep, the largest first
    void globalThis.navigator?.storage?.persist?.().catch(() => false);
    return job;
  }

  readonly #host: JobHost = {
    begin: (task, told, broken) => {
      const worker = this.makeWorker("bring a network along");
      worker.onmessage = ({ data }: MessageEvent<ImportMessage>) => told(data);
      worker.onerror = (event) => {
        event.preventDefault();
        broken("The file could not be read: reading it took more memory than this browser gives, or ended in an error of the reader. Nothing else was affected.");
      };
      worker.postMessage({ task, store: this.networks.name } satisfies ImportOrder);
      return {
        end() {
          worker.onmessage = null;
          worker.onerror = null;
          worker.terminate();
        },
      };
    },
    forget: (task) => this.networks.removeDraft(fingerprint(task)),
  };
}
