import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoopClock } from "../../src/sandbox/loop-clock";
import { Outlet } from "../../src/sandbox/outlet";

describe("an outlet of items", () => {
  let sent: number[];
  let dropped: number[];
  let outlet: Outlet<number, number>;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    [sent, dropped] = [[], []];
    outlet = new Outlet({ hold: (item) => item, drop: (held) => dropped.push(held), send: (held) => sent.push(held), failed: () => {} });
  });
  afterEach(() => void vi.useRealTimers());

  it("lets the first out at once, the newest after a while, and the last at the end", () => {
    for (const item of [1, 2, 3]) outlet.put(item);
    expect([sent, dropped]).toEqual([[1], [2]]);
    vi.advanceTimersByTime(60);
    expect(sent).toEqual([1, 3]);
    outlet.put(4);
    outlet.put(5);
    outlet.flush();
    vi.advanceTimersByTime(500);
    expect([sent, dropped]).toEqual([[1, 3, 5], [2, 4]]);
  });

  it("lets go of what waits when nobody wants it any more", () => {
    outlet.put(1);
    outlet.put(2);
    outlet.discard();
    vi.advanceTimersByTime(500);
    expect([sent, dropped]).toEqual([[1], [2]]);
  });
});

describe("the clock of loops", () => {
  it("stops a loop that never ends, naming its line", () => {
    const clock = new LoopClock(0.05);
    expect(() => {
      for (;;) clock.tick(7);
    }).toThrow(/^The loop in line 7 has been running for 0 s without giving way/);
  });

  it("looks often enough where a single round takes long", () => {
    const clock = new LoopClock(0.2);
    const round = () => {
      const until = performance.now() + 10;
      while (performance.now() < until);
    };
    for (let i = 0; i < 100_000; i++) clock.tick(1);
    const start = performance.now();
    expect(() => {
      for (;;) {
        round();
        clock.tick(2);
      }
    }).toThrow(/line 2/);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it("begins anew when the loop has given way", async () => {
    const clock = new LoopClock(0.1);
    const start = performance.now();
    while (performance.now() - start < 400) {
      clock.tick(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(performance.now() - start).toBeGreaterThan(399);
  });
});
