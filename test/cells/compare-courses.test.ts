import { describe, expect, it } from "vitest";
import { comparedCourses, courseChoices, sameCosts, shortTitles, stepOf } from "../../src/cells/compare-courses";
import { stepAfterKey } from "../../src/cells/curves-choices";
import { compared, recommended } from "../support/compared-run";

const falling = { costs: [[10, 0, 10, 4], [5, 1, 4, 2], [2, 1, 1, 1]] as [number, number, number, number][] };
const later = { costs: [[4, 2, 2, 1], [1, 0.5, 0.5, 0.25]] as [number, number, number, number][], first: 5 };

describe("the courses of several runs", () => {
  it("are one a run, named by its mark and its last cost", () => {
    const courses = comparedCourses(compared(falling, later), "total", false);
    expect(courses.map(({ text, end }) => [text, end])).toEqual([["A 2", 2], ["B 1", 6]]);
    expect(new Set(courses.map(({ colour }) => colour)).size).toBe(2);
    expect(new Set(courses.map(({ dash }) => dash)).size).toBe(2);
  });

  it("can be shares of the first cost that a run has: of step 0, or of where a branch begins", () => {
    const [a, b] = comparedCourses(compared(falling, later), "style", true);
    expect([...a.values]).toEqual([1, 0.4, 0.1]);
    expect([...b.values.slice(5)]).toEqual([1, 0.25]);
    expect([a.text, b.text]).toEqual(["A 10 %", "B 25 %"]);
  });

  it("leave out a run that has no such cost, or no share of it", () => {
    expect(comparedCourses(compared(falling, later), "content", true).map(({ run }) => run.mark)).toEqual(["B"]);
    expect(comparedCourses(compared(falling, {}), "total", false).map(({ run }) => run.mark)).toEqual(["A"]);
  });

  it("can be chosen: the sums, and every layer that any run has", () => {
    expect(courseChoices(compared(falling, {})).map(({ label }) => label)).toEqual(["total J", "content", "style", "style at conv1_1", "total variation"]);
  });

  it("are read at the same step, or at the same share of each run's steps; beyond its end a run stays there", () => {
    const [a, b] = compared(falling, later);
    expect([a, b].map((run) => stepOf(run, 4, false))).toEqual([2, 4]);
    expect([a, b].map((run) => stepOf(run, 0.5, true))).toEqual([1, 3]);
  });
});

describe("costs of runs", () => {
  it("are the same kind of number where weights, layers, network and pictures are the same, whatever the optimiser does", () => {
    expect(sameCosts(compared({}, { settings: { steps: 9, optimiser: { ...recommended.optimiser, learningRate: 1 } } }))).toBe(true);
    expect(sameCosts(compared({}, { settings: { beta: 2 } }))).toBe(false);
    expect(sameCosts(compared({}, { changes: [{ step: 3, settings: { contentLayer: null } }] }))).toBe(false);
    expect(sameCosts(compared({}, { entry: { style: { hash: "other", name: "wave.jpg", width: 32, height: 32 } } }))).toBe(false);
    expect(sameCosts([])).toBe(true);
  });
});

describe("what compared runs are called", () => {
  const called = (...entries: Parameters<typeof compared>[0]["entry"][]) => shortTitles(compared(...entries.map((entry) => ({ entry }))));
  it("is the name given by the person, the place in a sweep, or the cell, if that tells them apart", () => {
    expect(called({ name: "stronger", cell: "G" }, { cell: "G" }, { group: { id: "g", title: "sweep", label: "row 2, column 3" }, cell: "grid" })).toEqual(["stronger", "G", "row 2, column 3"]);
  });
  it("is not said twice where it is the mark", () => {
    expect(called({ cell: "A" }, { cell: "C" })).toEqual(["", "C"]);
  });
  it("is what they were made of where it does not", () => {
    expect(called({ cell: "G" }, { cell: "G" })).toEqual(["cat × wave", "cat × wave"]);
    expect(called({ cell: "G" }, {})).toEqual(["cat × wave", "cat × wave"]);
  });
});

describe("keys on a slider over steps", () => {
  const press = (key: string, now: number, shiftKey = false) => stepAfterKey({ key, shiftKey }, now, 20);
  it("go by one, by ten, and to the ends, and never beyond", () => {
    expect([press("ArrowLeft", 5), press("ArrowRight", 5, true), press("PageDown", 5), press("Home", 5), press("End", 5), press("ArrowRight", 20)]).toEqual([4, 15, 0, 0, 20, 20]);
  });
  it("leave by Escape, and leave other keys to the page", () => {
    expect([press("Escape", 5), press("a", 5)]).toEqual([null, undefined]);
  });
});
