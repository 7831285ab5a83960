import { describe, expect, it } from "vitest";
import { sweepActions } from "../../src/cells/sweep-actions";
import { fullRunText } from "../../src/cells/sweep-adding";
import { SweepKeeping } from "../../src/cells/sweep-keeping";
import { SweepPlaces, seenAtHalf, seenHistory, seenPicture } from "../../src/cells/sweep-places";
import { type SweepOptions, sweepPlan, type SweepStage } from "../../src/cells/sweep-plans";
import { SweepStanding, type SweepWishes } from "../../src/cells/sweep-standing";
import { sweepValue } from "../../src/cells/sweep-value";
import { Growth, type GrowthHandle } from "../../src/cells/growth";
import type { RunBatch } from "../../src/kernel/protocol";
import type { NewRun, RunStore } from "../../src/runs/run-store";
import type { Picture } from "../../src/nst/picture";
import { slim } from "../support/fixtures";

const { card } = slim();
const network = { id: card.id, card, base: "https://example.org/vgg19-slim/" };
const grey = (width: number, height: number, value = 0.5): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(value) });
const OPTIONS: SweepOptions = { rows: "style-layers: conv1_1 | conv1_1 conv2_1", columns: "ratio: 1e-7 | 1e-6", base: { size: 64, steps: 8, initialisation: "noise", contentLayer: "conv2_1" }, coarse: 0.5, fine: "anew" };
const plan = (changes: Partial<SweepOptions> = {}) => sweepPlan(network, grey(64, 48), grey(64, 64), { ...OPTIONS, ...changes });

/** What a run reports after so many steps, all costs so far in one row each. */
const batch = (step: number, { first = 0, state = "running" as RunBatch["state"], side = 64, value = 0.1 } = {}): RunBatch => ({
  columns: ["total", "content", "style", "tv"], costs: Float64Array.from({ length: (step - first + 1) * 4 }, (_, i) => 100 - Math.floor(i / 4) - first), first, step, stepsPerSecond: 0, state,
  checkpoint: { step, width: side, height: side, picture: new Float32Array(side * side * 3).fill(value), moment1: new Float32Array(0), moment2: new Float32Array(0) },
});

const stageOf = (places: SweepPlaces, key: string): SweepStage => places.plan.stages.find((stage) => stage.key === key)!;
const finish = (places: SweepPlaces, key: string, options: Parameters<typeof batch>[1] = {}) => {
  const stage = stageOf(places, key);
  places.take(stage, batch(stage.offset + stage.steps, { state: "finished", ...options }));
};

describe("a place that begins anew at its full size", () => {
  it("shows what was made at half size until it has come as far, and then itself", () => {
    const places = new SweepPlaces(plan());
    const place = places.get("r1c1");
    finish(places, "r1c1/half", { side: 32 });
    expect([seenAtHalf(place), seenPicture(place)?.width, seenHistory(place)]).toEqual([true, 32, place.preview]);
    places.take(stageOf(places, "r1c1"), batch(3));
    expect([seenAtHalf(place), seenPicture(place)?.width]).toEqual([true, 32]);
    places.take(stageOf(places, "r1c1"), batch(4));
    expect([seenAtHalf(place), seenPicture(place)?.width, seenHistory(place)]).toEqual([false, 64, place.history]);
    expect(sweepValue(places, place.cell, []).cells["r1c1"]).toMatchObject({ step: 4, half: 0 });
  });

  it("has the costs of the run at full size alone, from step 0 to the last", () => {
    const places = new SweepPlaces(plan());
    finish(places, "r1c1/half");
    finish(places, "r1c1");
    const { history, done } = places.get("r1c1");
    expect([history.length, history.at(0, "total"), history.last("total"), done]).toEqual([9, 100, 92, true]);
  });
});

describe("a place that goes on from the enlarged picture", () => {
  it("has the costs of both, one after the other", () => {
    const places = new SweepPlaces(plan({ fine: "enlarged" }));
    const place = places.get("r1c1");
    finish(places, "r1c1/half");
    expect(sweepValue(places, place.cell, []).cells["r1c1"]).toMatchObject({ step: 4, half: 1 });
    places.take(stageOf(places, "r1c1"), { ...batch(5, { first: 4 }) });
    expect([place.wholeStep, seenAtHalf(place), place.history.length]).toEqual([1, false, 6]);
    finish(places, "r1c1", { first: 4 });
    expect([place.history.length, place.done]).toEqual([9, true]);
  });
});

describe("what was made before", () => {
  it("is taken over where it would be made again just so, and nothing else is", () => {
    const before = new SweepPlaces(plan());
    for (const key of ["r1c1/half", "r1c1", "r1c2/half", "r2c1/half"]) finish(before, key);
    before.get("r1c1").run = "kept";
    const places = new SweepPlaces(plan({ columns: "ratio: 1e-7 | 1e-5" }));
    places.adopt(before);
    expect(places.all.map(({ done, halfStep, run }) => [done, halfStep, run])).toEqual([[true, 4, "kept"], [false, 0, null], [false, 4, null], [false, 0, null]]);
    const otherSteps = new SweepPlaces(plan({ base: { ...OPTIONS.base, steps: 9 } }));
    otherSteps.adopt(before);
    expect(otherSteps.all.some(({ done, halfStep }) => done || halfStep > 0)).toBe(false);
  });

  it("is not taken for something else where nothing is done at half size", () => {
    const before = new SweepPlaces(plan({ coarse: 0 }));
    finish(before, "r1c1");
    const places = new SweepPlaces(plan({ coarse: 0, columns: "ratio: 1e-7 | 1e-5" }));
    places.adopt(before);
    expect(places.all.map(({ done, history }) => [done, history.length])).toEqual([[true, 9], [false, 0], [false, 0], [false, 0]]);
    // what is looked at before does not matter to what is made
    const looked = new SweepPlaces(plan());
    looked.adopt(before);
    expect(looked.all.map(({ done }) => done)).toEqual([true, false, false, false]);
    expect(seenAtHalf(looked.get("r1c1"))).toBe(false);
  });

  it("is found in another place of another grid", () => {
    const before = new SweepPlaces(plan());
    finish(before, "r1c2");
    const places = new SweepPlaces(plan({ columns: "ratio: 1e-6 | 1e-7" }));
    places.adopt(before);
    expect(places.all.filter(({ done }) => done).map(({ cell }) => cell.key)).toEqual(["r1c1"]);
  });

  it("goes on from the picture of half size, with its costs alone, where the rest was not done", () => {
    const before = new SweepPlaces(plan({ fine: "enlarged" }));
    finish(before, "r1c1/half");
    before.take(stageOf(before, "r1c1"), batch(6, { first: 4 }));
    const places = new SweepPlaces(before.plan);
    places.adopt(before);
    const { history, preview, halfPicture, wholeStep } = places.get("r1c1");
    expect([history.length, preview.length, history.last("total"), halfPicture !== null, wholeStep]).toEqual([5, 5, preview.last("total"), true, 0]);
  });
});

const standing = (places: SweepPlaces, wishes: Partial<SweepWishes> = {}, growth: ConstructorParameters<typeof SweepStanding>[1] = null) =>
  new SweepStanding(places, growth, { leftOut: [], early: [], marked: [], ...wishes });

describe("how a sweep stands", () => {
  it("says what comes next: all at half size, then all at full size, what was asked for first", () => {
    const places = new SweepPlaces(plan());
    expect(standing(places).wanted.map(({ key }) => key).slice(0, 4).every((key) => key.endsWith("/half"))).toBe(true);
    expect(standing(places, { early: ["r2c1", "r1c2"] }).wanted.map(({ key }) => key).slice(0, 4)).toEqual(["r2c1/half", "r2c1", "r1c2/half", "r1c2"]);
    expect(standing(places, { early: ["r2c1"], leftOut: ["r1c1"] }).tile(places.plan.cells[2])).toMatchObject({ waits: 1, state: "queued", step: 0, steps: 8 });
    expect(standing(places, { leftOut: ["r1c1"] }).tile(places.plan.cells[0])).toMatchObject({ waits: null, state: "left out", leftOut: true });
  });

  it("counts as work what is wanted and not done", () => {
    const places = new SweepPlaces(plan());
    const { all } = standing(places).work;
    finish(places, "r1c1/half");
    finish(places, "r1c1");
    expect(standing(places).work.all).toBeLessThan(0.8 * all);
    expect(standing(places, { leftOut: ["r1c2", "r2c1", "r2c2"] })).toMatchObject({ missing: [], finished: 1, work: { done: 0, all: 0 } });
    // what is done is not left out
    expect(standing(places, { leftOut: ["r1c1"] }).tile(places.plan.cells[0])).toMatchObject({ done: true, leftOut: false, state: "finished" });
  });

  it("follows what grows", () => {
    const places = new SweepPlaces(plan());
    const take = new Map<string, (batch: RunBatch) => void>();
    const handle = (): GrowthHandle => ({ pause() {}, resume() {}, stop() {}, drop() {}, ended: new Promise(() => {}) });
    const growth = new Growth<SweepStage, RunBatch>(standing(places).wanted, 2, ({ key }, report) => (take.set(key, report), handle()), ({ key }, batch) => batch && places.take(stageOf(places, key), batch));
    const [first] = [...take.keys()];
    expect([...take.keys()]).toEqual(["r1c1/half", "r2c2/half"]);
    take.get(first)!(batch(2));
    const now = standing(places, { marked: ["r1c1"] }, growth);
    expect(now.tile(places.plan.cells[0])).toMatchObject({ state: "running", step: 2, steps: 4, half: true, halfDone: false, waits: null, marked: true, kept: false });
    expect(now.tile(places.plan.cells[1])).toMatchObject({ state: "queued", waits: 1 });
    expect(now.work.done / now.work.all).toBeCloseTo((2 * stageOf(places, "r1c1/half").work) / places.plan.stages.reduce((sum, { work, steps }) => sum + work * steps, 0), 12);
    growth.leaveOut(["r1c1/half", "r1c1"]);
    expect(standing(places, { leftOut: ["r1c1"] }, growth).tile(places.plan.cells[0])).toMatchObject({ state: "left out", leftOut: true });
  });

  it("offers what can be done with a place", () => {
    const places = new SweepPlaces(plan());
    const offered = (wishes: Partial<SweepWishes> = {}, index = 0) => sweepActions(standing(places, wishes).tile(places.plan.cells[index])).map(({ text }) => text);
    expect([offered(), offered({}, 1), offered({ leftOut: ["r1c1"] })]).toEqual([["Leave it out"], ["Make it next", "Leave it out"], ["Take it back"]]);
    finish(places, "r1c1");
    expect(offered()).toEqual([]);
    places.get("r1c1").run = "kept";
    expect([offered(), offered({ marked: ["r1c1"] })]).toEqual([["Compare"], ["✓ Compare"]]);
    expect(sweepValue(places, places.plan.cells[0], ["r1c1", "r1c2"]).compared).toEqual({ runs: ["kept"], count: 1 });
  });
});

describe("the run of a place in full size", () => {
  it("is settings and a run with what the place has, at the size of the pictures", () => {
    const cell = plan().cells[3];
    const text = fullRunText({ cell, content: "photo", style: "painting", network: "network", size: 512, steps: 300 }, new Set(["G", "settings", "network"]));
    expect(text.split("\n\n")).toEqual([
      expect.stringMatching(/^<nst-settings as="settings2" network="network" .*content-layer="block2_conv1".* style-layers="block1_conv1:0.5 block2_conv1:0.5".* initialisation="noise".*><\/nst-settings>$/),
      '<nst-run as="G2" of="photo painting" network="network" settings="settings2"></nst-run>',
    ]);
    expect(text).toContain(`alpha-times-m="${cell.settings.alphaTimesM}"`);
    expect(text).not.toContain('steps="8"');
  });

  it("brings a network cell along where the notebook has none for it", () => {
    const random = new Map([["random", { ...network, random: 3 }]]);
    const cell = plan({ columns: "network: random", networks: random }).cells[0];
    const [first, second, third] = fullRunText({ cell, content: "a", style: "b", network: null, size: 64, steps: 1 }, new Set(["network"])).split("\n\n");
    expect(first).toBe('<nst-network as="network2" model="vgg19-slim" weights="random" seed="3"></nst-network>');
    expect([second, third]).toEqual([expect.stringContaining('as="settings" network="network2"'), '<nst-run as="G" of="a b" network="network2" settings="settings"></nst-run>']);
  });
});

describe("runs that are kept", () => {
  const kept: { what: NewRun; batches: RunBatch[]; closed: boolean }[] = [];
  const runs = {
    keep: (what: NewRun) => {
      const one = { what, batches: [] as RunBatch[], closed: false };
      kept.push(one);
      return { id: `run ${kept.length}`, take: (batch: RunBatch) => one.batches.push(batch), close: () => (one.closed = true) };
    },
  } as unknown as RunStore;
  const about = { runs, names: { content: "a.jpg", style: "b.jpg" }, notebook: "n", cell: "grid", group: { id: "group", title: "rows × columns" } };

  it("are those that have finished, each with its place in the group, and light", () => {
    kept.length = 0;
    const places = new SweepPlaces(plan());
    const keeping = new SweepKeeping(about, null);
    const [first, second] = ["r1c2", "r2c1"].map((key) => stageOf(places, key));
    keeping.begin(first, undefined, places.get("r1c2").history);
    keeping.begin(second, undefined, places.get("r2c1").history);
    expect(keeping.take(first, batch(3))).toBe(null);
    expect(keeping.take(second, batch(3, { state: "stopped" }))).toBe(null);
    expect(keeping.take(first, batch(8, { state: "finished" }))).toBe("run 1");
    expect(kept.map(({ batches, closed }) => [batches.length, closed])).toEqual([[1, true], [0, true]]);
    expect(kept[0].what).toMatchObject({ cell: "grid", notebook: "n", light: true, group: { id: "group", title: "rows × columns", label: "row 1, column 2" }, config: first.config });
    expect(kept[0].what.record.checkpoints.at(-1)!.step).toBe(8);
  });

  it("are not kept twice when they come to the same picture, and are when they do not", () => {
    kept.length = 0;
    const before = new SweepPlaces(plan());
    finish(before, "r1c1", { value: 0.25 });
    before.get("r1c1").run = "an earlier one";
    const again = (value: number) => {
      const places = new SweepPlaces(before.plan);
      const keeping = new SweepKeeping(about, before);
      keeping.begin(stageOf(places, "r1c1"), undefined, places.get("r1c1").history);
      return keeping.take(stageOf(places, "r1c1"), batch(8, { state: "finished", value }));
    };
    expect([again(0.25), again(0.75)]).toEqual(["an earlier one", "run 2"]);
    expect(kept.map(({ batches }) => batches.length)).toEqual([0, 1]);
  });
});
