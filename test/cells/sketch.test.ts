import { describe, expect, it } from "vitest";
import { courseOf, courseText, curveAt, magnification, meanDistance, SKETCH_AT, type SketchPoint, verdict } from "../../src/cells/sketch-verdict";

const curve = (...heights: number[]): SketchPoint[] => heights.map((y, i) => ({ x: i / (heights.length - 1), y }));
const sketch = (heights: (x: number) => number): SketchPoint[] => SKETCH_AT.map((x) => ({ x, y: heights(x) }));

describe("what is said of a curve", () => {
  it("names rising, falling, staying, and turning back", () => {
    expect(courseOf(curve(0, 0.05, 0.08)).shape).toBe("rises");
    expect(courseOf(curve(1, 0.3, 0.1)).shape).toBe("falls");
    expect(courseOf(curve(0.3, 0.303, 0.301)).shape).toBe("stays");
    expect(courseOf(curve(0, 0.09, 0.06))).toEqual({ shape: "rises, then falls", start: 0, end: 0.06, turn: { x: 0.5, y: 0.09 } });
    expect(courseOf(curve(1, 0.2, 0.5)).turn).toEqual({ x: 0.5, y: 0.2 });
  });

  it("does not call a last small fall a turn", () => {
    expect(courseOf(curve(0, 0.09, 0.085)).shape).toBe("rises");
  });

  it("says by how much it rises or falls, in shares of J at step 0", () => {
    expect(courseText(courseOf(curve(0, 0.09, 0.06)))).toBe("rises from 0 % to 9 %, then falls to 6 %");
    expect(courseText(courseOf(curve(0.96, 0.2, 0.064)))).toBe("falls from 96 % to 6.4 %");
    expect(courseText(courseOf(curve(0.96, 0.96)))).toBe("stays at 96 %");
  });
});

describe("a sketch and the curve that came", () => {
  it("are compared between their points, straight", () => {
    expect(curveAt(curve(0, 1, 0), 0.25)).toBeCloseTo(0.5);
    expect(curveAt(curve(0, 1, 0), 0.75)).toBeCloseTo(0.5);
    expect(curveAt(curve(0.2, 1, 0.4), -1)).toBe(0.2);
    expect(curveAt(curve(0.2, 1, 0.4), 2)).toBe(0.4);
    expect(meanDistance(curve(0, 0), curve(0.5, 0.5, 0.5))).toBeCloseTo(0.5);
  });

  it("agree when both rise, and how much too high the sketch ends is said", () => {
    const { right, text } = verdict("content", sketch((x) => Math.min(0.6, 3 * x)), curve(0, 0.03, 0.038), true);
    expect(right).toBe(true);
    expect(text).toBe("The content cost rises from 0 % to 3.8 % of J at step 0. You drew the same course, and your curve ends above it, at 60 %.");
  });

  it("agree to the end when the ends are close", () => {
    expect(verdict("style", sketch((x) => 1 - 0.93 * x), curve(0.96, 0.3, 0.064), true).text).toMatch(/your curve ends where it ends\.$/);
  });

  it("disagree when the sketch falls and the curve rises", () => {
    const { right, text } = verdict("content", sketch((x) => 0.5 - 0.5 * x), curve(0, 0.1), true);
    expect(right).toBe(false);
    expect(text).toMatch(/In your curve it falls from 50 % to 0 %\.$/);
  });

  it("are compared only as far as the run has come", () => {
    const rising = sketch((x) => (x < 0.5 ? x : 1 - x));
    const half = [{ x: 0, y: 0 }, { x: 0.2, y: 0.1 }, { x: 0.4, y: 0.2 }];
    const { right, text } = verdict("content", rising, half, false);
    expect(right).toBe(true);
    expect(text).toMatch(/^So far, the content cost rises/);
  });
});

describe("a curve that is too low to be seen", () => {
  it("is enlarged by a round number, to at most 100 %", () => {
    expect(magnification(curve(0, 0.038))).toBe(20);
    expect(magnification(curve(0, 0.09))).toBe(10);
    expect(magnification(curve(0, 0.2))).toBe(5);
    expect(magnification(curve(0, 0.0007))).toBe(1000);
  });

  it("is left as it is when it is high enough, or 0 everywhere", () => {
    expect(magnification(curve(0, 0.3))).toBe(1);
    expect(magnification(curve(0, 0))).toBe(1);
  });
});
