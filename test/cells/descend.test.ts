import { describe, expect, it } from "vitest";
import { descendTex } from "../../src/cells/descend-formula";
import { adamFloor, descentDirection, ratesFor, slope, stepped } from "../../src/cells/descend-step";
import { DescentWalk } from "../../src/cells/descend-walk";
import type { Measure } from "../../src/kernel/protocol";
import type { Picture } from "../../src/nst/picture";

const picture = (...data: number[]): Picture => ({ width: data.length / 3, height: 1, data: Float32Array.from(data) });

describe("a step of descent", () => {
  it("goes against the gradient, by the rate, and clips what has left the range", () => {
    const { picture: next, clipped } = stepped(picture(0.5, 0.1, 0.9), Float32Array.of(0.1, 0.2, -0.3), 1);
    expect([...next.data].map((value) => Number(value.toFixed(6)))).toEqual([0.4, 0, 1]);
    expect(clipped).toBe(2);
  });

  it("leaves the picture that it began from as it is", () => {
    const from = picture(0.5, 0.1, 0.9);
    stepped(from, Float32Array.of(1, 1, 1), 1);
    expect(from).toEqual(picture(0.5, 0.1, 0.9));
  });

  it("of Adam moves every value by the rate, however small its gradient, until that comes near ε", () => {
    const floor = adamFloor({ kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
    expect(floor).toBeCloseTo(1e-7, 15);
    const direction = descentDirection(Float32Array.of(3, -2e-4, 0, 1e-7), "adam", floor);
    expect([...direction].map((part) => Number(part.toFixed(3)))).toEqual([1, -1, 0, 0.5]);
  });

  it("is promised gradient · direction times the rate: the square of the gradient's length for plain descent", () => {
    const gradient = Float32Array.of(3, -4, 0);
    expect(slope(gradient, descentDirection(gradient, "gradient", 0))).toBe(25);
    expect(slope(gradient, descentDirection(gradient, "adam", 1e-9))).toBeCloseTo(7, 6);
  });
});

describe("rates worth trying", () => {
  it("lie around the one at which the tangent reaches 0, evenly in the logarithm", () => {
    const { low, high, tried, usual } = ratesFor(0.37, 0.00197);
    expect([low, high, usual]).toEqual([1, 2000, 9]);
    expect([tried.length, tried[0], tried.at(-1)]).toEqual([12, 1, 2000]);
    for (let i = 1; i < tried.length; i++) expect(tried[i] / tried[i - 1]).toBeCloseTo(2000 ** (1 / 11), 1);
  });

  it("have round ends, whatever the size of the numbers", () => {
    expect(ratesFor(1e-7, 3e5)).toMatchObject({ low: 2e-15, high: 5e-12 });
  });
});

/** J = ½ Σ curvature · (value − target)², as the lab would measure it. */
function bowl(target = 0.5, curvature = 10) {
  const asked: { picture: Picture; gradients: boolean; answer(): void; fail(error: Error): void }[] = [];
  const measure = (picture: Picture, { gradients }: { gradients: boolean }) =>
    new Promise<Measure>((resolve, reject) => {
      const total = picture.data.reduce((sum, value) => sum + 0.5 * curvature * (value - target) ** 2, 0);
      const gradient = picture.data.map((value) => curvature * (value - target));
      asked.push({ picture, gradients, fail: reject, answer: () => resolve({ id: 0, terms: [], total, ...(gradients ? { gradient, norm: Math.hypot(...gradient) } : {}) }) });
    });
  const seen = { changes: 0, errors: [] as string[] };
  const walk = new DescentWalk(measure, () => seen.changes++, (error) => seen.errors.push(error.message), 1e-9);
  /** Answers what has been asked, and what is asked then. */
  const answer = async (most = 100) => {
    for (let i = 0; i < most && asked.length > 0; i++) {
      asked.shift()!.answer();
      await new Promise((resolve) => setTimeout(resolve));
    }
  };
  return { walk, asked, answer, seen };
}

describe("a descent by hand", () => {
  it("measures the picture, then tries rates along its gradient", async () => {
    const { walk, asked, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.5), "gradient");
    expect([asked.length, asked[0].gradients, walk.cost]).toEqual([1, true, null]);
    await answer();
    expect(walk.cost).toBeCloseTo(0.2, 6);
    expect(walk.norm).toBeCloseTo(2, 6);
    expect(walk.slope).toBeCloseTo(4, 5);
    expect(walk.tried.map(({ rate }) => rate)).toEqual(walk.rates!.tried);
    // along the gradient of a bowl J is ½ · 10 · (0.2 − 2η)²
    for (const { rate, cost } of walk.tried.filter(({ rate }) => rate < 0.3)) expect(cost).toBeCloseTo(5 * (0.2 - 2 * rate) ** 2, 5);
  });

  it("says of each step what the tangent promised and what came, and goes on from there", async () => {
    const { walk, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.5), "gradient");
    await answer();
    walk.take(0.01);
    await answer();
    walk.take(0.01);
    await answer();
    expect(walk.steps.length).toBe(2);
    const [first, second] = walk.steps;
    expect(first.promised).toBeCloseTo(-0.04, 6);
    expect(first.after - first.before).toBeCloseTo(5 * 0.18 ** 2 - 0.2, 5);
    expect(second.before).toBe(first.after);
    expect(walk.picture!.data[0]).toBeCloseTo(0.5 + 0.2 * 0.9 * 0.9, 5);
  });

  it("makes it worse with too large a rate, and counts what was clipped", async () => {
    const { walk, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.45), "gradient");
    await answer();
    walk.take(0.4);
    await answer();
    const [step] = walk.steps;
    expect([step.clipped, step.after > step.before]).toEqual([1, true]);
    expect([...walk.picture!.data].every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("takes a step at once, whatever is being tried, and no second one before it is measured", async () => {
    const { walk, asked, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.5), "gradient");
    await answer(4);
    expect(walk.tried.length).toBe(3);
    walk.take(0.02);
    walk.take(0.02);
    expect([walk.busy, asked.filter(({ gradients }) => gradients).length]).toEqual([true, 1]);
    await answer();
    expect([walk.steps.length, walk.busy, walk.tried.length]).toEqual([1, false, 12]);
  });

  it("finishes a step although what counts in J changes meanwhile, and then measures anew", async () => {
    const { walk, asked, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.5), "gradient");
    await answer(2);
    walk.take(0.02);
    walk.again();
    await answer(2);
    expect([walk.steps.length, walk.busy, walk.cost]).toEqual([1, false, null]);
    expect(asked.map(({ gradients }) => gradients)).toEqual([true]);
    await answer();
    expect([walk.cost, walk.tried.length]).toEqual([walk.steps[0].after, 12]);
  });

  it("looks along another direction when Adam's step is chosen: the same picture, other rates", async () => {
    const { walk, answer } = bowl();
    walk.begin(picture(0.7, 0.5, 0.2), "gradient");
    await answer();
    const plain = walk.rates!;
    walk.choose("adam");
    await answer();
    expect(walk.slope).toBeCloseTo(2 + 3, 5);
    expect(walk.rates).not.toEqual(plain);
    expect(walk.steps).toEqual([]);
  });

  it("has no way down from a minimum, and tries nothing", async () => {
    const { walk, answer } = bowl();
    walk.begin(picture(0.5, 0.5, 0.5), "gradient");
    await answer();
    expect([walk.cost, walk.slope, walk.rates, walk.tried.length]).toEqual([0, 0, null, 0]);
    walk.take(1);
    await answer();
    expect(walk.picture).toEqual(picture(0.5, 0.5, 0.5));
  });

  it("says what went wrong, unless what was asked is no longer wanted", async () => {
    const { walk, asked, seen } = bowl();
    walk.begin(picture(0.7, 0.5, 0.5), "gradient");
    asked[0].fail(new DOMException("A newer picture is measured instead.", "AbortError"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen.errors).toEqual([]);
    walk.again();
    asked[1].fail(new Error("The lab has no memory left."));
    await new Promise((resolve) => setTimeout(resolve));
    expect(seen.errors).toEqual(["The lab has no memory left."]);
  });
});

describe("the formula of a step", () => {
  it("has the numbers of the tangent in it", () => {
    const tex = descendTex({ method: "gradient", norm: 0.0444, slope: 0.00197136, cost: 0.37 }, 20);
    expect(tex).toContain(String.raw`= -{20} \cdot {0.0444}^2 = {-0.0394}`);
    expect(descendTex({ method: "adam", norm: 0.0444, slope: 7.3, cost: 0.37 }, 0.02)).toContain(String.raw`= -{0.02} \cdot {7.3} = {-0.146}`);
  });

  it("leaves open what is still being measured", () => {
    expect(descendTex({ method: "gradient", norm: NaN, slope: NaN, cost: null }, 20)).toContain(String.raw`\dots`);
  });
});
