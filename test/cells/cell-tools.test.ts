import { describe, expect, it } from "vitest";
import { parse } from "../../src/notebook/parse";
import { cellGraph, stateText } from "../../src/cells/graph-view-model";
import { affected } from "../../src/cells/slot-changes";
import { Session, type Slot } from "../../src/notebook/session";
import type { Graph } from "../../src/notebook/graph";

const slots = (keys: string, texts: Record<string, string> = {}): Slot[] => [...keys].map((key) => ({ key, cell: parse(texts[key] ?? key).cells[0] }));
const between = (before: string, after: string, texts: Record<string, string> = {}) => affected(slots(before), slots(after, texts));

describe("the cell that a change was about", () => {
  it("is the one whose text is new", () => {
    expect(between("abc", "abc", { b: "other" })).toBe("b");
    expect(between("abc", "axbc")).toBe("x");
    expect(between("", "a")).toBe("a");
  });

  it("is the one that moved, whichever way", () => {
    expect(between("abcde", "acdbe")).toBe("b");
    expect(between("abcde", "adbce")).toBe("d");
    expect(between("ab", "ba")).toBe("a");
  });

  it("is the one that stands where another was, or the last", () => {
    expect(between("abc", "ac")).toBe("c");
    expect(between("abc", "ab")).toBe("b");
    expect(between("a", "")).toBe(null);
  });

  it("is none where nothing differs", () => {
    expect(between("abc", "abc")).toBe(null);
    expect(between("", "")).toBe(null);
  });

  it("is told by a session's undo for everything that can be undone", () => {
    const session = new Session("test", { text: "<nst-a></nst-a>\n\n<nst-b></nst-b>\n\n<nst-c></nst-c>\n" });
    const [a, , c] = session.slots.map(({ key }) => key);
    const undone = () => {
      const before = session.slots;
      session.undo();
      return affected(before, session.slots);
    };
    session.change("<nst-b></nst-b>\n\n<nst-c></nst-c>\n", "delete cell");
    expect(undone()).toBe(a);
    session.change("<nst-a></nst-a>\n\n<nst-b></nst-b>\n\n<nst-c x></nst-c>\n", "edit cell");
    expect(undone()).toBe(c);
  });
});

type Described = ReturnType<Graph["describe"]>[number];
const described = (id: string, name: string | null, inputs: string[] = [], more: Partial<Described> = {}): Described => ({ id, name, inputs, state: "fulfilled", error: null, waitingFor: null, ...more }) as Described;

describe("the graph of cells", () => {
  const text = '<nst-image as="p"></nst-image>\n\n```js\nconst F = p, G = F\n```\n\n<nst-run as="r"></nst-run>\n\ntext\n';
  const [p, code, r] = parse(text).cells;
  const three: Slot[] = [{ key: "c1", cell: p }, { key: "c2", cell: code }, { key: "c3", cell: r }];
  const ofCode = (more: Partial<Described> = {}, names: Partial<Described> = {}) => [
    described("c2", "code:c2", ["p"], more),
    described("c2/F", "F", ["code:c2.F"], names),
    described("c2/G", "G", ["code:c2.G"], names),
  ];

  it("has one node for a code cell, with all its names, and says by which of them it is read", () => {
    const { nodes, edges } = cellGraph([described("c1", "p", []), ...ofCode(), described("c3", "r", ["G.size", "F", "p"])], three);
    expect(nodes.map(({ key, names }) => [key, names])).toEqual([["c1", ["p"]], ["c2", ["F", "G"]], ["c3", ["r"]]]);
    expect(edges).toEqual([{ from: "c1", to: "c2", names: ["p"] }, { from: "c1", to: "c3", names: ["p"] }, { from: "c2", to: "c3", names: ["G", "F"] }]);
  });

  it("leaves out what is no cell of the notebook, and what reads names that nobody gives", () => {
    const { nodes, edges } = cellGraph([described("the network, for the status line", null, ["network.card"]), described("c1", "p", ["nobody"])], three);
    expect([nodes.map(({ key }) => key), edges]).toEqual([["c1"], []]);
  });

  it("says of a code cell what its code says, not what its names wait for", () => {
    const failed = ofCode({ state: "rejected", error: new Error("No.") }, { state: "waiting", waitingFor: "code:c2" });
    expect(cellGraph(failed, three).nodes[0]).toMatchObject({ state: "rejected", reason: "No." });
    const pending = ofCode({ state: "pending" }, { state: "pending" });
    expect(cellGraph(pending, three).nodes[0]).toMatchObject({ state: "pending", reason: null });
    const twice = ofCode({}, { state: "rejected", error: new Error("Two cells give “F”.") });
    expect(cellGraph(twice, three).nodes[0]).toMatchObject({ state: "rejected", reason: "Two cells give “F”." });
    const waiting = ofCode({ state: "waiting", waitingFor: "p" }, { state: "waiting", waitingFor: "code:c2" });
    expect(stateText(cellGraph(waiting, three).nodes[0]).text).toBe("waiting for p");
  });
});
