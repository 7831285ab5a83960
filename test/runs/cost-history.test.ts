import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CostHistory, decimate } from "../../src/runs/cost-history";

const batch = (first: number, rows: number[][], columns = ["total", "content", "style", "tv", "block1_conv1"]) => ({
  first, columns, costs: Float64Array.from(rows.flat()),
});

describe("CostHistory", () => {
  it("records every step of every batch", () => {
    const history = new CostHistory();
    history.append(batch(0, [[1, 0, 0.9, 0.1, 0.9], [0.8, 0.1, 0.6, 0.1, 0.6]]));
    history.append(batch(2, [[0.5, 0.1, 0.3, 0.1, 0.3]]));
    expect(history.length).toBe(3);
    expect(history.step).toBe(2);
    expect([...history.column("style")]).toEqual([0.9, 0.6, 0.3]);
    expect(history.at(1, "content")).toBe(0.1);
    expect(history.last("total")).toBe(0.5);
    expect(history.start("total")).toBe(1);
    expect(history.layers).toEqual(["block1_conv1"]);
  });

  it("forgets the steps after a checkpoint when a run goes back to it", () => {
    const history = new CostHistory();
    history.append(batch(0, [[4], [3], [2], [1]], ["total"]));
    history.append(batch(1, [[30], [20]], ["total"]));
    expect([...history.column("total")]).toEqual([4, 30, 20]);
    expect(history.at(3, "total")).toBeNaN();
    history.append(batch(5, [[9]], ["total"]));
    expect([...history.column("total")]).toEqual([4, 30, 20, NaN, NaN, 9]);
  });

  it("marks steps as unknown where a column was not reported", () => {
    const history = new CostHistory();
    history.append(batch(0, [[1, 1]], ["total", "a"]));
    history.append(batch(1, [[2, 5]], ["total", "b"]));
    expect(history.columns).toEqual(["total", "a", "b"]);
    expect([...history.column("a")]).toEqual([1, NaN]);
    expect([...history.column("b")]).toEqual([NaN, 5]);
    expect(history.last("a")).toBeNaN();
    expect(history.start("b")).toBe(5);
  });

  it("knows nothing of the steps before the first reported one", () => {
    const history = new CostHistory();
    history.append(batch(100, [[1], [0.5]], ["total"]));
    expect(history.length).toBe(102);
    expect(history.at(99, "total")).toBeNaN();
    expect(decimate(history.column("total"))).toEqual([{ step: 100, value: 1 }, { step: 101, value: 0.5 }]);
  });

  it("changes its version with every change and only then", () => {
    const history = new CostHistory();
    const versions = [history.version];
    history.append(batch(0, [], ["total"]));
    versions.push(history.version);
    history.append(batch(0, [[1]], ["total"]));
    versions.push(history.version);
    history.clear();
    versions.push(history.version);
    expect(versions).toEqual([0, 0, 1, 2]);
    expect(history.columns).toEqual([]);
    expect(history.step).toBe(-1);
  });

  it("refuses costs that do not fill whole rows, and steps that are none", () => {
    const history = new CostHistory();
    expect(() => history.append({ first: 0, columns: ["total", "tv"], costs: Float64Array.of(1, 2, 3) })).toThrow(/3 costs.*2 columns \(total, tv\)/);
    expect(() => history.append(batch(-1, [[1]], ["total"]))).toThrow(/step -1/);
    expect(history.length).toBe(0);
  });

  it("holds, whatever the batches, what the newest batch for each step said", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ back: fc.nat(20), values: fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 40 }) }), { maxLength: 20 }), (batches) => {
        const history = new CostHistory();
        let model: number[] = [];
        for (const { back, values } of batches) {
          const first = Math.max(0, model.length - back);
          history.append(batch(first, values.map((v) => [v]), ["total"]));
          model = [...model.slice(0, first), ...values];
        }
        expect([...history.column("total")]).toEqual(model);
      }),
    );
  });
});

describe("decimate", () => {
  it("leaves a short series as it is", () => {
    expect(decimate(Float64Array.of(3, 1, 2))).toEqual([{ step: 0, value: 3 }, { step: 1, value: 1 }, { step: 2, value: 2 }]);
  });

  it("keeps a single peak among 100 000 steps", () => {
    const values = Float64Array.from({ length: 100_000 }, (_, i) => Math.exp(-i / 1e4));
    values[54_321] = 7;
    values[77_777] = -7;
    const points = decimate(values);
    expect(points.length).toBeLessThanOrEqual(400);
    expect(points).toContainEqual({ step: 54_321, value: 7 });
    expect(points).toContainEqual({ step: 77_777, value: -7 });
  });

  it("stays within the limit, in order, with the extremes and both ends, whatever the series", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double(), fc.constant(NaN)), { maxLength: 3000 }), fc.integer({ min: 4, max: 500 }), (list, limit) => {
        const points = decimate(Float64Array.from(list), limit);
        const finite = list.map((value, step) => ({ step, value })).filter((p) => Number.isFinite(p.value));
        expect(points.length).toBeLessThanOrEqual(limit);
        for (let i = 1; i < points.length; i++) expect(points[i].step).toBeGreaterThan(points[i - 1].step);
        for (const p of points) expect(p.value).toBe(list[p.step]);
        expect(points.length === 0).toBe(finite.length === 0);
        if (finite.length === 0) return;
        expect(points[0].step).toBe(finite[0].step);
        expect(points.at(-1)!.step).toBe(finite.at(-1)!.step);
        expect(points.some((p) => p.value === finite.reduce((m, q) => Math.max(m, q.value), -Infinity))).toBe(true);
        expect(points.some((p) => p.value === finite.reduce((m, q) => Math.min(m, q.value), Infinity))).toBe(true);
      }),
    );
  });

  it("keeps the points it has shown while a series grows within one thinning", () => {
    const values = Float64Array.from({ length: 1500 }, (_, i) => Math.sin(i * i));
    const before = decimate(values.subarray(0, 1000), 400).slice(0, -3);
    const after = new Set(decimate(values.subarray(0, 1024), 400).map((p) => p.step));
    expect(before.every((p) => after.has(p.step))).toBe(true);
  });

  it("refuses a limit that cannot hold the extremes and the ends", () => {
    expect(() => decimate(new Float64Array(9), 3)).toThrow(/3 points/);
  });
});
