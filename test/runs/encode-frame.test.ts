import { describe, expect, it } from "vitest";
import { absoluteBase, relativeBase } from "../../src/runs/kept-data";
import { fit, shrink } from "../../src/runs/encode-frame";
import { Filmstrip } from "../../src/runs/filmstrip";
import { isRunId, newRunId } from "../../src/runs/run-id";

const bytes = Uint8Array.of(1);
const frame = (step: number) => ({ step, width: 1, height: 1, bytes });

describe("a small picture", () => {
  it("fits into its side, and what is smaller stays as it is", () => {
    expect([fit({ width: 512, height: 256 }, 128), fit({ width: 300, height: 1000 }, 96), fit({ width: 64, height: 48 }, 128), fit({ width: 2000, height: 1 }, 96)]).toEqual([
      { width: 128, height: 64 }, { width: 29, height: 96 }, { width: 64, height: 48 }, { width: 96, height: 1 },
    ]);
  });

  it("is the picture itself where nothing has to be left out", () => {
    const { width, height, rgba } = shrink({ width: 2, height: 1, picture: Float32Array.of(0, 0.5, 1, 0.2, 0.4, 0.6) }, 96);
    expect([width, height, [...rgba]]).toEqual([2, 1, [0, 128, 255, 255, 51, 102, 153, 255]]);
  });

  it("has in each place the mean of what it stands for", () => {
    // columns of black, grey and white, three each
    const picture = Float32Array.from({ length: 9 * 9 * 3 }, (_, i) => Math.floor((Math.floor(i / 3) % 9) / 3) / 2);
    const { rgba } = shrink({ width: 9, height: 9, picture }, 3);
    expect([...rgba].filter((_, i) => i % 4 === 0)).toEqual([0, 128, 255, 0, 128, 255, 0, 128, 255]);
    const half = shrink({ width: 4, height: 4, picture: Float32Array.from({ length: 48 }, (_, i) => Math.floor(i / 3) % 2) }, 2);
    expect([...half.rgba].filter((_, i) => i % 4 === 0)).toEqual([128, 128, 128, 128]);
  });
});

describe("a filmstrip", () => {
  it("wants as many frames as it may hold, over all steps of the run", () => {
    const strip = new Filmstrip();
    const taken: number[] = [];
    for (let step = 1; step <= 480; step++) {
      if (!strip.wants(step, 480)) continue;
      taken.push(step);
      strip.add(frame(step));
    }
    expect([taken.length, taken[0], taken[1]]).toEqual([48, 1, 11]);
  });

  it("forgets what came after the step that the run goes back to", () => {
    const strip = new Filmstrip([1, 10, 20].map(frame));
    strip.goBack(10);
    expect(strip.frames.map(({ step }) => step)).toEqual([1, 10]);
    strip.add(frame(5));
    expect(strip.frames.map(({ step }) => step)).toEqual([1, 5]);
  });
});

describe("a network's folder", () => {
  it("is found again where the workbench has moved to", () => {
    const kept = relativeBase("https://a.example/nst/models/vgg19-slim/", "https://a.example/nst/index.html#/lesson");
    expect([kept, absoluteBase(kept, "file:///home/me/nst.html")]).toEqual(["models/vgg19-slim/", "file:///home/me/models/vgg19-slim/"]);
    expect(relativeBase("https://b.example/models/x/", "https://a.example/")).toBe("https://b.example/models/x/");
  });
});

describe("a run's id", () => {
  it("is another one each time, and nothing else looks like one", () => {
    const ids = Array.from({ length: 100 }, newRunId);
    expect([new Set(ids).size, ids.every(isRunId), isRunId("../x"), isRunId("")]).toEqual([100, true, false, false]);
  });
});
