import { beforeEach, describe, expect, it } from "vitest";
import { Graph } from "../../src/notebook/graph";

let graph: Graph;
let counts: Record<string, number>;
let heard: string[];

beforeEach(() => {
  graph = new Graph();
  counts = {};
  heard = [];
});

/** A cell that counts its computes and tells what its observer hears. */
function cell(name: string, inputs: string[], compute: (values: readonly unknown[]) => unknown, more: { lazy?: boolean; manual?: boolean } = {}): void {
  graph.define(name, {
    name,
    inputs,
    compute: (values) => {
      counts[name] = (counts[name] ?? 0) + 1;
      return compute(values);
    },
    observe: { pending: () => heard.push(`${name} pending`), fulfilled: () => heard.push(`${name} fulfilled`), resting: () => heard.push(`${name} resting`) },
    ...more,
  });
}

const states = () => Object.fromEntries(graph.describe().map(({ id, state }) => [id, state]));

describe("a lazy cell", () => {
  let a = 1;
  const setA = (value: number) => {
    a = value;
    graph.invalidate("a");
  };

  beforeEach(() => {
    a = 1;
    cell("a", [], () => a);
    cell("F", ["a"], ([x]) => Number(x) * 10, { lazy: true });
  });

  it("off the screen does not compute, and keeps nobody waiting", async () => {
    await graph.settled();
    expect([counts, states(), heard]).toEqual([{ a: 1 }, { a: "fulfilled", F: "resting" }, ["a fulfilled", "F resting"]]);
  });

  it("computes when it comes onto the screen, and again for each change while it is there", async () => {
    graph.look("F", true);
    await graph.settled();
    setA(2);
    await graph.settled();
    expect([counts.F, graph.peek("F")]).toEqual([2, 20]);
  });

  it("that has left the screen keeps its value, and computes no more until it is back", async () => {
    graph.look("F", true);
    await graph.settled();
    graph.look("F", false);
    await graph.settled();
    expect([counts.F, states().F]).toEqual([1, "fulfilled"]);
    for (const value of [2, 3, 4]) {
      setA(value);
      await graph.settled();
    }
    expect([counts.F, states().F, graph.peek("F")]).toEqual([1, "resting", 10]);
    graph.look("F", true);
    await graph.settled();
    expect([counts.F, graph.peek("F")]).toEqual([2, 40]);
  });

  it("is computed for a cell that is looked at, however far down the chain that is", async () => {
    cell("gram", ["F"], ([x]) => Number(x) + 1, { lazy: true });
    cell("view", ["gram"], ([x]) => Number(x) + 1, { lazy: true });
    graph.look("view", true);
    await graph.settled();
    expect([counts, graph.peek("view")]).toEqual([{ a: 1, F: 1, gram: 1, view: 1 }, 12]);
    graph.look("view", false);
    setA(5);
    await graph.settled();
    expect([counts.F, counts.gram, counts.view]).toEqual([1, 1, 1]);
  });

  it("is computed for a cell that is not lazy, and for whoever asks for its value", async () => {
    expect(await graph.value("F")).toBe(10);
    setA(2);
    await graph.settled();
    expect([counts.F, states().F]).toEqual([1, "resting"]);
    cell("code", ["F"], ([x]) => x);
    await graph.settled();
    expect([counts.F, graph.peek("code")]).toEqual([2, 20]);
  });

  it("is not computed for a cell that is run by hand, until that is run", async () => {
    cell("m", ["F"], ([x]) => x, { manual: true });
    await graph.settled();
    expect([counts, states().m]).toEqual([{ a: 1 }, "held"]);
    graph.invalidate("m");
    await graph.settled();
    expect([counts.F, graph.peek("m")]).toEqual([1, 10]);
  });

  it("stays looked at when it is given another definition", async () => {
    graph.look("F", true);
    await graph.settled();
    cell("F", ["a"], ([x]) => Number(x) * 100, { lazy: true });
    await graph.settled();
    expect(graph.peek("F")).toBe(100);
  });

  it("that is still computing when it leaves the screen comes to its end; a change then aborts it", async () => {
    let aborted = 0;
    let finish!: (value: number) => void;
    graph.define("slow", {
      name: "slow",
      inputs: ["a"],
      lazy: true,
      compute: (_, { signal }) => {
        signal.addEventListener("abort", () => aborted++);
        return new Promise<number>((resolve) => (finish = resolve));
      },
    });
    graph.look("slow", true);
    for (let i = 0; i < 20; i++) await Promise.resolve();
    graph.look("slow", false);
    finish(7);
    await graph.settled();
    expect([graph.peek("slow"), states().slow, aborted]).toEqual([7, "fulfilled", 0]);
    setA(2);
    await graph.settled();
    expect([states().slow, aborted]).toEqual(["resting", 1]);
  });

  it("does not follow a stream while it is off the screen", async () => {
    let give: () => void = () => {};
    cell("G", [], async function* () {
      for (let step = 0; ; step++) {
        yield step;
        await new Promise<void>((resolve) => (give = resolve));
      }
    });
    cell("maps", ["G"], ([step]) => step, { lazy: true });
    graph.look("maps", true);
    await graph.settled();
    expect(counts.maps).toBe(1);
    graph.look("maps", false);
    while (graph.peek("G") !== 5) {
      give();
      await new Promise((resolve) => setTimeout(resolve));
    }
    await graph.settled();
    expect([counts.maps, graph.peek("maps")]).toEqual([1, 0]);
    graph.look("maps", true);
    await graph.settled();
    expect([counts.maps, graph.peek("maps")]).toEqual([2, 5]);
  });
});

describe("a cell that is run by hand and reads a lazy one", () => {
  it("keeps its value while that rests, is marked out of date, and computes with the new value when it is asked", async () => {
    let a = 1;
    const dates: boolean[] = [];
    cell("a", [], () => a);
    cell("F", ["a"], ([x]) => Number(x) * 10, { lazy: true });
    graph.define("m", { name: "m", inputs: ["F"], manual: true, lazy: true, compute: ([x]) => x, observe: { outOfDate: (yes) => dates.push(yes) } });
    graph.invalidate("m");
    expect(await graph.value("m")).toBe(10);
    a = 2;
    graph.invalidate("a");
    await graph.settled();
    expect([graph.peek("m"), counts.F, dates]).toEqual([10, 1, [true]]);
    graph.invalidate("m");
    await graph.settled();
    expect([await graph.value("m"), counts.F, dates]).toEqual([20, 2, [true, false]]);
  });
});

describe("a cell of which nobody knows yet whether it is on the screen", () => {
  it("counts as pending without computing, until that is said", async () => {
    cell("F", [], () => 1, { lazy: true });
    graph.look("F", null);
    let settled = false;
    void graph.settled().then(() => (settled = true));
    for (let i = 0; i < 50; i++) await Promise.resolve();
    expect([settled, counts, states()]).toEqual([false, {}, { F: "pending" }]);
    graph.look("F", false);
    await graph.settled();
    expect([counts, states()]).toEqual([{}, { F: "resting" }]);
  });
});
