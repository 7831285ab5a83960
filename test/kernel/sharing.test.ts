import { expect, test, vi } from "vitest";
import { pictureKey } from "../../src/kernel/hash";
import { costColumns, costRow, divergence } from "../../src/kernel/run-costs";
import { pictureBytes } from "../../src/kernel/run-picture";
import { SharedValues } from "../../src/kernel/shared-values";
import { StepRate } from "../../src/kernel/step-rate";
import { Turns } from "../../src/kernel/turns";
import type { Term } from "../../src/nst";

test("a shared value is made once and freed when its last user is done", async () => {
  const freed: number[] = [];
  const values = new SharedValues<number>((value) => freed.push(value));
  let made = 0;
  const make = async () => ++made;
  const [a, b] = await Promise.all([values.acquire("key", make), values.acquire("key", make)]);
  expect([a.value, b.value, made]).toEqual([1, 1, 1]);
  a.release();
  await Promise.resolve();
  expect(freed).toEqual([]);
  b.release();
  await new Promise((resolve) => setTimeout(resolve));
  expect(freed).toEqual([1]);
  expect((await values.acquire("key", make)).value).toBe(2);
});

test("a value that is held stays when its other users are done, and is freed with the holder", async () => {
  const freed: number[] = [];
  const values = new SharedValues<number>((value) => freed.push(value));
  const users = await Promise.all([values.acquire("key", async () => 1), values.acquire("key", async () => 1)]);
  const letGo = values.hold("key");
  for (const { release } of users) release();
  await new Promise((resolve) => setTimeout(resolve));
  expect(freed).toEqual([]);
  letGo();
  await new Promise((resolve) => setTimeout(resolve));
  expect(freed).toEqual([1]);
  expect(() => values.hold("key")).toThrow(/Nobody holds key/);
});

test("a value that could not be made fails for all who wait, and is tried again by the next", async () => {
  const values = new SharedValues<number>(() => {});
  const bad = async () => { throw new Error("no"); };
  const results = await Promise.allSettled([values.acquire("key", bad), values.acquire("key", bad)]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect((await values.acquire("key", async () => 5)).value).toBe(5);
});

test("turns are given one at a time, in the order in which they were asked for", async () => {
  const turns = new Turns();
  const log: string[] = [];
  const work = async (name: string) => {
    for (let i = 0; i < 3; i++) {
      const end = await turns.take();
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve));
      log.push(`${name} ends`);
      end();
    }
  };
  await Promise.all([work("a"), work("b")]);
  expect(log).toEqual(Array(3).fill(["a begins", "a ends", "b begins", "b ends"]).flat());
});

test("steps a second are those of the last seconds, and begin anew after a pause", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const rate = new StepRate();
    expect(rate.perSecond()).toBe(0);
    const steps = (from: number, count: number, each: number) => {
      for (let k = 0; k < count; k++, vi.advanceTimersByTime(each)) rate.count(from + k);
    };
    steps(1, 20, 1000);
    expect(rate.perSecond()).toBeCloseTo(1, 6);
    steps(21, 60, 100);
    expect(rate.perSecond()).toBeCloseTo(10, 6);
    vi.advanceTimersByTime(60_000);
    rate.restart();
    expect(rate.perSecond()).toBe(0);
    steps(81, 3, 500);
    expect(rate.perSecond()).toBeCloseTo(2, 6);
  } finally {
    vi.useRealTimers();
  }
});

test("pictures that differ in one number, or only in shape, have different keys", () => {
  const data = Float32Array.from({ length: 48 }, (_, i) => i / 48);
  const key = pictureKey({ width: 4, height: 4, data });
  expect(pictureKey({ width: 4, height: 4, data: data.slice() })).toBe(key);
  expect(pictureKey({ width: 2, height: 8, data })).not.toBe(key);
  for (let i = 0; i < 48; i++) {
    const other = data.slice();
    other[i] += 1e-6;
    expect(pictureKey({ width: 4, height: 4, data: other })).not.toBe(key);
  }
});

const terms = [
  { kind: "content", layer: "a", weight: 2 }, { kind: "gram", layer: "b", weight: 3 }, { kind: "gram", layer: "c", weight: 0 }, { kind: "tv", weight: 10 },
] as Term[];

test("a row of costs holds the totals and then each style layer, all as they count in J", () => {
  expect(costColumns(terms)).toEqual(["total", "content", "style", "tv", "b", "c"]);
  expect(costRow(terms, [1, 5, Infinity, 0.5])).toEqual([2 + 15 + 5, 2, 15, 5, 15, 0]);
});

test("the first cost that is no number is named, then the gradient", () => {
  expect(divergence(terms, [1, 2, 3, 4, 5], 7)).toBe(null);
  expect(divergence(terms, [1, NaN, Infinity, 4, 5], 7)).toMatch(/^The style cost at b is no longer a number \(NaN\) after step 7/);
  expect(divergence(terms, [1, 2, 3, 4, Infinity], 7)).toMatch(/^The gradient .*Infinity/);
});

test("pixels become bytes by rounding to nearest", () => {
  expect([...pictureBytes(Float32Array.of(0, 1, 0.5, 127.4 / 255, 127.6 / 255, 1.2))]).toEqual([0, 255, 128, 255, 127, 128, 255, 255]);
});
