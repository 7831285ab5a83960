import { describe, expect, it } from "vitest";
import { along, type BrushShape, colourAt, colourOf, coverage, hexOf, reach, Stroke } from "../../src/cells/paint-brush";
import { PaintMeter } from "../../src/cells/paint-meter";
import { Painting } from "../../src/cells/paint-model";
import { paintCosts, PaintScore, percent, stepsBelow } from "../../src/cells/paint-score";
import { paintStart } from "../../src/cells/paint-start";
import type { Measure, TermMeasure } from "../../src/kernel/protocol";
import type { Picture } from "../../src/nst/picture";

const RED = { kind: "colour", colour: [1, 0, 0] } as const;
const RUB = { kind: "rub" } as const;
const HARD: BrushShape = { size: 4, softness: 0, strength: 1 };

const plain = (width: number, height: number, value = 0.5): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(value) });
/** Every pixel another one: red is the column, green the row. */
const graded = (width: number, height: number): Picture => ({
  width, height, data: Float32Array.from({ length: width * height * 3 }, (_, i) => [(Math.floor(i / 3) % width) / width, Math.floor(i / 3 / width) / height, 0][i % 3]),
});
const same = (a: Float32Array, b: Float32Array) => a.length === b.length && a.every((value, i) => value === b[i]);
const changed = ({ width, data }: Picture, before: Float32Array) =>
  Array.from({ length: data.length / 3 }, (_, i) => i).filter((i) => [0, 1, 2].some((c) => data[3 * i + c] !== before[3 * i + c])).map((i) => [i % width, Math.floor(i / width)]);

describe("a brush", () => {
  it("covers all of its core and nothing beyond its edge, and fades in between", () => {
    const soft = { size: 20, softness: 0.5 };
    expect(coverage(0, soft)).toBe(1);
    expect(coverage(5, soft)).toBe(1);
    expect(coverage(10.5, soft)).toBe(0);
    const course = Array.from({ length: 23 }, (_, i) => coverage(i / 2, soft));
    expect(course.every((value, i) => i === 0 || value <= course[i - 1])).toBe(true);
    expect(course.filter((value) => value > 0 && value < 1).length).toBeGreaterThan(8);
  });

  it("that is hard fades within a pixel, and one that is a single pixel wide still paints", () => {
    expect(coverage(9.4, { size: 20, softness: 0 })).toBe(1);
    expect(coverage(10, { size: 20, softness: 0 })).toBeCloseTo(0.5, 6);
    expect(coverage(0, { size: 1, softness: 1 })).toBe(1);
  });

  it("reaches no pixel outside of the picture", () => {
    expect(reach(plain(10, 8), 0, 7.5, 6)).toEqual({ left: 0, top: 3, right: 4, bottom: 8 });
    const { left, right } = reach(plain(10, 8), -40, 2, 6);
    expect(left).toBe(right);
  });

  it("that is drawn quickly leaves no gaps, and ends where it was drawn to", () => {
    const places = along(2, 3, 22, 18, 4);
    expect(places.at(-1)).toEqual([22, 18]);
    const steps = places.map(([x, y], i) => Math.hypot(x - (places[i - 1]?.[0] ?? 2), y - (places[i - 1]?.[1] ?? 3)));
    expect(Math.max(...steps)).toBeLessThanOrEqual(0.5 + 1e-9);
  });

  it("paints the colour it has, as strongly as it is set, and within the area that it tells of", () => {
    const picture = plain(12, 12);
    const before = picture.data.slice();
    const area = new Stroke(picture, RED, { ...HARD, strength: 0.25 }).touch(6, 6);
    expect(colourAt(picture, 5, 5)).toEqual([0.625, 0.375, 0.375]);
    const pixels = changed(picture, before);
    expect(pixels.length).toBeGreaterThanOrEqual(12);
    for (const [x, y] of pixels) expect(x >= area.left && x < area.right && y >= area.top && y < area.bottom).toBe(true);
  });

  it("leaves no more where its stroke crosses itself", () => {
    const picture = plain(12, 12);
    const stroke = new Stroke(picture, RED, { ...HARD, strength: 0.5 });
    stroke.touch(6, 6);
    const once = picture.data.slice();
    stroke.touch(6, 6);
    expect(same(picture.data, once)).toBe(true);
  });

  it("copies what another picture holds as far away as it was told, mirrored beyond the edges", () => {
    const [picture, from] = [plain(12, 12), graded(10, 10)];
    const paint = { kind: "copy", from, dx: 3, dy: -2 } as const;
    new Stroke(picture, paint, { size: 40, softness: 0, strength: 1 }).touch(6, 6);
    expect(colourAt(picture, 4, 5)).toEqual(colourAt(from, 7, 3));
    expect(colourAt(picture, 11, 0)).toEqual(colourAt(from, 5, 1));
  });

  it("that rubs blurs an edge more with every touch, and leaves one colour alone as it is", () => {
    const edge: Picture = { width: 8, height: 8, data: Float32Array.from({ length: 192 }, (_, i) => (Math.floor(i / 3) % 8 < 4 ? 0 : 1)) };
    const stroke = new Stroke(edge, RUB, HARD);
    stroke.touch(4, 4);
    const jump = () => colourAt(edge, 4, 4)[0] - colourAt(edge, 3, 4)[0];
    const once = jump();
    expect(once).toBeLessThan(0.5);
    for (let i = 0; i < 3; i++) stroke.touch(4, 4);
    expect(jump()).toBeLessThan(0.9 * once);

    const even = plain(8, 8, 0.25);
    new Stroke(even, RUB, { ...HARD, size: 30 }).touch(4, 4);
    expect(Math.max(...even.data.map((value) => Math.abs(value - 0.25)))).toBeLessThan(1e-7);
  });

  it("keeps every value between 0 and 1", () => {
    const picture = graded(16, 16);
    for (const paint of [RED, RUB, { kind: "copy", from: graded(5, 7), dx: 31, dy: -50 } as const]) new Stroke(picture, paint, { size: 20, softness: 0.7, strength: 0.9 }).touch(3, 12);
    expect(picture.data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("knows its colours by the names that colour fields use", () => {
    expect(hexOf([0, 0.5, 1])).toBe("#0080ff");
    expect(colourOf("#0080FF")!.map((value) => Math.round(value * 255))).toEqual([0, 128, 255]);
    expect(colourOf("blue")).toBe(null);
  });
});

describe("a painting", () => {
  it("takes back a whole stroke at once, and does it again", () => {
    const start = graded(20, 16);
    const painting = new Painting(start);
    painting.press(4, 4, RED, HARD);
    painting.move(15, 9);
    painting.release();
    const painted = painting.picture.data.slice();
    expect(same(painted, start.data)).toBe(false);
    painting.undo();
    expect(same(painting.picture.data, start.data)).toBe(true);
    expect([painting.canUndo, painting.canRedo]).toEqual([false, true]);
    painting.redo();
    expect(same(painting.picture.data, painted)).toBe(true);
  });

  it("never changes the picture that it began with", () => {
    const start = plain(8, 8);
    const painting = new Painting(start);
    painting.press(4, 4, RED, HARD);
    painting.release();
    expect(start.data.every((value) => value === 0.5)).toBe(true);
  });

  it("forgets what was taken back when something else is painted", () => {
    const painting = new Painting(plain(8, 8));
    painting.press(2, 2, RED, HARD);
    painting.release();
    painting.undo();
    painting.press(6, 6, RED, HARD);
    painting.release();
    expect(painting.canRedo).toBe(false);
  });

  it("goes back to another picture as a change that can be taken back", () => {
    const painting = new Painting(plain(8, 8));
    painting.press(2, 2, RED, HARD);
    painting.release();
    const painted = painting.copy();
    painting.replace(painting.start.data);
    expect(same(painting.picture.data, painting.start.data)).toBe(true);
    painting.undo();
    expect(same(painting.picture.data, painted.data)).toBe(true);
  });

  it("has nothing to take back after a stroke that changed nothing", () => {
    const painting = new Painting(plain(8, 8));
    painting.press(-30, -30, RED, HARD);
    painting.release();
    painting.press(4, 4, { kind: "colour", colour: [0.5, 0.5, 0.5] }, HARD);
    painting.release();
    expect(painting.canUndo).toBe(false);
  });

  it("forgets its oldest strokes before they fill the memory", () => {
    const painting = new Painting(plain(256, 256));
    // 1.5 MB each
    for (let i = 0; i < 40; i++) painting.replace(painting.picture.data.map(() => i / 40));
    let back = 0;
    for (; painting.canUndo; back++) painting.undo();
    expect(back).toBeGreaterThan(10);
    expect(back).toBeLessThan(25);
  });

  it("begins as the content picture, as the middle of the style picture in its shape, or as noise", () => {
    const [content, style] = [plain(12, 6), graded(8, 8)];
    expect(paintStart("content", content, style, 1)).toBe(content);
    const cut = paintStart("style", content, style, 1);
    expect([cut.width, cut.height]).toEqual([12, 6]);
    // the upper and the lower quarter of the square are left out
    const rows = Array.from({ length: 6 }, (_, y) => colourAt(cut, 6, y)[1]);
    expect(Math.min(...rows)).toBeGreaterThanOrEqual(0.2);
    expect(Math.max(...rows)).toBeLessThanOrEqual(0.7);
    const noise = paintStart("noise", content, style, 1);
    expect(noise).toEqual(paintStart("noise", content, style, 1));
    expect(noise).not.toEqual(paintStart("noise", content, style, 2));
    expect(noise.data.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

const term = (name: string, kind: TermMeasure["kind"], cost: number): TermMeasure => ({ name, kind, cost, weight: 2, value: cost / 2 });
const measured = (content: number, layers: number[], tv = 0): Measure => {
  const terms = [term("content", "content", content), ...layers.map((cost, i) => term(`block${i + 1}_conv1`, "gram", cost)), term("tv", "tv", tv)];
  return { id: 1, terms, total: terms.reduce((sum, { cost }) => sum + cost, 0) };
};

describe("the score of a painting", () => {
  it("is J as a share of J at the start, and the best is kept when later ones are worse", () => {
    const score = new PaintScore();
    const [start, better, worse] = [plain(2, 2), plain(2, 2), plain(2, 2)];
    score.begin(start, paintCosts(measured(0, [6, 4])));
    expect(score.take(better, paintCosts(measured(1, [3, 1])))).toBe(true);
    expect(score.take(worse, paintCosts(measured(9, [9, 9])))).toBe(false);
    expect([score.share(score.best!.costs), score.share(score.now)]).toEqual([0.5, 2.7]);
    expect(score.best!.picture).toBe(better);
    expect(score.picture).toBe(worse);
  });

  it("has content, style and total variation apart, and each layer", () => {
    expect(paintCosts(measured(1, [2, 3], 0.5))).toEqual({ total: 6.5, content: 1, style: 5, tv: 0.5, layers: [{ name: "block1_conv1", cost: 2 }, { name: "block2_conv1", cost: 3 }] });
  });

  it("says after how many steps a course is below a mark, and shares as people write them", () => {
    expect(stepsBelow([1, 0.9, 0.7, 0.75], 0.9)).toBe(2);
    expect(stepsBelow([1, 0.9], 0.5)).toBe(null);
    expect([0.83456, 0.0123, 1, 1.5, 12.3456, NaN].map(percent)).toEqual(["83.5 %", "1.23 %", "100 %", "150.0 %", "1\u2009235 %", "–"]);
  });

  it("is measured without the brush waiting for it, and in the end of the last picture", async () => {
    const painting = new Painting(plain(8, 8));
    const asked: { picture: Picture; answer(measure: Measure): void; refuse(error: Error): void }[] = [];
    const gauge = { measure: (picture: Picture) => new Promise<Measure>((answer, refuse) => asked.push({ picture, answer, refuse })), close: () => {} };
    const heard: (number | undefined)[] = [];
    const failures: string[] = [];
    const meter: PaintMeter = new PaintMeter(gauge, painting, null, () => heard.push(meter.score.now?.total), ({ message }) => failures.push(message));
    // painted before the beginning has been measured
    painting.press(4, 4, RED, HARD);
    painting.release();
    meter.ask();
    expect(asked.map(({ picture }) => picture)).toEqual([painting.start]);
    asked[0].answer(measured(0, [10]));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked).toHaveLength(2);
    expect(asked[1].picture.data).toEqual(painting.picture.data);
    // a copy: what is painted later does not change what is being measured
    painting.press(1, 1, RED, HARD);
    expect(asked[1].picture.data).not.toEqual(painting.picture.data);
    asked[1].refuse(new DOMException("A newer picture is measured instead.", "AbortError"));
    meter.ask();
    asked[2].answer(measured(1, [4]));
    await new Promise((resolve) => setTimeout(resolve));
    expect(heard).toEqual([10, 5]);
    expect(failures).toEqual([]);
    meter.ask();
    asked[3].refuse(new Error("out of memory"));
    await new Promise((resolve) => setTimeout(resolve));
    expect(failures).toEqual(["out of memory"]);
  });

  it("with other weights measures the best picture of before again, and compares with that", async () => {
    const painting = new Painting(plain(8, 8));
    painting.press(4, 4, RED, HARD);
    painting.release();
    const best = plain(8, 8, 0.3);
    const costs = new Map<Picture, number>([[painting.start, 10], [best, 6]]);
    const gauge = { measure: async (picture: Picture) => measured(0, [costs.get(picture) ?? 8]), close: () => {} };
    const { score } = new PaintMeter(gauge, painting, best, () => {}, () => {});
    await new Promise((resolve) => setTimeout(resolve));
    expect([score.start!.total, score.best!.costs.total, score.now!.total]).toEqual([10, 6, 8]);
    expect(score.best!.picture).toBe(best);
  });
});
