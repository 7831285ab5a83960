import { describe, expect, it } from "vitest";
import { runHeld } from "../../src/cells/run-held";
import { Graph } from "../../src/notebook/graph";

const cell = (name: string, inputs: string[], compute: (values: readonly any[]) => unknown, manual = false) => ({ name, label: name, inputs, compute, manual });

describe("asking for a value that waits for cells run by hand", () => {
  it("runs those that it needs, also by way of others, and none else", async () => {
    const graph = new Graph();
    const ran: string[] = [];
    const noting = (name: string, value: unknown) => () => (ran.push(name), value);
    graph.define("1", cell("first", [], noting("first", 2), true));
    graph.define("2", cell("second", ["first"], ([first]) => (ran.push("second"), { part: first * 10 }), true));
    graph.define("3", cell("third", ["second.part"], ([part]) => part + 1));
    graph.define("4", cell("other", [], noting("other", 0), true));
    await graph.settled();
    expect(ran).toEqual([]);
    runHeld(graph, "third");
    await graph.settled();
    expect(ran).toEqual(["first", "second"]);
    expect(await graph.value("third")).toBe(21);
  });

  it("leaves alone what was run already, and names that nobody gives", async () => {
    const graph = new Graph();
    let runs = 0;
    graph.define("1", cell("value", [], () => ({ part: ++runs }), true));
    await graph.settled();
    runHeld(graph, "value.part");
    await graph.settled();
    runHeld(graph, "value.part");
    runHeld(graph, "nobody.gives.this");
    await graph.settled();
    expect(runs).toBe(1);
  });
});
