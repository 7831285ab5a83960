import type { RunEntry } from "../runs/kept-run";
import type { RunsEvent, RunStore } from "../runs/run-store";
import type { CellContext } from "./context";
import type { RunCourse } from "./run-course";
import { forgetRun, openKeptRun } from "./run-records";

/** Milliseconds between two looks at a run that goes elsewhere. */
const AGAIN = 1500;

/**
 * Finds the run that a cell made before its page was closed, and follows what becomes of it elsewhere: it is deleted, it
 * comes back, another tab goes on with it.
 */
export class RunFinder {
  private runs: RunStore | null = null;
  private place: { notebook: string; cell: string } | null = null;
  /** the run is known to be in the store: if it is not there any more, it was deleted */
  private seen = "";
  private later: ReturnType<typeof setTimeout> | undefined;
  /** the run that was deleted while the cell showed it */
  private lost = "";

  /** @param mine tells the runs of this kind of cell from others of the same name */
  constructor(private readonly course: RunCourse, private readonly mine: (entry: RunEntry) => boolean) {}

  /** Looks for the newest run of this notebook and cell; resolves when it is shown, or there is none. */
  async look({ runs, notebook }: CellContext, cell: string | null): Promise<void> {
    this.leave();
    if (!runs || !notebook || !cell) return;
    this.runs = runs;
    this.place = { notebook, cell };
    runs.addEventListener("runs", this.changed);
    // what cannot be read is said by the store
    await this.find().catch(() => {});
  }

  /** Follows no longer. */
  leave(): void {
    clearTimeout(this.later);
    this.runs?.removeEventListener("runs", this.changed);
    this.runs = null;
  }

  private async find(): Promise<void> {
    const { runs, place } = this;
    const entries = await runs!.list();
    const found = entries.find((entry) => entry.notebook === place!.notebook && entry.cell === place!.cell && entry.group === null && this.mine(entry));
    if (found) await this.adopt(found.id);
  }

  private async adopt(id: string): Promise<void> {
    const { runs, course } = this;
    if (!runs || course.going) return;
    const [elsewhere, kept] = await Promise.all([runs.goesOn(id), openKeptRun({ runs }, id)]);
    // started, or gone, in the meantime
    if (!kept || this.runs !== runs || course.going || (course.id !== null && course.id !== id)) return;
    this.seen = id;
    this.lost = "";
    course.adopt(kept, elsewhere);
    if (elsewhere) this.lookAgain(id);
  }

  /** A page that is closed, or crashes, says nothing. */
  private lookAgain(id: string): void {
    clearTimeout(this.later);
    this.later = setTimeout(() => void this.check(id).catch(() => {}), AGAIN);
  }

  /** Until the other tab has come to an end with it: what it has added is not known here. */
  private async wait(id: string): Promise<void> {
    if (await this.runs?.goesOn(id)) return this.lookAgain(id);
    forgetRun(id);
    await this.adopt(id);
  }

  private changed = (event: Event): void => {
    const ids = (event as RunsEvent).detail;
    const id = this.course.id ?? this.lost;
    if (id && (ids === null || ids.includes(id))) void this.check(id).catch(() => {});
  };

  private async check(id: string): Promise<void> {
    const { runs, course } = this;
    const entry = await runs?.get(id);
    if (this.runs !== runs || (course.id !== null && course.id !== id)) return;
    if (entry) {
      this.seen = id;
      if (course.id === null) await this.adopt(id);
      else if (course.elsewhere) await this.wait(id);
    } else if (this.seen === id && !course.going) {
      forgetRun(id);
      this.lost = id;
      course.reset();
    }
  }
}
