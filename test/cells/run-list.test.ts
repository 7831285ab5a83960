import { describe, expect, it } from "vitest";
import { rowsOf, stepsWanted, type RunRow, type RunWish } from "../../src/cells/run-list-rows";
import { aboutText, costText, spokenRow, stateText, timeText, whenText } from "../../src/cells/run-list-words";
import { runFileName } from "../../src/cells/run-files";
import type { RunEntry } from "../../src/runs/kept-run";
import { runEntry } from "../support/runs";

const WISH: RunWish = { search: "", sort: "newest", starred: false, unfolded: new Set() };
const rows = (entries: readonly RunEntry[], wish: Partial<RunWish> = {}) => rowsOf(entries, { ...WISH, ...wish }, (name) => ({ waves: "2 · Waves" })[name] ?? name);
const keys = (entries: readonly RunEntry[], wish: Partial<RunWish> = {}) => rows(entries, wish).map(({ key }) => key);

const castle = runEntry({ id: "castle", created: 100, content: { hash: "1", name: "neuschwanstein.jpg", width: 96, height: 64 }, step: 150, seconds: 30, bytes: 10, notebook: "waves", cell: "G" });
const named = runEntry({ id: "named", name: "Café at night", created: 300, step: 40, seconds: 60, bytes: 30, state: "going", costs: { columns: ["total"], first: [900], last: [100] } });
const starred = runEntry({ id: "starred", created: 200, starred: true, step: 80, seconds: 10, bytes: 20, state: "stopped", costs: { columns: ["total"], first: [900], last: [7] }, network: { id: "random", title: "VGG-19 slim", sha256: null, random: 3 } });
const ALL = [castle, named, starred];

describe("the list of runs", () => {
  it("is in the order that was chosen, and newest first where two are alike", () => {
    expect(keys(ALL)).toEqual(["named", "starred", "castle"]);
    expect(keys(ALL, { sort: "oldest" })).toEqual(["castle", "starred", "named"]);
    expect(keys(ALL, { sort: "steps" })).toEqual(["castle", "starred", "named"]);
    expect(keys(ALL, { sort: "time" })).toEqual(["named", "castle", "starred"]);
    expect(keys(ALL, { sort: "size" })).toEqual(["named", "starred", "castle"]);
    expect(keys([runEntry({ id: "b", name: "Run 10" }), runEntry({ id: "a", name: "Run 9" }), runEntry({ id: "c", name: "run 2" })], { sort: "title" })).toEqual(["c", "a", "b"]);
    const unknown = runEntry({ id: "unknown", created: 900, costs: { columns: [], first: [], last: [] } });
    expect(keys([unknown, ...ALL], { sort: "cost" }).slice(0, 2)).toEqual(["starred", "named"]);
    expect(keys([unknown, ...ALL], { sort: "cost" }).at(-1)).toBe("unknown");
  });

  it("is searched for words anywhere: in names, pictures, network, layers, the notebook's name and title", () => {
    expect(keys(ALL, { search: "NEUSCHW" })).toEqual(["castle"]);
    expect(keys(ALL, { search: "waves" })).toEqual(["castle"]);
    expect(keys(ALL, { search: "2 ·" })).toEqual(["castle"]);
    expect(keys(ALL, { search: "cafe" })).toEqual(["named"]);
    expect(keys(ALL, { search: "night cafe" })).toEqual(["named"]);
    expect(keys(ALL, { search: "cafe castle" })).toEqual([]);
    expect(keys(ALL, { search: "block4_conv2" })).toHaveLength(3);
    expect(keys(ALL, { search: "random" })).toEqual(["starred"]);
    expect(keys(ALL, { starred: true })).toEqual(["starred"]);
  });

  it("finds a run by its new name at once", () => {
    const [before] = rows([castle]);
    const renamed = { ...(before as RunRow & { kind: "run" }).entry, name: "Sunset" };
    expect(keys([renamed], { search: "sunset" })).toEqual(["castle"]);
  });

  it("shows the runs of a sweep as one, which unfolds; a sweep of one run is that run", () => {
    const sweep = [1, 2, 3].map((i) => runEntry({ id: `s${i}`, created: 150 + i, group: { id: "sweep", title: "α/β by layers", label: `row 1, column ${i}` }, name: i === 2 ? "the best" : "" }));
    const alone = runEntry({ id: "alone", created: 90, group: { id: "other", title: "one", label: "row 1, column 1" } });
    const all = [...ALL, ...sweep, alone];
    expect(keys(all)).toEqual(["named", "starred", "group sweep", "castle", "alone"]);
    expect(keys(all, { unfolded: new Set(["sweep"]) })).toEqual(["named", "starred", "group sweep", "s3", "s2", "s1", "castle", "alone"]);
    const [group] = rows(all, { search: "column best" });
    expect(group).toMatchObject({ kind: "group", title: "α/β by layers", count: 3, unfolded: false });
    expect((group as RunRow & { kind: "group" }).entries.map(({ id }) => id)).toEqual(["s2"]);
  });
});

describe("what the list says of a run", () => {
  const now = new Date(2026, 10, 23, 14, 0).getTime();

  it("is how far it has come, and whether anybody still computes it", () => {
    expect(stateText(castle, "nobody")).toBe("150 steps");
    expect(stateText(named, "here")).toBe("going, step 40 of 150");
    expect(stateText(named, "elsewhere")).toBe("going in another tab, step 40 of 150");
    expect(stateText(named, "nobody")).toBe("interrupted at step 40 of 150");
    expect(stateText({ ...named, state: "paused" }, "here")).toBe("paused at step 40 of 150");
    expect(stateText(starred, "nobody")).toBe("stopped at step 80 of 150");
  });

  it("counts the steps that were wanted last", () => {
    const { contentLayer, styleLayers, alphaTimesM, beta, totalVariation, optimiser } = castle.settings;
    expect(stepsWanted(castle)).toBe(150);
    expect(stepsWanted({ ...castle, changes: [{ step: 40, settings: { contentLayer, styleLayers, alphaTimesM, beta, totalVariation, optimiser, steps: 300 } }] })).toBe(300);
  });

  it("is what it costs, where it was made and of what", () => {
    expect(costText(named)).toBe("J 900 → 100");
    expect(costText({ ...named, costs: { columns: [], first: [], last: [] } })).toBe("");
    expect(aboutText(castle, () => "2 · Waves")).toBe("VGG-19 slim · 96 × 64 px · 2 · Waves, G");
    expect(aboutText(named, (name) => name)).toContain("content × style · VGG-19 slim");
    expect(aboutText(starred, (name) => name)).toContain("VGG-19 slim, random weights");
    expect(timeText(castle)).toBe("30 s");
    expect(spokenRow(starred, "nobody", (name) => name)).toMatch(/^content × style, starred, stopped at step 80 of 150, J 900 to 7, 10 s, /);
  });

  it("is when it was started, as shortly as the day allows", () => {
    expect(whenText(new Date(2026, 10, 23, 9, 5).getTime(), now)).toBe("09:05");
    expect(whenText(new Date(2026, 10, 22, 23, 59).getTime(), now)).toBe("yesterday 23:59");
    expect(whenText(new Date(2026, 10, 3).getTime(), now)).toBe("3 Nov");
    expect(whenText(new Date(2025, 10, 3).getTime(), now)).toBe("3 Nov 2025");
  });
});

describe("the name of a run's file", () => {
  it("is what the run is called and how far it is, in characters that every file system takes", () => {
    expect(runFileName(castle)).toBe("neuschwanstein-style--step-150.nst-run.zip");
    expect(runFileName({ ...castle, name: "../β = 1: “Ω”?" })).toBe("β-1-Ω--step-150.nst-run.zip");
    expect(runFileName({ ...castle, name: "???" })).toBe("run--step-150.nst-run.zip");
  });
});
