import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import fc from "fast-check";
import { Graph, type Definition } from "../../src/notebook/graph";
import { CycleError, DuplicateNameError, MissingPartError, UnknownNameError, WaitingError } from "../../src/notebook/graph-errors";

/** A promise that the test settles by hand. */
function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const microtasks = async (n = 50) => {
  for (let i = 0; i < n; i++) await Promise.resolve();
};

let graph: Graph;
beforeEach(() => {
  graph = new Graph();
});

/** Defines a cell and keeps a log of what its observer hears. */
function cell(name: string | null, inputs: string[], compute: Definition["compute"], more: Partial<Definition> & { id?: string } = {}): string[] {
  const log: string[] = [];
  const { id = name ?? "unnamed", ...rest } = more;
  graph.define(id, {
    name,
    inputs,
    compute,
    observe: {
      pending: () => log.push("pending"),
      fulfilled: (value) => log.push(`fulfilled ${JSON.stringify(value)}`),
      rejected: (error) => log.push(`rejected ${error.message}`),
      waiting: (waitedFor) => log.push(`waiting for ${waitedFor}`),
    },
    ...rest,
  });
  return log;
}

/** A cell whose value the test sets. */
function source(name: string, value: unknown) {
  let current = value;
  cell(name, [], () => current);
  return (next: unknown) => {
    current = next;
    graph.invalidate(name);
  };
}

describe("values", () => {
  it("of a cell are computed from the values it names, in their order", async () => {
    cell("sum", ["b", "a"], ([b, a]) => `${b}${a}`);
    cell("a", [], () => 1);
    cell("b", [], async () => 2);
    expect(await graph.value("sum")).toBe("21");
  });

  it("may be promises, and dependants wait for them", async () => {
    const slow = deferred<number>();
    const a = cell("a", [], () => slow.promise);
    const b = cell("b", ["a"], ([x]) => x);
    await microtasks();
    expect([a, b]).toEqual([["pending"], ["pending"]]);
    slow.resolve(7);
    await graph.settled();
    expect([a, b]).toEqual([
      ["pending", "fulfilled 7"],
      ["pending", "fulfilled 7"],
    ]);
  });

  it("that are there at once are not announced as pending", async () => {
    const log = cell("a", [], () => 1);
    await graph.settled();
    expect(log).toEqual(["fulfilled 1"]);
  });

  it("reach the observer of a cell without a name", async () => {
    cell("a", [], () => 1);
    const log = cell(null, ["a"], ([x]) => x);
    await graph.settled();
    expect(log).toEqual(["fulfilled 1"]);
  });

  it("are computed without animation frames or timers", async () => {
    cell("a", [], () => 1);
    cell("b", ["a"], async ([x]) => x);
    const log = cell("c", ["b"], ([x]) => x);
    await microtasks();
    expect(log).toEqual(["pending", "fulfilled 1"]);
  });

  it("are not computed within define itself", () => {
    let computed = false;
    cell("a", [], () => (computed = true));
    expect(computed).toBe(false);
  });

  it("named like members of objects or of the window are not found by accident", async () => {
    const log = cell("a", ["constructor"], ([x]) => x);
    const other = cell("b", ["fetch"], ([x]) => x);
    await graph.settled();
    expect(log[0]).toMatch(/No cell gives “constructor”/);
    expect(other[0]).toMatch(/No cell gives “fetch”/);
  });
});

describe("redefinition", () => {
  it("computes the cell and what depends on it again", async () => {
    cell("a", [], () => 1);
    const b = cell("b", ["a"], ([x]) => x);
    await graph.settled();
    cell("a", [], () => 2);
    await graph.settled();
    expect(b).toEqual(["fulfilled 1", "fulfilled 2"]);
  });

  it("may change the name and the inputs", async () => {
    cell("a", [], () => 1);
    cell("b", [], () => 2);
    const reader = cell("reader", ["x"], ([x]) => x);
    cell("x", ["a"], ([a]) => a, { id: "middle" });
    await graph.settled();
    cell("y", ["b"], ([b]) => b, { id: "middle" });
    await graph.settled();
    expect(await graph.value("y")).toBe(2);
    expect(reader[0]).toBe("fulfilled 1");
    expect(reader[1]).toMatch(/No cell gives “x”/);
  });

  it("to an equal value does not reach dependants", async () => {
    let computed = 0;
    cell("a", [], () => ({ size: 1 }));
    cell("b", ["a"], () => ++computed);
    await graph.settled();
    cell("a", [], () => ({ size: 1 }));
    await graph.settled();
    expect(computed).toBe(1);
  });

  it("by a cell of another id, mounted before the old one is undefined a microtask later, is not a duplicate", async () => {
    let computed = 0;
    cell("a", [], () => 1, { id: "old" });
    const reader = cell("reader", ["a"], () => ++computed);
    await graph.settled();
    cell("a", [], () => 1, { id: "new" });
    queueMicrotask(() => graph.undefine("old"));
    await graph.settled();
    expect(reader).toEqual(["fulfilled 1"]);
    expect(computed).toBe(1);
  });
});

describe("equal values", () => {
  it("cut off what depends on them", async () => {
    const set = source("a", [1, 2]);
    let computed = 0;
    cell("b", ["a"], () => ++computed);
    await graph.settled();
    set([1, 2]);
    await graph.settled();
    set([1, 3]);
    await graph.settled();
    expect(computed).toBe(2);
  });

  it("bring a dependant that was told to wait back to its value", async () => {
    let slow = deferred<number>();
    cell("a", [], () => slow.promise);
    const b = cell("b", ["a"], ([x]) => x);
    slow.resolve(1);
    await graph.settled();
    slow = deferred();
    graph.invalidate("a");
    await microtasks();
    slow.resolve(1);
    await graph.settled();
    expect(b).toEqual(["pending", "fulfilled 1", "pending", "fulfilled 1"]);
  });

  it("are judged by the cell's own measure if it has one", async () => {
    let value = 1;
    let computed = 0;
    cell("a", [], () => value, { equal: (x, y) => Math.round(x as number) === Math.round(y as number) });
    cell("b", ["a"], () => ++computed);
    await graph.settled();
    value = 1.2;
    graph.invalidate("a");
    await graph.settled();
    expect(computed).toBe(1);
    value = 1.6;
    graph.invalidate("a");
    await graph.settled();
    expect(computed).toBe(2);
  });

  it("of class instances are equal only to themselves", async () => {
    class Handle {}
    let computed = 0;
    cell("a", [], () => new Handle());
    cell("b", ["a"], () => ++computed);
    await graph.settled();
    graph.invalidate("a");
    await graph.settled();
    expect(computed).toBe(2);
  });

  it("keep a running compute of a dependant alive while its input is worked out again", async () => {
    let slow = deferred<number>();
    cell("a", [], () => slow.promise);
    slow.resolve(1);
    const run = deferred<string>();
    let started = 0;
    let aborted = false;
    cell("run", ["a"], (_, { signal }) => {
      started++;
      signal.addEventListener("abort", () => (aborted = true));
      return run.promise;
    });
    await microtasks();
    slow = deferred();
    graph.invalidate("a");
    await microtasks();
    slow.resolve(1);
    await microtasks();
    run.resolve("done");
    expect(await graph.value("run")).toBe("done");
    expect([started, aborted]).toEqual([1, false]);
  });
});

describe("parts", () => {
  it("are read by a path and cut off when that part is equal", async () => {
    const set = source("settings", { size: 256, optimiser: { rate: 0.02 } });
    const sizes: unknown[] = [];
    const rates: unknown[] = [];
    cell("crop", ["settings.size"], ([size]) => sizes.push(size));
    cell("curve", ["settings.optimiser.rate"], ([rate]) => rates.push(rate));
    await graph.settled();
    set({ size: 256, optimiser: { rate: 0.01 } });
    await graph.settled();
    set({ size: 128, optimiser: { rate: 0.01 } });
    await graph.settled();
    expect(sizes).toEqual([256, 128]);
    expect(rates).toEqual([0.02, 0.01]);
  });

  it("that are null are values", async () => {
    source("settings", { contentLayer: null });
    cell("a", ["settings.contentLayer"], ([layer]) => [layer]);
    expect(await graph.value("a")).toEqual([null]);
  });

  it("that do not exist are explained, and are found once they do", async () => {
    const set = source("settings", { size: 1, steps: 2 });
    const log = cell("a", ["settings.sise"], ([x]) => x);
    await expect(graph.value("a")).rejects.toThrow(MissingPartError);
    expect(log).toEqual(["rejected “settings.sise” cannot be read: “settings” has no part “sise”; its parts are size and steps."]);
    set({ sise: 3 });
    expect(await graph.value("a")).toBe(3);
  });

  it("of nothing are explained", async () => {
    source("settings", null);
    const log = cell("a", ["settings.size"], ([x]) => x);
    await graph.settled();
    expect(log[0]).toMatch(/“settings” has no part “size”; it has no parts/);
  });
});

describe("each affected cell is computed once", () => {
  it("in a diamond of synchronous cells", async () => {
    const set = source("a", 1);
    const seen: unknown[] = [];
    cell("d", ["b", "c"], (inputs) => seen.push([...inputs]));
    cell("b", ["a"], ([a]) => (a as number) * 10);
    cell("c", ["a"], ([a]) => (a as number) * 100);
    await graph.settled();
    set(2);
    await graph.settled();
    expect(seen).toEqual([
      [10, 100],
      [20, 200],
    ]);
  });

  it("in a diamond whose arms take different times", async () => {
    const set = source("a", 1);
    const seen: unknown[] = [];
    cell("b", ["a"], async ([a]) => a);
    cell("c", ["a"], async ([a]) => {
      await microtasks(10);
      return a;
    });
    cell("d", ["a", "b", "c"], (inputs) => seen.push([...inputs]));
    await graph.settled();
    set(2);
    await graph.settled();
    expect(seen).toEqual([
      [1, 1, 1],
      [2, 2, 2],
    ]);
  });

  it("when several inputs change in one task", async () => {
    const setA = source("a", 1);
    const setB = source("b", 1);
    let computed = 0;
    cell("c", ["a", "b"], () => ++computed);
    await graph.settled();
    setA(2);
    setB(2);
    await graph.settled();
    expect(computed).toBe(2);
  });

  it("and ends at the value of plain recomputation, whatever the wiring and the timing", async () => {
    const cells = fc.array(fc.record({ reads: fc.array(fc.nat(), { maxLength: 3 }), ticks: fc.nat(3), modulus: fc.integer({ min: 2, max: 9 }) }), {
      minLength: 1,
      maxLength: 12,
    });
    const changes = fc.array(fc.record({ at: fc.nat(), to: fc.nat(9), wait: fc.nat(8) }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cells, changes, async (shapes, edits) => {
        const graph = new Graph();
        const own = shapes.map((_, i) => i);
        const reads = shapes.map(({ reads }, i) => (i === 0 ? [] : [...new Set(reads.map((r) => r % i))]));
        const plain = (i: number): number => reads[i].reduce((sum, r) => sum + plain(r), own[i]) % shapes[i].modulus;
        let concurrent = 0;
        shapes.forEach(({ ticks, modulus }, i) => {
          let active = 0;
          graph.define(`c${i}`, {
            name: `c${i}`,
            inputs: reads[i].map((r) => `c${r}`),
            compute: (inputs, { signal }) => {
              const value = (inputs as number[]).reduce((sum, x) => sum + x, own[i]) % modulus;
              if (ticks === 0) return value;
              active++;
              concurrent = Math.max(concurrent, active);
              let live = true;
              const end = () => {
                if (live) active--;
                live = false;
              };
              signal.addEventListener("abort", end);
              return microtasks(ticks).then(() => (end(), value));
            },
          });
        });
        for (const { at, to, wait } of edits) {
          own[at % own.length] = to;
          graph.invalidate(`c${at % own.length}`);
          await microtasks(wait);
        }
        await graph.settled();
        for (let i = 0; i < shapes.length; i++) expect(await graph.value(`c${i}`)).toBe(plain(i));
        expect(concurrent).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});

describe("a superseded compute", () => {
  it("is aborted, its late result is ignored, and its successor starts at once", async () => {
    const set = source("a", 1);
    const runs: { promise: Promise<string>; resolve: (value: string) => void }[] = [];
    const signals: AbortSignal[] = [];
    const log = cell("b", ["a"], (_, { signal }) => {
      signals.push(signal);
      const run = deferred<string>();
      runs.push(run);
      return run.promise;
    });
    await microtasks();
    set(2);
    await microtasks();
    expect(runs.length).toBe(2); // the first has not ended, and need not
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
    runs[1].resolve("new");
    await graph.settled();
    runs[0].resolve("old");
    await microtasks();
    expect(log).toEqual(["pending", 'fulfilled "new"']);
  });

  it("is aborted as soon as one input has changed, even while another is still being worked out", async () => {
    const setFast = source("fast", 1);
    let slow = deferred<number>();
    cell("slow", [], () => slow.promise);
    slow.resolve(1);
    const signals: AbortSignal[] = [];
    cell("run", ["fast", "slow"], (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    await microtasks();
    slow = deferred();
    graph.invalidate("slow");
    setFast(2);
    await microtasks();
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
  });

  it("that rejects because it was aborted is no error", async () => {
    const set = source("a", 1);
    const log = cell("b", ["a"], ([a], { signal }) =>
      a === 2 ? "done" : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    await microtasks();
    set(2);
    await graph.settled();
    await microtasks();
    expect(log).toEqual(["pending", 'fulfilled "done"']);
  });

  it("is aborted by invalidate, redefinition and undefine", async () => {
    const signals: AbortSignal[] = [];
    const compute: Definition["compute"] = (_, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    };
    cell("a", [], compute);
    await microtasks();
    graph.invalidate("a");
    await microtasks();
    cell("a", [], compute);
    await microtasks();
    graph.undefine("a");
    expect(signals.map((signal) => signal.aborted)).toEqual([true, true, true]);
  });

  it("hears its signal also after it has returned, so that what its value holds can be released", async () => {
    const set = source("a", 1);
    const released: unknown[] = [];
    cell("b", ["a"], ([a], { signal }) => {
      signal.addEventListener("abort", () => released.push(a));
      return a;
    });
    await graph.settled();
    expect(released).toEqual([]);
    set(2);
    await graph.settled();
    expect(released).toEqual([1]);
  });
});

describe("errors", () => {
  it("in compute reject the cell, and its dependants say what they wait for", async () => {
    const a = cell("a", [], () => {
      throw new Error("no such picture");
    });
    const b = cell("b", ["a"], ([x]) => x);
    const c = cell("c", ["b"], ([x]) => x);
    await graph.settled();
    expect([a, b, c]).toEqual([["rejected no such picture"], ["waiting for a"], ["waiting for b"]]);
    await expect(graph.value("b")).rejects.toThrow(WaitingError);
    await expect(graph.value("a")).rejects.toThrow("no such picture");
  });

  it("that are not Errors become Errors", async () => {
    cell("a", [], () => Promise.reject("text"));
    await expect(graph.value("a")).rejects.toEqual(new Error("text"));
  });

  it("go away when the cell is mended, and what had been computed from the same value is not computed again", async () => {
    let broken = false;
    let computed = 0;
    cell("a", [], () => {
      if (broken) throw new Error("broken");
      return 1;
    });
    const b = cell("b", ["a"], () => ++computed);
    await graph.settled();
    broken = true;
    graph.invalidate("a");
    await graph.settled();
    broken = false;
    graph.invalidate("a");
    await graph.settled();
    expect(b).toEqual(["fulfilled 1", "waiting for a", "fulfilled 1"]);
  });

  it("abort what a dependant is doing with the value that is gone", async () => {
    let broken = false;
    cell("a", [], () => {
      if (broken) throw new Error("broken");
      return 1;
    });
    let aborted = false;
    cell("b", ["a"], (_, { signal }) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise(() => {});
    });
    await microtasks();
    broken = true;
    graph.invalidate("a");
    await microtasks();
    expect(aborted).toBe(true);
  });

  it("that follow one another are both told", async () => {
    let message = "first";
    const log = cell("a", [], () => {
      throw new Error(message);
    });
    await graph.settled();
    message = "second";
    graph.invalidate("a");
    await graph.settled();
    expect(log).toEqual(["rejected first", "rejected second"]);
  });

  it("are not computed again as long as the inputs stay the same", async () => {
    const set = source("a", [1]);
    let computed = 0;
    cell("b", ["a"], () => {
      computed++;
      throw new Error("no");
    });
    await graph.settled();
    set([1]);
    await graph.settled();
    expect(computed).toBe(1);
  });

  it("of an observer do not stop the graph and do not go unseen", async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => uncaught.push(error.message));
    try {
      cell("a", [], () => 1, {
        observe: {
          fulfilled: () => {
            throw new Error("display failed");
          },
        },
      });
      cell("b", ["a"], ([x]) => x);
      expect(await graph.value("b")).toBe(1);
      await new Promise((resolve) => setTimeout(resolve));
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
    expect(uncaught).toEqual(["display failed"]);
  });
});

describe("wiring errors", () => {
  it("of an unknown name say what was looked for, by whom, and what exists", async () => {
    cell("content", [], () => 1);
    cell("network", [], () => 1);
    const log = cell("a", ["style"], ([x]) => x, { label: "<nst-gram as=\"a\">" });
    const value = graph.value("a");
    await expect(value).rejects.toThrow(UnknownNameError);
    await expect(value).rejects.toMatchObject({ wanted: "style", cells: ["a"] });
    expect(log).toEqual([
      'rejected No cell gives “style”, which <nst-gram as="a"> reads. The names that exist are a, content and network. Write as="style" on the cell that gives it, declare it in a code cell, or read another name.',
    ]);
  });

  it("of an unknown name go away when a cell of that name comes", async () => {
    const log = cell("a", ["b"], ([x]) => x);
    await graph.settled();
    cell("b", [], () => 1);
    await graph.settled();
    expect(log.slice(1)).toEqual(["fulfilled 1"]);
  });

  it("appear when the cell that was read is undefined", async () => {
    cell("b", [], () => 1);
    const log = cell("a", ["b"], ([x]) => x);
    await graph.settled();
    graph.undefine("b");
    await graph.settled();
    expect(log[1]).toMatch(/No cell gives “b”/);
  });

  it("of a duplicate name reject all its cells by name, and leave readers waiting", async () => {
    const one = cell("F", [], () => 1, { id: "x1", label: "<nst-image as=\"F\">" });
    const two = cell("F", [], () => 2, { id: "x2", label: "<nst-run as=\"F\">" });
    const reader = cell("a", ["F"], ([x]) => x);
    await expect(graph.value("F")).rejects.toThrow(DuplicateNameError);
    await expect(graph.value("F")).rejects.toMatchObject({ duplicate: "F", cells: ["x1", "x2"] });
    const message = 'rejected “F” is given by 2 cells: <nst-image as="F"> and <nst-run as="F">. A name belongs to one cell: give the others another one.';
    expect([one, two, reader]).toEqual([[message], [message], ["waiting for F"]]);
    graph.undefine("x1");
    await graph.settled();
    expect([two[1], reader[1]]).toEqual(["fulfilled 2", "fulfilled 2"]);
  });

  it("of a cycle name the ring, leave those who read from it waiting, and go away when it is broken", async () => {
    const a = cell("a", ["b"], ([x]) => x);
    const b = cell("b", ["c"], ([x]) => x);
    cell("c", ["a"], ([x]) => x);
    const reader = cell("reader", ["a"], ([x]) => x);
    const other = cell("other", [], () => 1);
    await expect(graph.value("a")).rejects.toThrow(CycleError);
    await expect(graph.value("a")).rejects.toMatchObject({ cells: ["a", "b", "c"] });
    expect(a).toEqual(["rejected These cells wait for one another in a ring: a → b → c → a. Let one of them read something else."]);
    expect([reader, other]).toEqual([["waiting for a"], ["fulfilled 1"]]);
    cell("c", [], () => 5);
    await graph.settled();
    expect([a[1], b[1], reader[1]]).toEqual(["fulfilled 5", "fulfilled 5", "fulfilled 5"]);
  });

  it("of a cell that reads itself are a cycle of one", async () => {
    const log = cell("a", ["a"], ([x]) => x);
    await graph.settled();
    expect(log[0]).toMatch(/in a ring: a → a\./);
  });

  it("of a name with a dot are explained", async () => {
    const log = cell("a.b", [], () => 1);
    await graph.settled();
    expect(log[0]).toMatch(/“a.b” cannot be a name/);
  });

  it("of a name nobody has reject value()", async () => {
    await expect(graph.value("ghost")).rejects.toThrow(/No cell gives “ghost”\. No cell has a name yet\./);
  });
});

describe("streams", () => {
  it("give one value after the other, each seen by dependants", async () => {
    cell("s", [], async function* () {
      for (let i = 1; i <= 4; i++) yield i;
    });
    const seen: unknown[] = [];
    cell("b", ["s"], ([x]) => seen.push(x));
    await graph.settled();
    await microtasks(200);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(await graph.value("s")).toBe(4);
  });

  it("are settled from their first value on", async () => {
    const more = deferred<void>();
    cell("s", [], async function* () {
      yield 1;
      await more.promise;
      yield 2;
    });
    await graph.settled();
    expect(await graph.value("s")).toBe(1);
    more.resolve();
    await microtasks();
    expect(await graph.value("s")).toBe(2);
  });

  it("that give equal values do not bother dependants", async () => {
    let computed = 0;
    cell("s", [], async function* () {
      yield [1];
      yield [1];
      yield [2];
    });
    cell("b", ["s"], () => ++computed);
    await microtasks(200);
    expect(computed).toBe(2);
  });

  describe("that are faster than those who read them", () => {
    /** A stream whose items the test gives, a reader that takes as long as the test wants, and a reader of that reader. */
    function fast() {
      const items: (number | null)[] = [];
      let wake = () => {};
      cell("s", [], async function* () {
        for (;;) {
          while (items.length === 0) await new Promise<void>((resolve) => (wake = resolve));
          const item = items.shift()!;
          if (item === null) return;
          yield item;
        }
      });
      const give = async (item: number | null) => {
        items.push(item);
        wake();
        await microtasks();
      };
      const work: { item: number; signal: AbortSignal; done(): void }[] = [];
      const slow = cell("slow", ["s"], ([item], { signal }) => new Promise((resolve) => work.push({ item: Number(item), signal, done: () => resolve(Number(item) * 10) })));
      const beyond: unknown[] = [];
      const late = cell("late", ["slow"], async ([x]) => {
        await microtasks(3);
        beyond.push(x);
        return x;
      });
      return { give, work, slow, late, beyond };
    }

    it("let them finish what they have begun, and then go on with the newest item", async () => {
      const { give, work, slow } = fast();
      for (const item of [1, 2, 3]) await give(item);
      expect(work.map(({ item, signal }) => [item, signal.aborted])).toEqual([[1, false]]);
      work[0].done();
      await microtasks();
      expect(work.map(({ item }) => item)).toEqual([1, 3]);
      expect(slow).toEqual(["pending", "fulfilled 10"]);
      await give(4);
      work[1].done();
      await microtasks();
      expect(work.map(({ item }) => item)).toEqual([1, 3, 4]);
      // a value that is being renewed by a stream is not called out of date each time
      expect(slow).toEqual(["pending", "fulfilled 10", "fulfilled 30"]);
    });

    it("reach those further down too, and all end with the last item", async () => {
      const { give, work, beyond } = fast();
      for (const item of [1, 2, 3, 4, 5]) {
        await give(item);
        if (item % 2 === 1) work.at(-1)!.done();
        await microtasks();
      }
      await give(null);
      expect(beyond).toEqual([10, 20, 30]);
      work.at(-1)!.done();
      await microtasks();
      expect(beyond).toEqual([10, 20, 30, 50]);
      expect(await graph.value("late")).toBe(50);
    });

    it("leave the value that counts what it holds until the next one is there", async () => {
      const { give, work } = fast();
      await give(1);
      work[0].done();
      await give(2);
      expect(work.map(({ signal }) => signal.aborted)).toEqual([false, false]);
      work[1].done();
      await microtasks();
      expect(work.map(({ signal }) => signal.aborted)).toEqual([true, false]);
      graph.invalidate("slow");
      await microtasks();
      expect(work.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    });

    it("are settled while they go on; when they have ended, so must those be who read them", async () => {
      const { give, work } = fast();
      await give(1);
      work[0].done();
      await give(2);
      await graph.settled();
      expect(await graph.value("slow")).toBe(10);
      await give(null);
      let settled = false;
      void graph.settled().then(() => (settled = true));
      await microtasks();
      expect(settled).toBe(false);
      work.at(-1)!.done();
      await microtasks();
      expect([settled, await graph.value("slow")]).toEqual([true, 20]);
    });

    it("do not keep them from starting anew when something else changes", async () => {
      const setA = source("a", 1);
      let next = deferred<void>();
      cell("s", [], async function* () {
        for (let i = 1; ; i++) {
          yield i;
          await next.promise;
        }
      });
      const signals: AbortSignal[] = [];
      cell("slow", ["s", "a"], (_, { signal }) => new Promise(() => signals.push(signal)));
      await microtasks();
      const { resolve } = next;
      next = deferred();
      resolve();
      await microtasks();
      expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
      setA(2);
      await microtasks();
      expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    });
  });

  it("are told to return and hear their signal on invalidation, and the successor starts at once", async () => {
    const set = source("a", 1);
    const log: string[] = [];
    cell("s", ["a"], ([a], { signal }) => {
      signal.addEventListener("abort", () => log.push(`${a} aborted`));
      log.push(`${a} started`);
      return {
        [Symbol.asyncIterator]: () => ({
          // parked for ever after its first value: nothing that waits for it would ever go on
          next: ((first) => () => (first ? ((first = false), Promise.resolve({ done: false, value: a })) : new Promise<never>(() => {})))(true),
          return: () => {
            log.push(`${a} returned`);
            return new Promise<never>(() => {});
          },
        }),
      } as AsyncIterable<unknown>;
    });
    await graph.settled();
    set(2);
    await graph.settled();
    expect(log).toEqual(["1 started", "1 aborted", "1 returned", "2 started"]);
    expect(await graph.value("s")).toBe(2);
  });

  it("written as generators reach their finally when their own wait hears the signal", async () => {
    let released = false;
    cell("s", [], async function* (_, { signal }) {
      try {
        yield 1;
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      } finally {
        released = true;
      }
    });
    await graph.settled();
    await microtasks();
    graph.undefine("s");
    await microtasks();
    expect(released).toBe(true);
  });

  it("that fail after some values reject, keep their last value, and leave dependants waiting", async () => {
    const log = cell("s", [], async function* () {
      yield 1;
      throw new Error("lost the device");
    });
    const b = cell("b", ["s"], ([x]) => x);
    await microtasks(200);
    expect(log).toEqual(["pending", "fulfilled 1", "rejected lost the device"]);
    expect(b).toEqual(["pending", "fulfilled 1", "waiting for s"]);
  });

  it("that end without a value give undefined", async () => {
    cell("s", [], async function* () {});
    expect(await graph.value("s")).toBe(undefined);
  });

  it("may come from a promise", async () => {
    cell("s", [], async () =>
      (async function* () {
        yield 1;
      })(),
    );
    expect(await graph.value("s")).toBe(1);
  });

  it("go on, and go on being shown, while an input is worked out to an equal value", async () => {
    let slow = deferred<number>();
    cell("a", [], () => slow.promise);
    slow.resolve(1);
    const steps = [deferred<number>(), deferred<number>(), deferred<number>()];
    let started = 0;
    const log = cell("run", ["a"], async function* () {
      started++;
      for (const step of steps) yield step.promise;
    });
    const follower = cell("b", ["run"], ([x]) => x);
    await microtasks();
    steps[0].resolve(10);
    await microtasks();
    slow = deferred();
    graph.invalidate("a");
    await microtasks();
    steps[1].resolve(20);
    await microtasks();
    expect(log).toEqual(["pending", "fulfilled 10", "fulfilled 20"]);
    slow.resolve(1);
    await microtasks();
    steps[2].resolve(30);
    await microtasks();
    expect(log).toEqual(["pending", "fulfilled 10", "fulfilled 20", "fulfilled 30"]);
    expect(follower.filter((line) => line !== "pending")).toEqual(["fulfilled 10", "fulfilled 20", "fulfilled 30"]);
    expect(started).toBe(1);
  });
});

describe("undefine", () => {
  it("silences the cell's observer, also for results that come later", async () => {
    const late = deferred<number>();
    const log = cell("a", [], () => late.promise);
    await microtasks();
    graph.undefine("a");
    late.resolve(1);
    await microtasks();
    expect(log).toEqual(["pending"]);
    expect(graph.describe()).toEqual([]);
  });

  it("does nothing for an id nobody has", () => {
    expect(() => graph.undefine("ghost")).not.toThrow();
    expect(() => graph.invalidate("ghost")).not.toThrow();
  });

  it("lets go of values, inputs and closures, even if a compute never ends", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const never = new Promise(() => {});
    const refs = ((): WeakRef<object>[] => {
      const held = { big: new Float32Array(1000) };
      cell("a", [], () => held);
      cell("b", ["a"], ([a]) => [a]);
      cell("c", ["a"], () => never);
      cell("d", ["a"], async function* ([a], { signal }) {
        yield a;
        await new Promise((_, reject) => signal.addEventListener("abort", reject));
      });
      return [new WeakRef(held)];
    })();
    await microtasks();
    expect(refs[0].deref()).toBeDefined();
    for (const id of ["a", "b", "c", "d"]) graph.undefine(id);
    await graph.settled();
    await new Promise((resolve) => setTimeout(resolve));
    gc();
    expect(refs[0].deref()).toBeUndefined();
  });

  it("of an input lets its readers go of its value", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const ref = ((): WeakRef<object> => {
      const held = { big: new Float32Array(1000) };
      cell("a", [], () => held);
      return new WeakRef(held);
    })();
    cell("b", ["a"], () => 1);
    await graph.settled();
    graph.undefine("a");
    await graph.settled();
    await new Promise((resolve) => setTimeout(resolve));
    gc();
    expect(ref.deref()).toBeUndefined();
  });
});

describe("describe", () => {
  it("tells the cells, dependencies first, and how they stand", async () => {
    cell("c", ["b"], ([x]) => x);
    cell("b", ["a.x"], ([x]) => x);
    cell("a", [], () => {
      throw new Error("no");
    });
    await graph.settled();
    expect(graph.describe()).toEqual([
      { id: "a", name: "a", label: "a", inputs: [], state: "rejected", error: new Error("no"), waitingFor: null, outOfDate: false },
      { id: "b", name: "b", label: "b", inputs: ["a.x"], state: "waiting", error: null, waitingFor: "a", outOfDate: false },
      { id: "c", name: "c", label: "c", inputs: ["b"], state: "waiting", error: null, waitingFor: "b", outOfDate: false },
    ]);
  });
});

describe("a manual cell", () => {
  /** A source a, a manual cell m = a × 10 whose computes are counted, and a reader r of m. */
  function manual() {
    const setA = source("a", 1);
    const counts = { m: 0, r: 0 };
    const dates: boolean[] = [];
    const m = cell("m", ["a"], ([a]) => (counts.m++, Number(a) * 10), {
      manual: true,
      observe: { held: () => m.push("held"), fulfilled: (value) => m.push(`fulfilled ${value}`), outOfDate: (yes) => dates.push(yes) },
    });
    const r = cell("r", ["m"], ([x]) => (counts.r++, Number(x) + 1));
    return { setA, counts, dates, m, r };
  }

  it("does not compute until it is asked; what reads it waits for it, and says so", async () => {
    const { counts, m, r } = manual();
    await graph.settled();
    expect([counts, m, r]).toEqual([{ m: 0, r: 0 }, ["held"], ["waiting for m"]]);
    await expect(graph.value("m")).rejects.toThrow("“m” has no value yet: its cell is run by hand.");
    expect(graph.describe().map(({ id, state }) => [id, state])).toEqual([["a", "fulfilled"], ["m", "held"], ["r", "waiting"]]);
  });

  it("computes once when it is asked, and its readers with it", async () => {
    const { counts } = manual();
    graph.invalidate("m");
    await graph.settled();
    expect([await graph.value("r"), counts]).toEqual([11, { m: 1, r: 1 }]);
  });

  it("keeps its value when an input changes, and is marked out of date until it is asked or the input is back", async () => {
    const { setA, counts, dates } = manual();
    graph.invalidate("m");
    await graph.settled();
    setA(2);
    await graph.settled();
    expect([await graph.value("m"), await graph.value("r"), counts, dates]).toEqual([10, 11, { m: 1, r: 1 }, [true]]);
    setA(1);
    await graph.settled();
    expect(dates).toEqual([true, false]);
    setA(3);
    await graph.settled();
    graph.invalidate("m");
    await graph.settled();
    expect([await graph.value("r"), counts, dates]).toEqual([31, { m: 2, r: 2 }, [true, false, true, false]]);
  });

  it("asked while an input is being worked out waits for it", async () => {
    const late = deferred<number>();
    cell("slow", [], () => late.promise);
    const log = cell("m", ["slow"], ([x]) => x, { manual: true });
    graph.invalidate("m");
    await microtasks();
    expect(log).toEqual(["pending"]);
    late.resolve(4);
    expect(await graph.value("m")).toBe(4);
  });

  it("that is given a new definition is held again", async () => {
    const { counts } = manual();
    graph.invalidate("m");
    await graph.settled();
    const log = cell("m", ["a"], () => 0, { manual: true, observe: { held: () => log.push("held") } });
    await graph.settled();
    expect([log, counts.m]).toEqual([["held"], 1]);
  });
});

describe("internal names", () => {
  it("are not among the names that a message offers", async () => {
    cell("code:c1", [], () => ({ G: 1 }));
    cell("G", ["code:c1.G"], ([g]) => g);
    expect(cell("reader", ["H"], () => 0)).toEqual([]);
    await graph.settled();
    await expect(graph.value("reader")).rejects.toThrow("No cell gives “H”, which reader reads. The names that exist are G and reader.");
  });

  it("are left out of the ring that a cycle is", async () => {
    graph.define("c1", { name: "code:c1", inputs: ["H"], compute: ([h]) => ({ G: h }), label: "the cell of G" });
    cell("G", ["code:c1.G"], ([g]) => g);
    cell("H", ["G"], ([g]) => g);
    await graph.settled();
    await expect(graph.value("G")).rejects.toThrow(/ring: (G → H → G|H → G → H)\./);
  });
});

describe("changes from within", () => {
  it("an observer may invalidate another cell", async () => {
    let n = 0;
    cell("n", [], () => ++n);
    graph.define("watcher", { name: null, inputs: ["n"], compute: ([x]) => x, observe: { fulfilled: (x) => x === 1 && graph.invalidate("n") } });
    await graph.settled();
    expect(await graph.value("n")).toBe(2);
  });

  it("a compute may define another cell, and undefine itself", async () => {
    graph.define("once", {
      name: "once",
      inputs: [],
      compute: () => {
        cell("made", [], () => 3);
        graph.undefine("once");
        return 1;
      },
    });
    await graph.settled();
    expect(await graph.value("made")).toBe(3);
    expect(graph.describe().map(({ id }) => id)).toEqual(["made"]);
  });
});

afterEach(() => {
  for (const { id } of graph.describe()) graph.undefine(id);
});
