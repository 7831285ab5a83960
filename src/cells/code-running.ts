import type { Compiled } from "../notebook/compile";
import { CellCrashError, type CodeItem, type CodeRunner, SandboxRestartedError } from "../sandbox/client";
import type { CellStatus } from "./cell";
import type { CellContext } from "./context";

/** Log lines that are kept. */
const LINES = 300;
/** The rate of a stream is that of so many last ms. */
const RATE_WINDOW = 3000;

/** What of a cell's code the graph is told. */
export interface CodeDefinition {
  compiled: Compiled;
  /** runs only when it is asked to */
  manual: boolean;
  /** may run at all: the person has agreed to the code */
  allowed: boolean;
}

/**
 * A code cell in the graph: a node for the cell, whose value is the record of its names, and one for each name, so that each name
 * cuts off for itself. Holds what there is to show, and calls `changed` when that is something else.
 */
export class CodeRunning {
  status: CellStatus = "idle";
  error: Error | null = null;
  /** name of the input that has failed, while status is "waiting" */
  waitingFor: string | null = null;
  /** its inputs have changed since it was run by hand */
  outOfDate = false;
  /** the newest value, also while the next is pending */
  item: CodeItem | null = null;
  /** of a stream that is going; null before there are two values */
  itemsPerSecond: number | null = null;
  /** the stream was ended by the person */
  stopped = false;
  /** the person has asked it to end, and it is in its last step */
  stopping = false;
  /** the code gives more values yet */
  going = false;
  /** lines that the code wrote since it was started */
  logs: readonly string[] = [];

  #looked: boolean | null = null;
  #definition: CodeDefinition | null = null;
  #names: readonly string[] = [];
  #items = new WeakMap<object, CodeItem>();
  #recent: { item: number; time: number }[] = [];
  /** why the cell does not run by itself any more, until it is asked to */
  #crash: CellCrashError | null = null;
  #restarts = 0;
  /** counts runs: an earlier one that ends changes nothing */
  #runs = 0;
  #nameErrors = new Map<string, Error>();

  constructor(
    private readonly key: string,
    private readonly context: CellContext,
    private readonly runner: () => CodeRunner,
    private readonly changed: () => void,
  ) {
    context.sandbox?.addEventListener("restarted", this.#restarted);
  }

  /** The cell's code from now on. What it gave so far stays to be seen until it gives something new. */
  define(definition: CodeDefinition): void {
    const { graph } = this.context;
    const { compiled, manual, allowed } = (this.#definition = definition);
    this.#crash = null;
    this.#restarts = 0;
    this.outOfDate = false;
    this.#nameErrors.clear();
    const label = labelOf(compiled.names);
    graph.define<Record<string, unknown>>(this.key, {
      name: `code:${this.key}`,
      label,
      inputs: compiled.reads,
      manual: manual || !allowed,
      lazy: true,
      compute: (inputs, { signal }) => {
        // whoever asks for it: without the person's word nothing runs
        if (!allowed) throw new Error("The code of this notebook does not run until you agree.");
        if (this.#crash) throw this.#crash;
        return this.#run(compiled, Object.fromEntries(compiled.reads.map((name, i) => [name, inputs[i]])), signal);
      },
      // each of its names is compared by itself
      equal: () => false,
      observe: {
        pending: () => this.#turn("pending"),
        fulfilled: (record) => {
          this.item = this.#items.get(record) ?? this.item;
          this.#restarts = 0;
          this.#turn("fulfilled");
        },
        rejected: (error) => this.#rejected(error),
        waiting: (name) => {
          this.waitingFor = name;
          this.#turn("waiting");
        },
        held: () => this.#turn("held"),
        outOfDate: (yes) => {
          this.outOfDate = yes;
          this.changed();
        },
      },
    });
    for (const name of this.#names) if (!compiled.names.includes(name)) graph.undefine(`${this.key}/${name}`);
    for (const name of compiled.names) {
      graph.define(`${this.key}/${name}`, {
        name,
        label,
        inputs: [`code:${this.key}.${name}`],
        lazy: true,
        compute: ([value]) => value,
        observe: { fulfilled: () => this.#name(name, null), rejected: (error) => this.#name(name, error) },
      });
    }
    this.#names = compiled.names;
    this.look(this.#looked);
  }

  /** Says whether the cell is on the screen (null: not known yet): code that nobody sees, and whose names nobody needs, does not run. */
  look(yes: boolean | null): void {
    this.#looked = yes;
    const { graph } = this.context;
    for (const id of [this.key, ...this.#names.map((name) => `${this.key}/${name}`)]) graph.look(id, yes);
  }

  /** There is no code that could run: said in the cell, and to whoever reads it. */
  fail(error: Error): void {
    this.#undefine();
    this.context.graph.define(this.key, {
      name: `code:${this.key}`,
      label: labelOf([]),
      inputs: [],
      compute: () => {
        throw error;
      },
      observe: { rejected: (error) => this.#rejected(error) },
    });
  }

  /** Runs the code now, whatever kept it from running. */
  run(): void {
    this.#crash = null;
    this.#restarts = 0;
    this.context.graph.invalidate(this.key);
  }

  /**
   * Ends a stream after its present step, so that its last value stays. What gives no values one after the other, and what was
   * asked to end before, is ended by force, with all that it holds.
   */
  stop(): void {
    if (!this.going || !this.#definition) return;
    const { stream, language } = this.#definition.compiled;
    if (stream && !this.stopping) {
      this.stopping = true;
      this.runner().finish(this.key);
    } else if (language === "kernel") this.context.sandbox!.kernel.stop(this.key);
    this.changed();
  }

  /** Takes the cell out of the graph for good; what it computes and holds is given up. */
  leave(): void {
    this.context.sandbox?.removeEventListener("restarted", this.#restarted);
    this.#undefine();
  }

  #undefine(): void {
    const { graph } = this.context;
    for (const name of this.#names) graph.undefine(`${this.key}/${name}`);
    graph.undefine(this.key);
    this.#names = [];
    this.#definition = null;
    this.going = false;
  }

  /** Something is wrong with one of the cell's names, such as another cell that gives the same. */
  get nameError(): Error | null {
    return this.#nameErrors.values().next().value ?? null;
  }

  /** What the cell gave is gone with the place where it was kept, because of another cell. */
  readonly #restarted = (event: Event): void => {
    const keys = (event as CustomEvent<readonly string[]>).detail;
    if (keys.includes(this.key) && !this.#crash) this.context.graph.invalidate(this.key);
  };

  #name(name: string, error: Error | null): void {
    if (error) this.#nameErrors.set(name, error);
    else if (!this.#nameErrors.delete(name)) return;
    this.changed();
  }

  #rejected(error: Error): void {
    this.going = false;
    if (error instanceof SandboxRestartedError && this.#restarts === 0) {
      this.#restarts++;
      this.#turn("pending");
      this.context.graph.invalidate(this.key);
      return;
    }
    if (error instanceof CellCrashError) this.#crash = error;
    this.error = error;
    this.#turn("rejected");
  }

  async *#run(compiled: Compiled, inputs: Record<string, unknown>, signal: AbortSignal): AsyncGenerator<Record<string, unknown>> {
    const run = ++this.#runs;
    let given = false;
    this.stopped = this.stopping = false;
    this.going = true;
    this.logs = [];
    this.#recent = [];
    this.itemsPerSecond = null;
    try {
      for await (const item of this.runner().run({ key: this.key, label: compiled.names[0] ?? "this cell", compiled, inputs }, { signal })) {
        const record = Object.fromEntries(compiled.names.map((name) => [name, item.names[name]]));
        this.#items.set(record, item);
        this.#count(item);
        given = true;
        yield record;
      }
      if (!given && run === this.#runs && this.stopping) throw new CellCrashError("Stopped before it gave a value.");
    } finally {
      if (run === this.#runs) {
        this.stopped = this.stopping;
        this.going = this.stopping = false;
        this.changed();
      }
    }
  }

  #count(item: CodeItem): void {
    const now = performance.now();
    this.#recent.push({ item: item.item, time: now });
    while (this.#recent.length > 2 && now - this.#recent[0].time > RATE_WINDOW) this.#recent.shift();
    const [first] = this.#recent;
    this.itemsPerSecond = now > first.time ? ((item.item - first.item) / (now - first.time)) * 1000 : null;
    if (item.logs.length > 0) this.logs = [...this.logs, ...item.logs].slice(-LINES);
  }

  #turn(status: CellStatus): void {
    this.status = status;
    if (status !== "rejected") this.error = null;
    if (status !== "waiting") this.waitingFor = null;
    if (status === "waiting" || status === "held") this.going = false;
    this.changed();
  }
}

/** How messages call the cell. */
function labelOf(names: readonly string[]): string {
  return names.length === 0 ? "a code cell" : `the code of “${names.join("”, “")}”`;
}
