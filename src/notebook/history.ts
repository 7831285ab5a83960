/** How many changes can be undone. */
const DEPTH = 200;

/** Undo and redo over immutable moments. `label` names the change that led away from a moment. */
export class History<Moment extends { label: string }> {
  #past: Moment[] = [];
  #future: Moment[] = [];

  /** Remembers the moment before a change. What had been undone can no longer be redone. */
  push(before: Moment): void {
    this.#past.push(before);
    if (this.#past.length > DEPTH) this.#past.shift();
    this.#future = [];
  }

  /** What undo and redo would take back or do again; null if there is nothing. */
  get next(): { undo: string | null; redo: string | null } {
    return { undo: this.#past.at(-1)?.label ?? null, redo: this.#future.at(-1)?.label ?? null };
  }

  /** @returns the moment to go to, null if there is none */
  undo(now: Moment): Moment | null {
    const moment = this.#past.pop();
    if (!moment) return null;
    this.#future.push({ ...now, label: moment.label });
    return moment;
  }

  redo(now: Moment): Moment | null {
    const moment = this.#future.pop();
    if (!moment) return null;
    this.#past.push({ ...now, label: moment.label });
    return moment;
  }
}
