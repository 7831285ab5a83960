import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Coalesced } from "../../src/cells/coalesce";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("answers the first request at once and all others of the interval with one call at its end", () => {
  const draw = vi.fn();
  const redraw = new Coalesced(draw, 100);
  redraw.request();
  expect(draw).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 50; i++) redraw.request();
  vi.advanceTimersByTime(99);
  expect(draw).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(draw).toHaveBeenCalledTimes(2);
});

it("draws no more often than once in 100 ms under requests at 60 Hz, and answers the last", () => {
  const drawn: number[] = [];
  const redraw = new Coalesced(() => drawn.push(performance.now()), 100);
  let last = 0;
  for (let i = 0; i < 60; i++) {
    redraw.request();
    last = performance.now();
    vi.advanceTimersByTime(17);
  }
  vi.advanceTimersByTime(100);
  for (let i = 1; i < drawn.length; i++) expect(drawn[i] - drawn[i - 1]).toBeGreaterThanOrEqual(99);
  expect(drawn.length).toBeGreaterThan(8);
  expect(drawn.at(-1)).toBeGreaterThanOrEqual(last);
});

it("calls no more once cancelled", () => {
  const draw = vi.fn();
  const redraw = new Coalesced(draw, 100);
  redraw.request();
  redraw.request();
  redraw.cancel();
  vi.advanceTimersByTime(1000);
  expect(draw).toHaveBeenCalledTimes(1);
});
