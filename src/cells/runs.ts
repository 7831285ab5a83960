import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { RunsEvent } from "../runs/run-store";
import { Cell } from "./cell";
import { MARKS } from "./compared-runs";
import { library } from "./library";
import { compareRuns, runActions, type RunPlace } from "./run-actions";
import "./run-list";

/** The value of a list of runs: those that are picked in it. */
export interface RunsValue {
  /** ids, in the order in which they were picked; at most eight */
  runs: string[];
  /** how many these are */
  count: number;
}

/**
 * All runs that are kept in this browser, to look for, name, star, delete, export, import, and to pick two to eight of, which
 * a comparison reads. What was picked is kept with the notebook.
 *
 *     <nst-runs as="picked"></nst-runs>
 *     <nst-compare as="cmp" of="picked"></nst-compare>
 *
 * The attribute `picked` says what is picked at first: ids with spaces between. Runs that are not kept any more are left out
 * of the value.
 */
@customElement("nst-runs")
export class RunsCell extends Cell<RunsValue> {
  static override title = "runs";
  static override lazy = true;
  static override reserve = 420;
  static override params = { picked: "" };

  async compute(_inputs: Record<string, never>, { signal }: { signal: AbortSignal }): Promise<RunsValue> {
    const store = this.context?.runs;
    const ids = this.picked;
    store?.addEventListener("runs", (event) => this.changed((event as RunsEvent).detail), { signal });
    const entries = await Promise.all(ids.map((id) => store?.get(id)));
    const runs = ids.filter((_, i) => entries[i]);
    return { runs, count: runs.length };
  }

  private get picked(): string[] {
    return this.param<string>("picked").split(/\s+/).filter(Boolean).slice(0, MARKS.length);
  }

  /** One of those that are picked was deleted, or has come back. */
  private changed(ids: readonly string[] | null): void {
    if (ids === null || this.picked.some((id) => ids.includes(id))) this.invalidate();
  }

  override headerNote(): string {
    return this.value && this.value.count > 0 ? `${this.value.count} picked` : "";
  }

  view(): TemplateResult {
    const store = this.context?.runs;
    if (!store) return html`<div class="body soft">No runs are kept here.</div>`;
    const place = this.place();
    return html`<div class="body"><nst-run-list
      .store=${store} .picked=${this.picked} .titleOf=${titleOf} .actions=${place ? runActions(place) : []} .compare=${place && ((ids: readonly string[]) => compareRuns(place, ids))}
      @nst-pick=${(event: CustomEvent<string[]>) => this.setParam("picked", event.detail.join(" "))}
    ></nst-run-list></div>`;
  }

  /** New cells go below this one. */
  private place(): RunPlace | null {
    const notebook = this.closest("nst-notebook");
    const session = this.context?.session;
    return notebook && session?.slot(this.cellId) ? { notebook, index: () => session.index(this.cellId) + 1, added: () => {} } : null;
  }
}

const titleOf = (name: string): string => library.find((one) => one.name === name)?.title ?? name;

declare global {
  interface HTMLElementTagNameMap {
    "nst-runs": RunsCell;
  }
}
