/** A run as a cell holds it: started or found again, steered, kept, and handed to whoever reads the cell. */
import { type Kernels, RunHandle, RunRecord } from "../kernel/client";
import type { Checkpoint, RunBatch, RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { liveSettings } from "../nst/live-settings";
import type { Picture } from "../nst/picture";
import type { LiveSettings } from "../nst/settings";
import { CostHistory } from "../runs/cost-history";
import type { RunEntry, RunParent } from "../runs/kept-run";
import { newRunId } from "../runs/run-id";
import type { NewRun, RunKeeper, RunStore } from "../runs/run-store";
import { Latest } from "./latest";
import { keepRun } from "./run-records";
import type { RunState } from "./run-view";
import { type MarkedChange, markedChanges } from "./settings-change";

/** The generated picture of a run, renewed about once a second while it goes. */
export interface RunPicture {
  /** null until there is one */
  picture: Picture | null;
  step: number;
  /** the run that the picture is of, for `runRecord`; null until one has been started */
  run: string | null;
}

/** What a run is kept by beside its numbers. */
export type KeptAs = Pick<NewRun, "names" | "notebook" | "cell" | "parent">;

/** Who shows the run. */
export interface CourseHost {
  /** something has changed: to be shown again */
  changed(): void;
  /** the newest picture; closes the bitmap */
  show(picture: ImageBitmap): void;
  /** the picture of a run that was found again */
  showKept(picture: Picture): void;
  /** the picture is to be taken away */
  clear(): void;
}

export class RunCourse {
  state: RunState = "idle";
  step = 0;
  /** 0 while it is not known */
  stepsPerSecond = 0;
  notice = "";
  /** the notice says why the run has ended */
  failed = false;
  /** it is being computed in another tab */
  elsewhere = false;
  /** what the engine was told, with what has been changed since; null until there is a run */
  config: RunConfig | null = null;
  history = new CostHistory();
  record: RunRecord | null = null;
  /** of the run, for `runRecord` and in the store */
  id: string | null = null;
  /** what the two pictures were called when it was started */
  names = { content: "", style: "" };
  /** what it went on from, if it is a branch */
  parent: RunParent | null = null;
  changes: readonly MarkedChange[] = [];
  /** grows with `history` */
  version = 0;
  /** for those who read the cell */
  readonly latest = new Latest<RunPicture>({ picture: null, step: 0, run: null });

  private handle: RunHandle | null = null;
  private keeper: RunKeeper | null = null;
  /** resolves when nobody keeps the run any more that went last */
  private ending: Promise<void> | null = null;

  constructor(private readonly host: CourseHost) {}

  /** Whether it is being computed here, or held paused. */
  get going(): boolean {
    return this.state === "preparing" || this.state === "running" || this.state === "paused";
  }

  /** Where it could go on from, if `steps` were wanted; null: it goes, or there is nothing left to do. */
  goesOnFrom(steps: number): number | null {
    const last = this.record?.checkpoints.at(-1);
    return last && !this.going && !this.elsewhere && last.step < steps ? last.step : null;
  }

  /**
   * Starts a run; one that goes is dropped.
   * @param from where it begins, if not at the picture that its settings name
   */
  begin(kernels: Kernels, runs: RunStore | null | undefined, config: RunConfig, as: KeptAs, from?: Checkpoint): void {
    this.clear();
    this.history = new CostHistory();
    this.record = new RunRecord(config, from);
    this.names = as.names;
    this.parent = as.parent ?? null;
    this.compute(kernels, runs, config, { ...as, config, record: this.record, history: this.history }, from);
  }

  /** Goes on from the last checkpoint, with other weights, layers, steps or optimiser if such are given; it stays the same run. */
  async goOn(kernels: Kernels, runs: RunStore | null | undefined, live: LiveSettings, as: KeptAs): Promise<void> {
    const { record, history, id } = this;
    const from = record?.checkpoints.at(-1);
    if (!record || !from || !id || this.going) return;
    this.drop();
    this.state = "preparing";
    this.host.changed();
    // what kept it so far has still to let go of it
    await this.ending;
    if (this.id !== id || this.state !== "preparing") return;
    const config = { ...record.config, settings: { ...record.config.settings, ...live } };
    this.compute(kernels, runs, config, { ...as, names: this.names, parent: this.parent ?? undefined, config: record.config, record, history, again: id }, from);
  }

  private compute(kernels: Kernels, runs: RunStore | null | undefined, config: RunConfig, kept: NewRun, from?: Checkpoint): void {
    const keeper = (this.keeper = runs?.keep({ ...kept, device: () => kernels.status.engine }) ?? null);
    this.id = keeper?.id ?? kept.again ?? newRunId();
    keepRun(this.id, { record: kept.record, history: kept.history, names: kept.names });
    this.config = config;
    this.state = "preparing";
    this.step = from?.step ?? 0;
    this.stepsPerSecond = 0;
    this.notice = "";
    this.failed = this.elsewhere = false;
    const run = (this.handle = new RunHandle(kernels, config, (batch) => (this.handle === run ? this.take(batch) : batch.image?.close()), from));
    run.ended.catch((error: Error) => {
      if (this.handle !== run || error.name === "AbortError") return;
      this.notice = error.message;
      this.failed = true;
      this.state = "stopped";
      this.host.changed();
    }).finally(() => {
      keeper?.close();
      if (this.keeper === keeper) this.ending = keeper?.ended() ?? null;
    });
    this.host.changed();
  }

  private take(batch: RunBatch): void {
    this.history.append(batch);
    this.record!.take(batch);
    this.keeper?.take(batch);
    if (batch.change) this.changes = markedChanges(this.record!.changes);
    this.version = this.history.version;
    this.state = batch.state;
    if (batch.state !== "preparing") this.step = batch.step;
    this.stepsPerSecond = batch.stepsPerSecond;
    if (batch.notice) this.notice = batch.notice;
    if (batch.image) this.host.show(batch.image);
    if (batch.checkpoint) this.give(batch.checkpoint);
    this.host.changed();
  }

  private give({ picture: data, width, height, step }: Checkpoint): void {
    this.latest.give({ picture: { width, height, data }, step, run: this.id });
  }

  /**
   * Takes over a run that was kept, as it was left.
   * @param elsewhere it is being computed in another tab
   */
  adopt({ entry, record, history }: { entry: RunEntry; record: RunRecord; history: CostHistory }, elsewhere: boolean): void {
    this.clear();
    const { id, state, content, style, parent } = entry;
    this.parent = parent;
    this.names = { content: content.name, style: style.name };
    this.record = record;
    this.history = history;
    this.id = id;
    this.config = { ...record.config, settings: record.settingsAt(Math.max(0, record.last)) };
    this.changes = markedChanges(record.changes);
    this.version = history.version;
    const last = record.checkpoints.at(-1);
    this.step = last?.step ?? entry.step;
    this.elsewhere = elsewhere;
    this.state = state === "finished" ? "finished" : "stopped";
    if (elsewhere) this.notice = "This run is going in another tab. What is shown is as it was when this page looked.";
    else if (state === "going" || state === "paused") this.notice = `The page was closed while this run was at step ${entry.step}.${last ? ` Its picture is that of step ${last.step}, and it goes on from there.` : ""}`;
    if (last) {
      const { width, height, picture: data } = last;
      this.host.showKept({ width, height, data });
      this.give(last);
    }
    this.host.changed();
  }

  /** Hands changed settings to the run that is going. @returns whether there was anything to hand over */
  steer(settings: LiveSettings): boolean {
    const live = liveSettings(settings);
    if (!this.config || !this.handle || !this.going || equal(live, liveSettings(this.config.settings))) return false;
    this.config = { ...this.config, settings: { ...this.config.settings, ...live } };
    this.handle.update(live);
    return true;
  }

  pause(): void {
    this.handle?.pause();
  }

  resume(): void {
    this.handle?.resume();
  }

  stop(): void {
    this.handle?.stop();
  }

  /** Ends what is computed, at once; what is known of it stays. */
  drop(): void {
    this.handle?.drop();
    this.handle = null;
    this.keeper?.close();
    this.ending = this.keeper?.ended() ?? this.ending;
    this.keeper = null;
    if (this.going) this.state = "stopped";
  }

  /** As if nothing had been started. */
  reset(): void {
    this.clear();
    this.latest.give({ picture: null, step: 0, run: null });
    this.host.changed();
  }

  private clear(): void {
    this.drop();
    this.state = "idle";
    this.step = this.stepsPerSecond = 0;
    this.notice = "";
    this.failed = this.elsewhere = false;
    this.config = null;
    this.history = new CostHistory();
    this.record = null;
    this.id = null;
    this.parent = null;
    this.changes = [];
    this.version++;
    this.host.clear();
  }
}
