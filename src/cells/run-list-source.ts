import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { RunEntry } from "../runs/kept-run";
import type { RunsEvent, RunStore } from "../runs/run-store";
import type { Going } from "./run-list-words";
import { runRecord } from "./run-records";

/** More changed runs than this are read with the whole list, at once. */
const ONE_BY_ONE = 12;

/** The entries of a store for one element, kept up to date as long as it is in the page; the element is drawn anew when they change. */
export class RunListSource implements ReactiveController {
  /** null until they have been read */
  entries: readonly RunEntry[] | null = null;
  /** why they could not be read; "" if they could */
  problem = "";
  private store: RunStore | null = null;
  private connected = false;
  private listening: AbortController | null = null;
  private computed: ReadonlyMap<string, Going> = new Map();
  /** ids to be read again; null: the whole list */
  private due: Set<string> | null = new Set();
  private reading = false;

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this);
  }

  hostConnected(): void {
    this.connected = true;
    this.listen();
  }

  hostDisconnected(): void {
    this.connected = false;
    this.listening?.abort();
  }

  /** Whose entries; the same store once more changes nothing. */
  follow(store: RunStore | null): void {
    if (store === this.store) return;
    this.store = store;
    this.entries = null;
    this.listen();
  }

  /** Who computes the run, as far as it was known when the list was read. */
  going(id: string): Going {
    return this.computed.get(id) ?? "nobody";
  }

  private listen(): void {
    this.listening?.abort();
    const { store } = this;
    if (!store || !this.connected) return;
    const { signal } = (this.listening = new AbortController());
    store.addEventListener("runs", (event) => this.changed((event as RunsEvent).detail), { signal });
    store.addEventListener("problem", () => this.host.requestUpdate(), { signal });
    this.changed(null);
  }

  private changed(ids: readonly string[] | null): void {
    if (ids === null) this.due = null;
    else for (const id of ids) this.due?.add(id);
    if (!this.reading) void this.read();
  }

  /** One reading at a time; what changes meanwhile is read after it. */
  private async read(): Promise<void> {
    this.reading = true;
    while (this.connected && this.store && this.due?.size !== 0) {
      const { store, due } = this;
      this.due = new Set();
      try {
        const entries = due && this.entries && due.size <= ONE_BY_ONE ? await withNewer(this.entries, store, due) : await store.list();
        if (store !== this.store) continue;
        this.problem = "";
        this.entries = entries;
        // the list need not wait to be told who computes what
        this.host.requestUpdate();
        const computed = await whoComputes(entries, store);
        if (store === this.store) this.computed = computed;
      } catch (error) {
        this.problem = (error as Error).message;
      }
      this.host.requestUpdate();
    }
    this.reading = false;
  }
}

async function withNewer(entries: readonly RunEntry[], store: RunStore, ids: ReadonlySet<string>): Promise<RunEntry[]> {
  const newer = await Promise.all([...ids].map((id) => store.get(id)));
  return [...newer.filter((entry) => entry !== null), ...entries.filter(({ id }) => !ids.has(id))];
}

/** A run that this page has started, or goes on with, has no entry beside it. */
function isHere(id: string): boolean {
  const run = runRecord(id);
  return run !== undefined && run.entry === undefined;
}

/** Only those that ended without saying so are asked after. */
async function whoComputes(entries: readonly RunEntry[], store: RunStore): Promise<Map<string, Going>> {
  const unfinished = entries.filter(({ state }) => state === "going" || state === "paused");
  const going = await Promise.all(unfinished.map(({ id }) => store.goesOn(id)));
  return new Map(unfinished.flatMap(({ id }, i): [string, Going][] => (going[i] ? [[id, isHere(id) ? "here" : "elsewhere"]] : [])));
}
