import { describe, expect, it } from "vitest";
import { arrows } from "../../src/cells/pulls-arrows";
import { Following } from "../../src/cells/pulls-following";
import { descentPicture, descentPixels, pullAt, reachOf, strengths } from "../../src/cells/pulls-look";
import { cosineOf, degrees, lengthOfSum, pullNamed, pullsOf } from "../../src/cells/pulls-numbers";
import { cosineText, inUnit, shortName, unitOf } from "../../src/cells/pulls-words";
import type { Measure, TermMeasure } from "../../src/kernel/protocol";

/** One pixel: three numbers a gradient. */
const picture = { width: 1, height: 1, data: Float32Array.of(0.5, 0.5, 0.5) };
const norm = (v: Float32Array) => Math.hypot(...v);
const add = (...vs: Float32Array[]) => Float32Array.from({ length: 3 }, (_, i) => vs.reduce((sum, v) => sum + v[i], 0));
const term = (name: string, kind: TermMeasure["kind"], weight: number, value: number, gradient: number[]): TermMeasure => ({
  name, kind, weight, value, cost: weight * value, gradient: Float32Array.from(gradient), norm: Math.hypot(...gradient),
});

function measureOf(terms: TermMeasure[]): Measure {
  const style = add(...terms.filter(({ kind }) => kind === "gram").map(({ gradient }) => gradient!));
  const all = [...terms.map(({ gradient }) => gradient!), style];
  const cosines = Float64Array.from(all.flatMap((a) => all.map((b) => a.reduce((sum, x, i) => sum + x * b[i], 0) / norm(a) / norm(b))));
  const gradient = add(...terms.map(({ gradient }) => gradient!));
  return { id: 1, terms, total: terms.reduce((sum, { cost }) => sum + cost, 0), gradient, norm: norm(gradient), cosines };
}

const measure = measureOf([
  term("content", "content", 2, 5, [-3, 0, 0]),
  term("block1_conv1", "gram", 0.2, 10, [3, 0, 0]),
  term("block2_conv1", "gram", 0.2, 20, [0, 4, 0]),
  term("tv", "tv", 1, 0.5, [0, 0, 1]),
]);

describe("the pulls on a picture", () => {
  const pulls = pullsOf(measure, picture);

  it("sum up the style from its layers: its costs add up, its gradients do as arrows", () => {
    expect(pulls.style).toMatchObject({ cost: 6, value: 30, norm: 5 });
    expect([...pulls.gradients["style"].data]).toEqual([3, 4, 0]);
    expect([pulls.layers["block1_conv1"].norm, pulls.layers["block2_conv1"].norm]).toEqual([3, 4]);
    expect(pulls.total).toMatchObject({ cost: 16.5, norm: Math.hypot(0, 4, 1) });
  });

  it("have shares of the pulls of content and style together, which make up the whole", () => {
    expect([pulls.content.share, pulls.style.share]).toEqual([3 / 8, 5 / 8]);
    expect([pulls.layers["block1_conv1"].share, pulls.tv.share]).toEqual([3 / 8, 1 / 8]);
  });

  it("have the angle between content and style, in degrees", () => {
    expect(pulls.cosine).toBeCloseTo(-3 / 5, 12);
    expect(pulls.angle).toBeCloseTo(126.87, 2);
    expect(cosineOf(pulls, "block1_conv1", "content")).toBe(-1);
    expect(cosineOf(pulls, "tv", "style")).toBe(0);
    expect(pullNamed(pulls, "block2_conv1").cost).toBe(4);
  });

  it("have no angle where the content does not pull, as in the content picture itself", () => {
    const start = pullsOf(measureOf([term("content", "content", 2, 0, [0, 0, 0]), term("block1_conv1", "gram", 1, 1, [3, 0, 4])]), picture);
    expect([start.content.norm, start.content.share, start.style.share]).toEqual([0, 0, 1]);
    expect([start.angle, start.cosine]).toEqual([NaN, NaN]);
    expect(start.tv.norm).toBe(0);
  });

  it("have no content where no content layer is chosen", () => {
    const texture = pullsOf(measureOf([term("block1_conv1", "gram", 1, 1, [3, 0, 4])]), picture);
    expect([texture.content.norm, texture.style.norm, texture.angle]).toEqual([0, 5, NaN]);
    expect(texture.names).toEqual(["block1_conv1", "style"]);
  });

  it("cannot be had of a picture that was measured without its gradients", () => {
    expect(() => pullsOf({ ...measure, gradient: undefined }, picture)).toThrow("measured with its gradients");
  });
});

describe("lengths and angles", () => {
  it("of a sum come from the lengths of its parts and the cosines between them", () => {
    expect(lengthOfSum([3, 4], () => 0)).toBe(5);
    expect(lengthOfSum([3, 4], () => -1)).toBeCloseTo(1, 12);
    expect(lengthOfSum([3, 0], () => NaN)).toBe(3);
  });

  it("survive cosines that rounding has put beyond 1", () => {
    expect([degrees(1.0000001), degrees(-1.0000001), degrees(0)]).toEqual([0, 180, 90]);
  });
});

describe("a gradient as a picture", () => {
  const gradient = Float32Array.of(1, -1, 0, 0, 0.5, -2);

  it("is grey where nothing is wanted, and shows the way in which the cost falls: against the gradient", () => {
    const { rgba } = descentPixels(gradient, 2, 1, 1);
    expect([...rgba]).toEqual([0, 255, 128, 255, 128, 64, 255, 255]);
    expect([...descentPicture(gradient, 2, 1, 1).data]).toEqual([0, 1, 0.5, 0.5, 0.25, 1]);
    expect([...descentPixels(new Float32Array(3), 1, 1, 0).rgba]).toEqual([128, 128, 128, 255]);
  });

  it("has a strength in each pixel, and numbers to be read there", () => {
    expect(strengths(gradient)[0]).toBeCloseTo(Math.SQRT2, 6);
    expect(strengths(gradient)[1]).toBeCloseTo(Math.hypot(0.5, 2), 6);
    expect(pullAt(gradient, 2, { x: 1, y: 0 })).toEqual([0, -0.5, 2]);
  });

  it("has colours for all numbers but a few large ones, whatever their channel", () => {
    const large = Float32Array.from({ length: 60_000 }, (_, i) => (i % 3 === 2 ? -(i % 1000) / 1000 : 0.01));
    expect(reachOf(large)).toBeGreaterThan(0.9);
    const few = new Float32Array(60_000).fill(0.01);
    for (let i = 0; i < 100; i++) few[i * 600] = 50;
    expect(reachOf(few)).toBeCloseTo(0.01, 6);
    expect(reachOf(new Float32Array(12))).toBe(0);
  });
});

describe("two pulls as arrows", () => {
  const room = { width: 300, height: 150 };
  const between = (a: { x: number; y: number }, b: { x: number; y: number }) => Math.hypot(a.x - b.x, a.y - b.y);

  it("keep their lengths and their angle, and their sum is the third", () => {
    for (const [content, style, angle] of [[3, 5, 120], [1, 4, 20], [6, 2, 90], [2, 2, 180]] as const) {
      const { origin, style: s, content: c, sum, scale } = arrows(content, style, angle, room);
      expect(between(origin, s) / scale).toBeCloseTo(style, 9);
      expect(between(origin, c) / scale).toBeCloseTo(content, 9);
      expect(between(s, sum) / scale).toBeCloseTo(content, 9);
      expect(between(origin, sum) / scale).toBeCloseTo(Math.sqrt(content ** 2 + style ** 2 + 2 * content * style * Math.cos((angle * Math.PI) / 180)), 6);
      for (const { x, y } of [origin, s, c, sum]) expect([x >= -1e-9, x <= 300 + 1e-9, y >= -1e-9, y <= 150 + 1e-9]).toEqual([true, true, true, true]);
    }
  });

  it("are points in the middle where nothing pulls", () => {
    expect(arrows(0, 0, NaN, room)).toMatchObject({ origin: { x: 150, y: 75 }, sum: { x: 150, y: 75 }, scale: 0 });
  });
});

describe("the words of pulls", () => {
  it("have numbers beside one another in one power of ten", () => {
    const unit = unitOf([0.0254, -0.0066, NaN]);
    expect(unit).toEqual({ power: -3, text: "× 10⁻³" });
    expect([0.0254, 0.0066, 0.00005, 0.000001, -0.0123].map((value) => inUnit(value, unit))).toEqual(["25.4", "6.6", "0.05", "0", "−12.3"]);
    expect(unitOf([12, 3]).text).toBe("");
    expect(unitOf([0, 0]).power).toBe(0);
  });

  it("write cosines with a real minus, and never a minus nought", () => {
    expect([0.264, -0.6, -0.001, NaN].map(cosineText)).toEqual(["0.26", "−0.60", "0.00", "–"]);
    expect(shortName("block4_conv1")).toBe("conv4_1");
  });
});

describe("work on what changes faster than it can be worked out", () => {
  /** Work that ends when the test says so. */
  function workshop() {
    const begun: { input: number; done: (out: number) => void; fail: (error: Error) => void }[] = [];
    const following = new Following<number, number>((input) => new Promise((done, fail) => begun.push({ input, done, fail })));
    const seen: number[] = [];
    const abort = new AbortController();
    const end = (async () => {
      for await (const value of following.follow(abort.signal)) seen.push(value);
    })();
    return { begun, following, seen, abort, end };
  }
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it("finishes what it has begun, and then takes the newest", async () => {
    const { begun, following, seen, abort, end } = workshop();
    for (const input of [1, 2, 3]) following.ask(input);
    expect(begun.map(({ input }) => input)).toEqual([1]);
    begun[0].done(10);
    await settle();
    expect(seen).toEqual([10]);
    expect(begun.map(({ input }) => input)).toEqual([1, 3]);
    begun[1].done(30);
    await settle();
    following.ask(3);
    expect([seen, begun.length]).toEqual([[10, 30], 2]);
    abort.abort();
    await end;
  });

  it("gives nothing on of what was forgotten meanwhile", async () => {
    const { begun, following } = workshop();
    following.ask(1);
    following.forget();
    following.ask(2);
    const seen: number[] = [];
    const abort = new AbortController();
    void (async () => {
      for await (const value of following.follow(abort.signal)) seen.push(value);
    })();
    begun[0].done(10);
    begun[1].done(20);
    await settle();
    expect(seen).toEqual([20]);
    abort.abort();
  });

  it("ends with what went wrong, and tries again when it is asked for something else", async () => {
    const { begun, following, end } = workshop();
    following.ask(1);
    begun[0].fail(new Error("The lab has no memory left."));
    await expect(end).rejects.toThrow("no memory");
    following.ask(2);
    expect(begun.map(({ input }) => input)).toEqual([1, 2]);
  });

  it("tells who comes later what there is already", async () => {
    const { begun, following, seen } = workshop();
    following.ask(1);
    begun[0].done(10);
    await settle();
    const abort = new AbortController();
    for await (const value of following.follow(abort.signal)) {
      expect(value).toBe(10);
      break;
    }
    expect(seen).toEqual([10]);
  });
});
