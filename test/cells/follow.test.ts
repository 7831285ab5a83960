import { describe, expect, it } from "vitest";
import type { PixelSteps } from "../../src/kernel/protocol";
import { kindShape, pullBars, pullKinds } from "../../src/cells/follow-bars";
import { lattice, nearestTo, neighbour } from "../../src/cells/follow-lattice";
import { colourText, fixed, signed, sumTex } from "../../src/cells/follow-numbers";
import { type Channel, FollowedPixels, pathNumbers, type PixelPath, planeFrame, stepSum } from "../../src/cells/follow-path";

const TERMS = ["content", "block1_conv1", "block2_conv1", "tv"];

/** Two pixels whose channels are pulled by made-up amounts; what leaves [0, 1] is clipped. */
function steps(count: number): PixelSteps[] {
  const terms = TERMS;
  const told: PixelSteps[] = [];
  let before = Float32Array.of(0.5, 0.4, 0.995, 0.1, 0.2, 0.3);
  for (let s = 1; s <= count; s++) {
    const pulls = Float32Array.from({ length: 2 * terms.length * 3 }, (_, i) => 0.02 * Math.sin(1 + i * 1.7 + s) + (i % 3 === 2 ? 0.002 : 0));
    const after = before.map((value, i) => {
      const [pixel, c] = [Math.floor(i / 3), i % 3];
      const moved = terms.reduce((sum, _, t) => sum + pulls[(pixel * terms.length + t) * 3 + c], value);
      return Math.min(1, Math.max(0, moved));
    });
    const clip = after.map((value, i) => {
      const [pixel, c] = [Math.floor(i / 3), i % 3];
      return value - terms.reduce((sum, _, t) => sum + pulls[(pixel * terms.length + t) * 3 + c], before[i]);
    });
    told.push({ terms, before, after, pulls, clip });
    before = after;
  }
  return told;
}

function follow(told: PixelSteps[]): FollowedPixels {
  const followed = new FollowedPixels([{ x: 3, y: 4 }, { x: 10, y: 4 }]);
  followed.take({ step: 0 });
  told.forEach((pixels, i) => followed.take({ step: i + 1, pixels }));
  return followed;
}

describe("the pixels that are followed", () => {
  it("lie evenly over the picture, and are not more than asked for", () => {
    const { pixels, columns, rows } = lattice(256, 171, 192);
    expect(pixels.length).toBe(columns * rows);
    expect(pixels.length).toBeLessThanOrEqual(192);
    expect(pixels.length).toBeGreaterThan(150);
    const gaps = [pixels[1].x - pixels[0].x, pixels[columns].y - pixels[0].y];
    expect(gaps[0] / gaps[1]).toBeCloseTo(1, 0);
    for (const { x, y } of pixels) expect([x >= 0 && x < 256, y >= 0 && y < 171]).toEqual([true, true]);
  });

  it("are all of them where the picture has no more", () => {
    expect(lattice(5, 3, 100).pixels).toEqual(Array.from({ length: 15 }, (_, i) => ({ x: i % 5, y: Math.floor(i / 5) })));
  });

  it("hold the one that was asked for exactly, once", () => {
    const { pixels, columns, rows } = lattice(64, 64, 16, { x: 1, y: 1 });
    expect(pixels.length).toBe(columns * rows + 1);
    expect(pixels.at(-1)).toEqual({ x: 1, y: 1 });
    expect(lattice(64, 64, 16, pixels[3]).pixels.length).toBe(16);
  });

  it("stand in for the pixels around them", () => {
    const { pixels } = lattice(64, 64, 16);
    expect(pixels.map((pixel) => nearestTo(pixels, pixel))).toEqual(pixels.map((_, i) => i));
    expect(pixels[nearestTo(pixels, { x: 63, y: 0 })]).toEqual(pixels[3]);
  });

  it("are gone through by the arrow keys, also from a pixel between them, and not beyond the last", () => {
    const grid = lattice(64, 64, 16);
    const [first, second] = grid.pixels;
    expect(neighbour(grid, first, 1, 0)).toEqual(second);
    expect(neighbour(grid, first, 0, 1)).toEqual(grid.pixels[4]);
    expect(neighbour(grid, first, -1, 0)).toEqual(first);
    expect(neighbour(grid, { x: first.x + 1, y: first.y }, 1, 0)).toEqual(second);
    expect(neighbour(grid, { x: first.x + 1, y: first.y }, -1, 0)).toEqual(first);
  });
});

describe("the path of a pixel", () => {
  it("holds its colour after every step, and what each term has added in each", () => {
    const told = steps(5);
    const path = follow(told).path(1);
    expect([path.x, path.y, path.steps, path.terms]).toEqual([10, 4, 5, TERMS]);
    expect([...path.colours.subarray(0, 3)]).toEqual([...told[0].before.subarray(3, 6)]);
    told.forEach(({ after }, s) => expect([...path.colours.subarray((s + 1) * 3, (s + 2) * 3)]).toEqual([...after.subarray(3, 6)]));
    expect(path.pulls[(2 * 4 + 3) * 3 + 1]).toBe(told[2].pulls[(4 + 3) * 3 + 1]);
  });

  it("adds up: before, the pulls and the clip are what the pixel became, but for rounding", () => {
    const path = follow(steps(40)).path(0);
    for (let step = 1; step <= 40; step++)
      for (const channel of [0, 1, 2] as Channel[]) {
        const { before, pulls, clip, after, rest, unclipped, clipped } = stepSum(path, step, channel);
        expect(before + pulls.reduce((sum, pull) => sum + pull, 0) + clip).toBeCloseTo(after, 6);
        expect(Math.abs(rest)).toBeLessThan(1e-6);
        expect(clipped).toBe(unclipped < -1e-6 || unclipped > 1 + 1e-6);
      }
  });

  it("says of a step in which the clip was at work, and of no other, that it was", () => {
    const path = follow(steps(40)).path(0);
    const at = Array.from({ length: 40 }, (_, i) => stepSum(path, i + 1, 2)).filter(({ clipped }) => clipped);
    expect(at.length).toBeGreaterThan(0);
    for (const { after } of at) expect(after).toBe(1);
  });

  it("is not guessed where a step is missing", () => {
    const followed = follow(steps(2));
    expect(() => followed.take({ step: 4, pixels: steps(1)[0] })).toThrow("Step 4 cannot follow step 2");
  });

  it("says how far the colour went, and who pulled how much", () => {
    const path: PixelPath = {
      x: 0, y: 0, steps: 2, terms: ["content", "block1_conv1", "block2_conv1", "tv"],
      colours: Float32Array.of(0.5, 0.5, 0.5, 0.75, 0.5, 0.5, 0.5, 0.5, 0.5),
      // content −1, layers 1 + 0.25, tv 0; then content −0.25, a layer 0, tv −0.25, with a clip of 0.25
      pulls: Float32Array.from([-1, 1, 0.25, 0, -0.25, 0, 0, -0.25].flatMap((pull) => [pull, 0, 0])),
      clip: Float32Array.of(0, 0, 0, 0.25, 0, 0),
    };
    const { length, distance, clipped, share, against, first } = pathNumbers(path);
    expect([length, distance, clipped]).toEqual([0.5, 0, 1]);
    expect(share["content"]).toBeCloseTo(1.25 / 2.75);
    expect(share["style"]).toBeCloseTo(1.25 / 2.75);
    expect(share["block2_conv1"]).toBeCloseTo(0.25 / 2.75);
    expect(share["content"] + share["style"] + share["tv"]).toBeCloseTo(1);
    // of |−1| + |1.25| is left 0.25, of |−0.25| + 0 all
    expect(against).toBeCloseTo(1 - 0.5 / 2.5);
    // |−1| + 1 + 0.25 for a move of 0.25
    expect(first).toBe(9);
  });
});

describe("the bars of a path", () => {
  const path = follow(steps(40)).path(0);
  const kinds = pullKinds(path.terms, false);

  it("name every kind of pull, the style layers each or as one", () => {
    expect(kinds.map(({ title }) => title)).toEqual(["content", "conv1_1", "conv2_1", "tv", "clip"]);
    expect(pullKinds(path.terms, true).map(({ title, terms }) => [title, terms])).toEqual([["content", [0]], ["style", [1, 2]], ["tv", [3]], ["clip", []]]);
    expect(pullKinds(["block1_conv1"], true).map(({ name }) => name)).toEqual(["style", "clip"]);
    expect(new Set(kinds.map(({ colour }) => colour)).size).toBe(kinds.length);
  });

  it("stack what pulls up above 0 and what pulls down beneath, without a gap", () => {
    const { bars } = pullBars(path, kinds, 0);
    expect(bars.length).toBe(40);
    for (const { parts, base, net, reach: height } of bars) {
      const up = parts.filter((part) => part > 0).reduce((sum, part) => sum + part, 0);
      const down = parts.filter((part) => part < 0).reduce((sum, part) => sum + part, 0);
      expect(up + down).toBeCloseTo(net, 6);
      expect(Math.max(up, -down)).toBeCloseTo(height, 9);
      expect(Math.max(0, ...parts.map((part, k) => base[k] + Math.abs(part)))).toBeCloseTo(Math.max(up, 0), 9);
      expect(Math.min(0, ...base)).toBeCloseTo(down, 9);
    }
  });

  it("add up several steps to one where there are many, and lose nothing", () => {
    const few = pullBars(path, kinds, 1, 12).bars;
    expect(few.map(({ from, to }) => to - from)).toEqual(Array.from({ length: 10 }, () => 4));
    const all = pullBars(path, kinds, 1).bars;
    kinds.forEach((_, k) => expect(few.reduce((sum, { parts }) => sum + parts[k], 0)).toBeCloseTo(all.reduce((sum, { parts }) => sum + parts[k], 0), 6));
    expect(few.reduce((sum, { net }) => sum + net, 0)).toBeCloseTo(path.colours[40 * 3 + 1] - path.colours[1], 6);
  });

  it("are the same whether the style is drawn as one or layer by layer", () => {
    const together = pullKinds(path.terms, true);
    const one = pullBars(path, together, 0).bars;
    const each = pullBars(path, kinds, 0).bars;
    one.forEach(({ parts }, i) => expect(parts[1]).toBeCloseTo(each[i].parts[1] + each[i].parts[2], 9));
  });

  it("are not all made small by a first step that is many times as large: it is cut, and said to be", () => {
    const tall = { ...path, pulls: path.pulls.map((pull, i) => (i < 12 ? pull * 50 : pull)) };
    const { reach, cut, bars } = pullBars(tall, kinds, 0);
    expect(cut).toEqual([bars[0]]);
    expect(reach).toBeLessThan(0.2 * bars[0].reach);
    expect(reach).toBeGreaterThanOrEqual(Math.max(...bars.slice(2, 30).map((bar) => bar.reach)) / 1.3);
    expect(pullBars(path, kinds, 0).cut).toEqual([]);
  });

  it("become a shape that keeps their heights, and ends where the drawing ends", () => {
    const bar = { from: 0, to: 1, parts: [0.5, -1], base: [0, -1], net: -0.5, reach: 1 };
    expect(kindShape([bar], 1, 1, 100)).toBe("M0.06 50h0.88V100H0.06z");
    expect(kindShape([bar], 1, 0.5, 100)).toBe("M0.06 50h0.88V100H0.06z");
    expect(kindShape([bar], 0, 2, 100)).toBe("M0.06 37.5h0.88V50H0.06z");
  });
});

describe("its numbers", () => {
  it("are written with their sign, and nothing is a negative zero", () => {
    expect([signed(0.0031), signed(-0.0012), signed(-1e-9), fixed(-0.25, 2)]).toEqual(["+0.00310", "−0.00120", "0.00000", "−0.25"]);
    expect(colourText(Float32Array.of(0, 0, 0, 0.416, 1, 0.5), 1)).toBe("0.42, 1.00, 0.50");
  });

  it("become a sum in the colours of its terms", () => {
    const tex = sumTex(["content", "block1_conv1"], { before: 0.5, pulls: [0.01, -0.02], clip: 0, after: 0.49, unclipped: 0.49, clipped: false, rest: 0 });
    expect(tex).toContain(String.raw`0.50000_{\text{before}} + \textcolor{blue}{0.01000}_{\text{content}} - \textcolor{orange}{0.02000}_{\text{conv1\_1}} + \textcolor{violet}{0.00000}_{\text{clip}}`);
    expect(tex).toContain(String.raw`= 0.49000_{\text{after}}`);
  });
});

describe("the plane of two channels", () => {
  it("shows the whole way, and does not enlarge one that hardly moves", () => {
    const colours = Float32Array.of(0.1, 0.2, 0, 0.9, 0.4, 0, 0.5, 0.3, 0);
    const [left, bottom, extent] = planeFrame(colours, 2, 0, 1);
    expect([left < 0.1, left + extent > 0.9, bottom < 0.2, bottom + extent > 0.4]).toEqual([true, true, true, true]);
    expect(planeFrame(Float32Array.of(0.5, 0.5, 0.5), 0, 0, 2)[2]).toBeGreaterThanOrEqual(0.05);
  });
});
