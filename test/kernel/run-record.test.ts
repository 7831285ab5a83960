import { describe, expect, it } from "vitest";
import type { Checkpoint, RunBatch, RunConfig } from "../../src/kernel/protocol";
import { RunRecord } from "../../src/kernel/run-record";
import { SETTINGS } from "../support/transfers";
import { liveSettings } from "../../src/nst/live-settings";

const config = { settings: SETTINGS } as RunConfig;
const checkpoint = (step: number, side = 4): Checkpoint => {
  const data = new Float32Array(side * side * 3);
  return { step, width: side, height: side, picture: data, moment1: data, moment2: data };
};
const live = (beta: number) => liveSettings({ ...SETTINGS, beta });

/** A batch with the costs of steps `first` … `last`. */
function batch(first: number, last: number, more: Partial<RunBatch> = {}): RunBatch {
  return { columns: ["total"], costs: new Float64Array(Math.max(0, last - first + 1)), first, step: last + 1, stepsPerSecond: 1, state: "running", ...more };
}

describe("the record of a run", () => {
  it("knows the last step, the settings at any step and the nearest checkpoint before it", () => {
    const record = new RunRecord(config);
    expect([record.last, record.nearest(0)]).toEqual([-1, undefined]);
    record.take(batch(0, 4, { change: { step: 0, settings: live(1) }, checkpoint: checkpoint(5) }));
    record.take(batch(5, 9, { checkpoint: checkpoint(10) }));
    record.take(batch(10, 14, { change: { step: 10, settings: live(7) } }));
    expect(record.last).toBe(14);
    expect([0, 9, 10, 99].map((step) => record.settingsAt(step).beta)).toEqual([1, 1, 7, 7]);
    expect(record.settingsAt(3).pooling).toBe("average");
    expect([4, 5, 9, 10, 12].map((step) => record.nearest(step)?.step)).toEqual([undefined, 5, 5, 10, 10]);
    expect(record.version).toBe(3);
  });

  it("keeps of two changes at one step the later", () => {
    const record = new RunRecord(config);
    record.take(batch(0, -1, { change: { step: 0, settings: live(1) } }));
    record.take(batch(0, 2, { change: { step: 0, settings: live(2) } }));
    expect(record.changes).toEqual([{ step: 0, settings: live(2) }]);
  });

  it("forgets what came after a step to which the run went back, when its worker was lost", () => {
    const record = new RunRecord(config);
    record.take(batch(0, 9, { change: { step: 0, settings: live(1) }, checkpoint: checkpoint(8) }));
    record.take(batch(10, 19, { change: { step: 10, settings: live(2) }, checkpoint: checkpoint(20) }));
    // what it says while it prepares means nothing yet
    record.take({ ...batch(0, -1), columns: [], state: "preparing" });
    expect([record.last, record.checkpoints.length]).toEqual([19, 2]);
    record.take(batch(8, 11, { change: { step: 8, settings: live(3) } }));
    expect(record.last).toBe(11);
    expect(record.changes.map(({ step, settings }) => [step, settings.beta])).toEqual([[0, 1], [8, 3]]);
    expect(record.checkpoints.map(({ step }) => step)).toEqual([8]);
  });

  it("tells the last step's costs anew when more steps are asked for after them", () => {
    const record = new RunRecord(config);
    record.take(batch(0, 12, { change: { step: 0, settings: live(1) }, checkpoint: checkpoint(12) }));
    record.take(batch(12, 14, { change: { step: 12, settings: live(5) } }));
    expect([record.last, record.settingsAt(11).beta, record.settingsAt(12).beta]).toEqual([14, 1, 5]);
    expect(record.nearest(13)?.step).toBe(12);
  });

  it("thins its checkpoints evenly to 24, and keeps the first and the last", () => {
    const record = new RunRecord(config);
    for (let step = 10; step <= 3000; step += 10) record.take(batch(step - 10, step - 1, { checkpoint: checkpoint(step) }));
    const steps = record.checkpoints.map(({ step }) => step);
    expect(steps.length).toBe(24);
    expect([steps[0], steps.at(-1)]).toEqual([10, 3000]);
    const gaps = steps.slice(1).map((step, i) => step - steps[i]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * (3000 / 24));
    expect(steps.every((step, i) => i === 0 || step > steps[i - 1])).toBe(true);
  });

  it("keeps large checkpoints to 64 MB together", () => {
    const record = new RunRecord(config);
    for (let step = 1; step <= 12; step++) record.take(batch(step - 1, step - 1, { checkpoint: checkpoint(step, 512) }));
    const bytes = record.checkpoints.length * 3 * 4 * 3 * 512 * 512;
    expect(bytes).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(bytes).toBeGreaterThan(48 * 2 ** 20);
    expect([record.checkpoints[0].step, record.checkpoints.at(-1)!.step]).toEqual([1, 12]);
  });

  it("begins with the picture that the run was given, and keeps it", () => {
    const record = new RunRecord(config, checkpoint(0));
    expect(record.nearest(0)?.step).toBe(0);
    for (let step = 1; step <= 60; step++) record.take(batch(step - 1, step - 1, { checkpoint: checkpoint(step) }));
    expect(record.nearest(0)?.step).toBe(0);
  });
});
