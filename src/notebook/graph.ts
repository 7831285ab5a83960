import type { CellState, Definition } from "./definition";
import { equal as sameData } from "./equal";
import { demanded } from "./graph-demand";
import { publicNames, UnknownNameError, WaitingError } from "./graph-errors";
import { flows, isStreaming, read } from "./graph-links";
import { GONE, Node, type Run } from "./graph-node";
import { date, fulfil, pend, reject, rest, tell, wait, waitToBeAsked } from "./graph-telling";
import { asError, closeIterator, dispose, isAsyncIterable, isPromise } from "./results";
import { wire, type Link, type Wiring } from "./wiring";

export type { CellState, Definition, Observer } from "./definition";

const superseded = () => new DOMException("superseded", "AbortError");

/** One cell as it stands. */
export interface CellDescription {
  id: string;
  name: string | null;
  /** how messages call it */
  label: string;
  inputs: readonly string[];
  state: CellState;
  error: Error | null;
  waitingFor: string | null;
  /** a manual cell whose inputs have changed since */
  outOfDate: boolean;
}

/**
 * Cells that read one another's values by name, kept up to date.
 *
 * All work happens in sweeps: every change asks for one, a microtask later it visits all cells, dependencies first, and
 * starts what can be started. A sweep is idempotent and cheap (cells are dozens), so there is no other bookkeeping: no
 * dirty flags travel, a cell is computed once however many of its inputs changed, and nothing depends on animation frames.
 */
export class Graph {
  #nodes = new Map<string, Node>();
  #wiring: Wiring<Node> | null = null;
  #sweep: Promise<void> | null = null;
  /** asked after every sweep; those that answer true are done */
  #watchers = new Set<() => boolean>();
  /** names whose values are waited for, and by how many */
  #sought = new Map<string, number>();

  /** Adds a cell, or gives the cell `id` a new definition (its last value stays to be compared with the next one). */
  define<Out>(id: string, definition: Definition<Out>): void {
    let node = this.#nodes.get(id);
    if (node) this.#giveUp(node);
    else this.#nodes.set(id, (node = new Node(id)));
    node.definition = definition;
    node.told = null;
    node.asked = false;
    node.outOfDate = false;
    this.#wiring = null;
    void this.#change();
  }

  /** Removes a cell and aborts what it is doing; its observer hears nothing more. Does nothing if there is no such cell. */
  undefine(id: string): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    this.#giveUp(node);
    node.removed = true;
    // A promise that never settles holds on to its node: the node must hold on to nothing.
    node.value = undefined;
    node.definition = GONE;
    this.#nodes.delete(id);
    this.#wiring = null;
    void this.#change();
  }

  /** Computes a cell again although its inputs are the same; a manual cell: computes it now. */
  invalidate(id: string): void {
    const node = this.#nodes.get(id);
    if (!node) return;
    node.asked = true;
    this.#giveUp(node);
    void this.#change();
  }

  /**
   * Says whether somebody looks at a lazy cell; null: it will be said in a moment, and the cell counts as pending until then.
   * A new definition of it is looked at as the old one was.
   */
  look(id: string, yes: boolean | null): void {
    const node = this.#nodes.get(id);
    if (!node || node.looked === yes) return;
    node.looked = yes;
    if (node.lazy) void this.#change();
  }

  /** The value of a name as soon as it is up to date; a lazy cell is computed for it. Rejects with the cell's error, a WaitingError or an UnknownNameError. */
  value(name: string): Promise<unknown> {
    this.#sought.set(name, (this.#sought.get(name) ?? 0) + 1);
    const found = new Promise((resolve, reject) => {
      this.#watch(() => {
        const { givers } = this.#wiring!;
        const node = givers.get(name)?.[0];
        if (!node) reject(new UnknownNameError(name, publicNames(givers.keys()), []));
        else if (this.#unsettled(node) || node.state === "resting") return false;
        else if (node.state === "fulfilled") resolve(node.value);
        else if (node.state === "waiting" || node.state === "held") reject(new WaitingError(name, node.waitingFor));
        else reject(node.error);
        return true;
      });
    });
    const done = () => {
      const others = this.#sought.get(name)! - 1;
      if (others > 0) this.#sought.set(name, others);
      else this.#sought.delete(name);
    };
    found.then(done, done);
    return found;
  }

  /** Resolves when every cell has a value or an error or waits for one that has; a stream counts from its first value on. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.#watch(() => {
        for (const node of this.#nodes.values()) if (this.#unsettled(node)) return false;
        resolve();
        return true;
      });
    });
  }

  /** The last value of a name, also while the next is being worked out; undefined if there is none. */
  peek(name: string): unknown {
    return this.#wiring?.givers.get(name)?.[0]?.value;
  }

  /** The cells and how they stand, dependencies first (after the last sweep). */
  describe(): CellDescription[] {
    const nodes = this.#wiring?.order ?? [...this.#nodes.values()];
    return nodes.map(({ id, name, label, inputs, state, error, waitingFor, outOfDate }) => ({
      id,
      name,
      label,
      inputs,
      state,
      error: state === "rejected" ? error : null,
      waitingFor: state === "waiting" ? waitingFor : null,
      outOfDate,
    }));
  }

  /** Still being worked out. What follows a stream that goes on is never up to date for long: any value of it will do. */
  #unsettled(node: Node): boolean {
    return node.state === "pending" || (node.lagging && !this.#fed(node));
  }

  /** A stream further up goes on. */
  #fed(node: Node): boolean {
    return (this.#wiring?.links.get(node) ?? []).some(({ from }) => isStreaming(from) || (from.flows && this.#fed(from)));
  }

  #watch(watcher: () => boolean): void {
    this.#watchers.add(watcher);
    void this.#change();
  }

  /**
   * Asks for a sweep; resolves after it. Two microtasks, not one: an element that is replaced in the page is undefined a
   * microtask after its successor was defined, and that must not look like two cells of one name.
   */
  #change(): Promise<void> {
    return (this.#sweep ??= Promise.resolve()
      .then(() => {})
      .then(() => {
        this.#sweep = null;
        this.#visitAll();
      }));
  }

  #visitAll(): void {
    const wiring = (this.#wiring ??= wire([...this.#nodes.values()]));
    const { order, links, faults } = wiring;
    const wanted = demanded(wiring, this.#sought);
    for (const node of order) {
      if (node.removed) continue;
      const fault = faults.get(node) ?? null;
      if (fault || wanted.has(node)) this.#visit(node, links.get(node)!, fault);
      else this.#leave(node, links.get(node)!);
    }
    // A compute or an observer that changed something has asked for another sweep, and what was just seen is out of date.
    if (this.#sweep) return;
    for (const watcher of this.#watchers) if (watcher()) this.#watchers.delete(watcher);
  }

  /** Nobody needs this lazy cell now: what it has or is working out stays until one of its inputs changes. */
  #leave(node: Node, links: readonly Link<Node>[]): void {
    const current = node.run && links.every((link, i) => link.from.state === "pending" || (link.from.state === "fulfilled" && this.#same(link, node.used![i], node.id)));
    if (!current) {
      this.#giveUp(node);
      if (node.looked === null) pend(node);
      else rest(node);
    } else if (!node.run!.given) pend(node);
    else if (node.error) reject(node, node.error);
    else fulfil(node);
  }

  #same(link: Link<Node>, before: unknown, reader: string): boolean {
    try {
      return (link.path.length > 0 ? sameData : link.from.equal)(before, read(link, reader));
    } catch {
      // the part is gone; it is said when somebody looks
      return false;
    }
  }

  #visit(node: Node, links: readonly Link<Node>[], fault: Error | null): void {
    if (fault) {
      this.#giveUp(node);
      return reject(node, fault);
    }
    const failed = links.find(({ from }) => from.state === "rejected" || from.state === "waiting" || from.state === "held");
    if (failed) {
      // What has been computed stays: the input may come back as it was.
      if (node.run && !node.run.done) this.#giveUp(node);
      return wait(node, failed.name);
    }
    const inputs: unknown[] = [];
    let complete = true;
    let changed = false;
    let onlyByStreams = true;
    try {
      for (const [i, link] of links.entries()) {
        if (link.from.state === "pending" || link.from.state === "resting") {
          complete = false;
          // what rests has changed since it gave its last value
          changed ||= link.from.state === "resting";
          continue;
        }
        inputs[i] = read(link, node.id);
        const same = link.path.length > 0 ? sameData : link.from.equal;
        // Superseded as soon as one input is known to have changed, even if others are still being worked out.
        if (!node.used || same(node.used[i], inputs[i])) continue;
        changed = true;
        if (flows(link.from)) continue;
        onlyByStreams = false;
        if (!node.manual) this.#giveUp(node);
      }
    } catch (error) {
      this.#giveUp(node);
      return reject(node, asError(error));
    }
    if (changed && onlyByStreams && node.used && !node.manual) {
      if (this.#keepUp(node, complete)) return;
    }
    if (node.manual && node.used) date(node, changed);
    else if (node.manual && !node.asked) return waitToBeAsked(node);
    else if (!complete) return this.#hold(node);
    if (!node.used) return this.#start(node, links, inputs);
    if (!node.run!.given) return node.lagging ? undefined : pend(node);
    return node.error ? reject(node, node.error) : fulfil(node);
  }

  /**
   * A stream has given its next item, and nothing else has changed. A compute that is still at an earlier item is let finish:
   * whoever is slower than the stream would otherwise never come to an end. Until the next value is there the last one counts.
   * @returns whether there is nothing more to do now
   */
  #keepUp(node: Node, complete: boolean): boolean {
    const run = node.run!;
    if (!run.given) {
      if (!node.lagging) pend(node);
      return true;
    }
    if (!run.done || node.error || !complete) {
      this.#giveUp(node);
      return false;
    }
    if (node.fresh) {
      // seen by those that read it before the next one is begun
      fulfil(node);
      void this.#change();
      return true;
    }
    node.retired?.controller.abort(superseded());
    node.retired = run;
    node.run = node.used = null;
    node.lagging = true;
    return false;
  }

  #start(node: Node, links: readonly Link<Node>[], inputs: readonly unknown[]): void {
    const run: Run = { controller: new AbortController(), iterator: null, given: false, done: false };
    node.used = inputs;
    node.run = run;
    node.error = null;
    node.asked = false;
    node.flows = links.some(({ from }) => flows(from));
    date(node, false);
    let result: unknown;
    try {
      result = node.definition.compute(inputs, { signal: run.controller.signal });
    } catch (error) {
      this.#fail(node, run, error);
      if (node.run === run) reject(node, node.error!);
      return;
    }
    // compute() may have redefined or invalidated its own cell.
    if (node.run !== run) return void dispose(result);
    if (isAsyncIterable(result)) {
      if (!node.lagging) pend(node);
      void this.#drain(node, run, result);
    } else if (isPromise(result)) {
      if (!node.lagging) pend(node);
      void this.#follow(node, run, result);
    } else {
      run.done = true;
      this.#give(node, run, result);
      if (node.error) reject(node, node.error);
      else fulfil(node);
    }
  }

  async #follow(node: Node, run: Run, promise: PromiseLike<unknown>): Promise<void> {
    try {
      const result = await promise;
      if (node.run !== run) return dispose(result);
      if (isAsyncIterable(result)) return await this.#drain(node, run, result);
      run.done = true;
      this.#give(node, run, result);
    } catch (error) {
      this.#fail(node, run, error);
    }
    if (node.run === run) await this.#change();
  }

  /** Every value is seen by a sweep before the next one is asked for: none is skipped. */
  async #drain(node: Node, run: Run, iterable: AsyncIterable<unknown>): Promise<void> {
    try {
      run.iterator = iterable[Symbol.asyncIterator]();
      while (true) {
        const item = await run.iterator.next();
        if (node.run !== run) return;
        if (item.done) break;
        this.#give(node, run, item.value);
        await this.#change();
        if (node.run !== run) return;
      }
      run.done = true;
      if (!run.given) this.#give(node, run, undefined);
    } catch (error) {
      this.#fail(node, run, error);
    }
    if (node.run === run) await this.#change();
  }

  #give(node: Node, run: Run, value: unknown): void {
    if (node.run !== run) return;
    try {
      // An equal value keeps its identity, so that readers need not compare again.
      if (!node.hasValue || !node.equal(node.value, value)) {
        node.value = value;
        node.fresh = true;
      }
    } catch (error) {
      return this.#fail(node, run, error);
    }
    node.hasValue = true;
    run.given = true;
    this.#caughtUp(node);
  }

  #caughtUp(node: Node): void {
    node.lagging = false;
    node.retired?.controller.abort(superseded());
    node.retired = null;
  }

  #fail(node: Node, run: Run, error: unknown): void {
    if (node.run !== run) return;
    run.given = run.done = true;
    node.error = asError(error);
    this.#caughtUp(node);
  }

  /** Ends whatever the cell is doing or holds for its value. The value itself stays, to be shown and compared. */
  #giveUp(node: Node): void {
    const run = node.run;
    node.run = null;
    node.used = null;
    node.error = null;
    this.#caughtUp(node);
    if (!run) return;
    run.controller.abort(superseded());
    if (!run.done && run.iterator) closeIterator(run.iterator);
  }

  /** An input is being worked out. A stream that may yet turn out to be up to date goes on and is shown. */
  #hold(node: Node): void {
    if (!node.run || node.run.done || !node.run.given) return pend(node);
    node.state = "pending";
    if (node.fresh) tell(node, "fulfilled", (o) => o.fulfilled?.(node.value));
  }
}
