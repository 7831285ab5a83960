import { describe, expect, it } from "vitest";
import { branchCourses, costsAt, lastStep, type Future } from "../../src/cells/branch-courses";
import { branchSettings, branchStart, keepsOptimiser } from "../../src/cells/branch-plan";
import { completeChoices, transferSettings } from "../../src/cells/transfer-settings";
import { RunRecord } from "../../src/kernel/run-record";
import type { Checkpoint, RunConfig } from "../../src/kernel/protocol";
import type { TransferSettings } from "../../src/nst/settings";
import { CostHistory } from "../../src/runs/cost-history";
import { slim } from "../support/fixtures";

const { card } = slim();
const parent: TransferSettings = { ...transferSettings(completeChoices({}, card), card), steps: 80, beta: 3, optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-6 } };
const checkpoint: Checkpoint = { step: 40, width: 2, height: 1, picture: Float32Array.of(0, 0.1, 0.2, 0.3, 0.4, 0.5), moment1: new Float32Array(6).fill(1), moment2: new Float32Array(6).fill(2) };

describe("the settings of a branch", () => {
  it("are those of its parent where nothing is chosen", () => {
    expect(branchSettings(parent, {}, card, 40)).toEqual(parent);
    expect(branchSettings(parent, { beta: null, optimiser: null }, card, 40)).toEqual(parent);
  });

  it("take what is chosen, also as an attribute says it, and leave the rest", () => {
    expect(branchSettings(parent, { beta: "10", styleLayers: "conv1_1", contentLayer: "none", learningRate: 0.1 }, card, 40)).toEqual({
      ...parent, beta: 10, styleLayers: { block1_conv1: 1 }, contentLayer: null, optimiser: { ...parent.optimiser, learningRate: 0.1 },
    });
  });

  it("with another optimiser have its usual numbers, not those of the one before", () => {
    const { optimiser } = branchSettings(parent, { optimiser: "lbfgs" }, card, 40);
    expect(optimiser).toEqual({ kind: "lbfgs", learningRate: 1, history: 10 });
    expect(branchSettings({ ...parent, optimiser }, { optimiser: "adam" }, card, 40).optimiser).toEqual(card.defaults.optimiser);
  });

  it("want as many steps again where the parent has come to its end", () => {
    expect(branchSettings(parent, {}, card, 80).steps).toBe(160);
    expect(branchSettings(parent, {}, card, 79).steps).toBe(80);
    expect(branchSettings(parent, { steps: 90 }, card, 80).steps).toBe(90);
  });
});

describe("where a branch begins", () => {
  it("is its parent's checkpoint, optimiser and all", () => {
    expect(branchStart(checkpoint, "kept", null)).toEqual(checkpoint);
  });

  it("with a fresh optimiser is the picture alone, at the same step", () => {
    expect(branchStart(checkpoint, "fresh", null)).toEqual({ ...checkpoint, taken: 0, moment1: new Float32Array(6), moment2: new Float32Array(6) });
  });

  it("is the painted picture where there is one, and the parent's stays as it is", () => {
    const painted = { width: 2, height: 1, data: new Float32Array(6).fill(0.9) };
    const start = branchStart(checkpoint, "kept", painted);
    expect(start.picture).toEqual(painted.data);
    expect(start.moment1).toEqual(checkpoint.moment1);
    start.picture[0] = 7;
    expect([painted.data[0], checkpoint.picture[0]]).toEqual([Math.fround(0.9), 0]);
  });

  it("keeps no state for another optimiser", () => {
    const lbfgs = { kind: "lbfgs", learningRate: 1, history: 10 } as const;
    expect(keepsOptimiser("kept", parent.optimiser, parent.optimiser)).toBe("kept");
    expect(keepsOptimiser("fresh", parent.optimiser, parent.optimiser)).toBe("fresh");
    expect(keepsOptimiser("kept", parent.optimiser, lbfgs)).toBe("fresh");
  });
});

describe("both futures", () => {
  const future = (name: string, first: number, totals: number[]): Future => {
    const history = new CostHistory();
    history.append({ columns: ["total"], costs: Float64Array.from(totals), first });
    const record = new RunRecord({ settings: parent } as RunConfig);
    record.last = history.step;
    return { id: name, name, record, history };
  };
  const [G, B] = [future("G", 0, [9, 8, 7, 6, 5]), future("B", 2, [7, 4, 3])];
  const drawn = (courses: ReturnType<typeof branchCourses>) => courses.map(({ text, width, values }) => [text, width < 1 ? "thin" : "thick", ...values.filter(Number.isFinite)]);

  it("are a thin past and two curves that begin where it ends", () => {
    expect(drawn(branchCourses("total", 2, G, B))).toEqual([["", "thin", 9, 8, 7], ["G 5", "thick", 7, 6, 5], ["B 3", "thick", 7, 4, 3]]);
  });

  it("are a past alone before there is a branch and where the parent has ended", () => {
    expect(drawn(branchCourses("total", 4, G, null))).toEqual([["G 5", "thin", 9, 8, 7, 6, 5]]);
    expect(drawn(branchCourses("total", 2, null, B))).toEqual([["B 3", "thick", 7, 4, 3]]);
    expect(branchCourses("content", 2, G, B)).toEqual([]);
  });

  it("cost what their histories say, null where they do not", () => {
    expect(costsAt(B.history, 3)).toEqual({ total: 4, content: null, style: null });
    expect(costsAt(B.history, 1).total).toBeNull();
    expect(costsAt(undefined, 1).total).toBeNull();
  });

  it("end with the newest picture that is known", () => {
    expect(lastStep(G)).toBe(4);
    G.record.take({ state: "stopped", first: 5, costs: new Float64Array(0), columns: [], checkpoint: { ...checkpoint, step: 5 } });
    expect(lastStep(G)).toBe(5);
  });
});
