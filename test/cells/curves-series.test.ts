import { describe, expect, it } from "vitest";
import { CostHistory } from "../../src/runs/cost-history";
import { curveValues, seriesOf } from "../../src/cells/curves-series";

const history = new CostHistory();
history.append({ columns: ["total", "content", "style", "tv", "block2_conv1", "block1_conv1"], first: 0, costs: Float64Array.of(1, 0, 0.9, 0.1, 0.6, 0.3, 0.6, 0.05, 0.45, 0.1, 0.3, 0.15) });

describe("the curves of a run", () => {
  it("are content, style, total variation and their sum", () => {
    expect(seriesOf(history, "sums").map(({ name }) => name)).toEqual(["tv", "content", "style", "total"]);
  });

  it("are every style layer from the first to the deepest, told apart by colour and by dashes", () => {
    const layers = seriesOf(history, "layers");
    expect(layers.map(({ label }) => label)).toEqual(["tv", "content", "conv1_1", "conv2_1"]);
    expect(new Set(layers.map(({ colour }) => colour)).size).toBe(4);
    expect(new Set(layers.map(({ dash }) => dash ?? "solid")).size).toBe(3);
  });

  it("are costs as they count in J, or shares of what they were at step 0", () => {
    expect([...curveValues(history, "block1_conv1", false)!]).toEqual([0.3, 0.15]);
    expect([...curveValues(history, "block1_conv1", true)!]).toEqual([1, 0.5]);
  });

  it("have no share where they begin at 0", () => {
    expect(curveValues(history, "content", true)).toBeNull();
    expect(curveValues(history, "unknown", true)).toBeNull();
  });
});
