import { describe, expect, it } from "vitest";
import { CostHistory } from "../../src/runs/cost-history";
import { compareCosts, comparisonText, largestDifference } from "../../src/cells/scrub-compare";
import { nearestStep, stripSteps } from "../../src/cells/scrub-strip";

const columns = ["total", "content", "block1_conv1"];

function recorded(...rows: number[][]): CostHistory {
  const history = new CostHistory();
  history.append({ columns, costs: Float64Array.from(rows.flat()), first: 0 });
  return history;
}

describe("replayed costs", () => {
  it("that have the recorded bits are said to be equal, bit for bit", () => {
    const compared = compareCosts(recorded([1, 0, 1], [0.5, 0.1, 0.4]), { step: 1, columns, costs: [0.5, 0.1, 0.4] });
    expect(compared.map(({ difference }) => difference)).toEqual([0, 0, 0]);
    expect(compared[2]).toMatchObject({ name: "block1_conv1", label: "conv1_1", recorded: 0.4, replayed: 0.4 });
    expect(largestDifference(compared)).toBe(0);
    expect(comparisonText(compared)).toBe("All 3 costs equal the recorded ones, bit for bit.");
  });

  it("that differ in one bit are not", () => {
    const compared = compareCosts(recorded([0.5, 0.1, 0.4]), { step: 0, columns, costs: [0.5, 0.1, 0.4 * (1 + 2 ** -52)] });
    expect(largestDifference(compared)).toBeGreaterThan(0);
    expect(comparisonText(compared)).toMatch(/but for rounding: conv1_1 differs most, by 2\.8e−16 of itself/);
  });

  it("that are other costs are called so", () => {
    const compared = compareCosts(recorded([0.5, 0.1, 0.4]), { step: 0, columns, costs: [0.6, 0.2, 0.4] });
    expect(largestDifference(compared)).toBeCloseTo(1);
    expect(comparisonText(compared)).toMatch(/^The costs are not the recorded ones: content differs by 100 %/);
  });

  it("are not compared with what the run did not record", () => {
    const compared = compareCosts(recorded([0.5, 0.1, 0.4]), { step: 3, columns, costs: [0.5, 0.1, 0.4] });
    expect(largestDifference(compared)).toBeNull();
    expect(comparisonText(compared)).toMatch(/recorded no costs/);
  });
});

describe("a filmstrip", () => {
  it("shows every checkpoint while there are few", () => {
    expect(stripSteps([1, 4, 9], 9)).toEqual([1, 4, 9]);
    expect(stripSteps([], 9)).toEqual([]);
  });

  it("shows some that lie evenly over the run when there are many, the first and the last among them", () => {
    expect(stripSteps([1, 2, 3, 4, 20, 41, 60, 80, 100], 5)).toEqual([1, 20, 41, 80, 100]);
  });

  it("finds the checkpoint that is nearest to a step, before or after it", () => {
    expect(nearestStep([1, 10, 20], 14)).toBe(10);
    expect(nearestStep([1, 10, 20], 16)).toBe(20);
    expect(nearestStep([], 3)).toBeUndefined();
  });
});
