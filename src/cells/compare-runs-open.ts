import type { Frame, RunEntry } from "../runs/kept-run";
import type { RunStore, RunsEvent } from "../runs/run-store";
import { Coalesced } from "./coalesce";
import { type ComparedRun, comparedRuns } from "./compared-runs";
import { type KeptRun, openKeptRun } from "./run-records";

/** Milliseconds between two looks at runs that are going. */
const LOOK = 400;
/** Milliseconds at least between two readings of what is kept of them. */
const READ = 2000;

type Store = Pick<RunStore, "open" | "get" | "frames" | "goesOn" | "addEventListener" | "removeEventListener">;

interface Opened extends KeptRun {
  id: string;
  entry: RunEntry;
  frames: Frame[];
  going: boolean;
}

/**
 * The runs that are compared, opened, as they become: those that are going grow, those that go on in another tab are read
 * again, those that were deleted are gone.
 *
 *     const open = new OpenRuns(() => this.requestUpdate(), (id, step) => …);
 *     open.follow(context.runs, ["0c1f…", "77ab…"]);
 *     open.runs
 *     open.close();
 */
export class OpenRuns {
  /** in the order of the ids, with their marks; a new list whenever one of them has grown */
  runs: readonly ComparedRun[] = [];
  /** ids of which nothing is kept */
  lost: readonly string[] = [];
  /** not all of them are there yet */
  opening = false;
  private ids: readonly string[] = [];
  private store: Store | null = null;
  private readonly opened = new Map<string, Opened>();
  private readonly reading = new Coalesced(() => void this.read(), READ);
  private timer: ReturnType<typeof setInterval> | undefined;
  private stamp = "";
  /** the newest step of each, when it was looked at last */
  private readonly steps = new Map<string, number>();

  /**
   * @param changed `runs`, `lost` or `opening` is another
   * @param wentBack a run has taken another way from a step on: its later pictures are no longer its own
   */
  constructor(
    private readonly changed: () => void,
    private readonly wentBack: (id: string, step: number) => void,
  ) {}

  /** Follows these runs and no others. */
  follow(store: Store | null, ids: readonly string[]): void {
    if (store !== this.store) {
      this.store?.removeEventListener("runs", this.onRuns);
      store?.addEventListener("runs", this.onRuns);
      this.store = store;
    } else if (ids.join() === this.ids.join()) return;
    this.ids = ids;
    for (const id of [...this.opened.keys()]) if (!ids.includes(id)) this.opened.delete(id);
    this.opening = ids.some((id) => !this.opened.has(id));
    this.build();
    void this.read();
  }

  /** Follows nothing any more, until the next `follow`. */
  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.reading.cancel();
    this.store?.removeEventListener("runs", this.onRuns);
    this.store = null;
    this.ids = [];
    this.opened.clear();
    this.stamp = "";
  }

  private onRuns = (event: Event): void => {
    const { detail } = event as RunsEvent;
    if (detail === null || detail.some((id) => this.ids.includes(id))) this.reading.request();
  };

  /** Reads what is kept of all of them. */
  private async read(): Promise<void> {
    const { ids, store } = this;
    const lost: string[] = [];
    for (const id of ids) {
      const opened = await this.readOne(store, id);
      if (this.ids !== ids || this.store !== store) return;
      if (opened) this.opened.set(id, opened);
      else {
        this.opened.delete(id);
        lost.push(id);
      }
    }
    this.lost = lost;
    this.opening = false;
    this.build();
  }

  private async readOne(store: Store | null, id: string): Promise<Opened | null> {
    const before = this.opened.get(id);
    // a run whose page is gone still says that it is going
    const kept = await openKeptRun({ runs: store }, id).catch(() => undefined);
    if (!kept) return null;
    const [frames, going] = store ? await Promise.all([store.frames(id), store.goesOn(id)]) : [[], false];
    const newest = before && before.history.step > kept.history.step ? before : kept;
    // another tab goes on with it, and writes to the store alone
    const newer = store && kept.entry.step > newest.history.step ? await store.open(id) : null;
    const { record, history } = newer ?? newest;
    return { id, entry: kept.entry, record, history, frames, going };
  }

  private build(): void {
    const all = this.ids.flatMap((id) => this.opened.get(id) ?? []);
    for (const { id, history } of all) {
      if (history.step < (this.steps.get(id) ?? 0)) this.wentBack(id, history.step);
      this.steps.set(id, history.step);
    }
    this.runs = comparedRuns(all);
    const going = all.some((run) => run.going);
    if (going && this.timer === undefined) this.timer = setInterval(this.look, LOOK);
    if (!going) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    this.changed();
  }

  private look = (): void => {
    const stamp = [...this.opened.values()].map(({ record, history }) => `${record.version} ${history.version}`).join();
    if (stamp === this.stamp) return;
    this.stamp = stamp;
    this.build();
  };
}
