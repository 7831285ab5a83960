import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { blobsCode } from "../../src/cells/as-code-pixels";
import { contentTex, gramTex, styleTex } from "../../src/cells/blobs-formulas";
import { blobCosts, type BlobFactors, type BlobSetup, blobMaps, fitted, moveBlob, overlap, type Spot } from "../../src/cells/blobs-model";
import { sourceIn } from "../../src/cells/code-text";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import { nodeBackend } from "../support/node-backends";

beforeAll(() => nodeBackend("cpu"));

const SETUP: BlobSetup = { maps: 2, side: 4, tiled: false, twice: false };
const ALL: BlobFactors = { half: true, quarter: true, perMaps: true, perPositions: true };
/** half of each blob lies on the other */
const BEFORE: Spot[] = [{ x: 0, y: 1 }, { x: 1, y: 1 }, { x: 1, y: 0 }];
const move = (index: number, x: number, y: number, together = false, maps = 2) => moveBlob(BEFORE, index, { x, y }, { side: 4, maps, together });
const costs = (after: Spot[], setup: Partial<BlobSetup> = {}, factors: Partial<BlobFactors> = {}) => blobCosts(BEFORE, after, { ...SETUP, ...setup }, { ...ALL, ...factors });

describe("two blobs on two 4 × 4 maps", () => {
  it("change G₁₂ with their overlap alone when one of them is moved", () => {
    for (let x = 0; x <= 2; x++)
      for (let y = 0; y <= 2; y++) {
        const after = move(1, x, y);
        const { gramAfter } = costs(after);
        expect([x, y, gramAfter[0][1]]).toEqual([x, y, overlap(after[0], after[1])]);
        expect([gramAfter[0][0], gramAfter[1][1]]).toEqual([4, 4]);
      }
    // from one place without overlap to another: the Gram matrix does not see it, the content cost does
    const [far, farther] = [costs(move(1, 2, 1)), costs(moveBlob(move(1, 2, 1), 0, { x: 0, y: 0 }, { side: 4, maps: 2, together: false }))];
    expect(far.gramAfter).toEqual(farther.gramAfter);
    expect(farther.contentCost).toBeGreaterThan(far.contentCost);
  });

  it("leave G as it is and let the content cost jump when both are moved together", () => {
    const { gramBefore, gramAfter, styleCost, contentCost } = costs(move(0, 0, 0, true));
    expect(gramAfter).toEqual(gramBefore);
    expect(styleCost).toBe(0);
    expect(contentCost).toBe(4);
  });

  it("keep their distance when they are moved together, and none leaves its map", () => {
    expect(move(0, 2, 2, true)).toEqual([{ x: 1, y: 2 }, { x: 2, y: 2 }, BEFORE[2]]);
    expect(move(1, -5, 1, true, 3)).toEqual(BEFORE);
    expect(move(1, 9, 9)).toEqual([BEFORE[0], { x: 2, y: 2 }, BEFORE[2]]);
    expect(fitted([{ x: 3, y: 0 }], 3)).toEqual([{ x: 1, y: 0 }]);
  });

  it("cost what src/nst computes for the same maps, and have its derivatives", () => {
    for (const setup of [SETUP, { ...SETUP, maps: 3 }, { ...SETUP, side: 5, tiled: true }, { ...SETUP, maps: 3, side: 3, tiled: true, twice: true }]) {
      const [before, after] = [fitted(BEFORE, setup.side), fitted([{ x: 0, y: 0 }, { x: 2, y: 1 }, { x: 1, y: 1 }], setup.side)];
      const by = blobCosts(before, after, setup, ALL);
      tf.tidy(() => {
        const tensor = (maps: number[][]) => tf.transpose(tf.tensor2d(maps)).expandDims(0).expandDims(0) as tf.Tensor4D;
        const [F, P] = [tensor(by.after), tensor(by.before)];
        expect(by.gramAfter.flat()).toEqual([...nst.gram(F).dataSync()]);
        expect(nst.contentCost(F, P).dataSync()[0]).toBeCloseTo(by.contentCost, 5);
        const difference = tf.sub(nst.normalisedGram(F), nst.normalisedGram(P)) as tf.Tensor2D;
        expect(nst.styleCost(difference).dataSync()[0] / by.styleCost).toBeCloseTo(1, 5);
        const numbers = (gradient: tf.Tensor4D) => tf.transpose(gradient.reshape([by.m, by.n]) as tf.Tensor2D).arraySync() as number[][];
        expect(numbers(nst.contentGradient(F, P, 1))).toEqual(by.contentSlope);
        const style = numbers(nst.styleGradient(F, difference, by.n ** 2 * by.m ** 2));
        style.forEach((map, i) => map.forEach((value, p) => expect(value).toBeCloseTo(by.styleSlope[i][p], 3)));
      });
    }
  });
});

describe("the factors of the formulas", () => {
  const after = move(1, 2, 1);

  it("1/M² makes a tiled picture cost what one tile costs; without it, sixteen times as much", () => {
    expect(costs(after, { tiled: true }).styleCost).toBe(costs(after).styleCost);
    expect(costs(after, { tiled: true }, { perPositions: false }).styleCost).toBe(16 * costs(after, {}, { perPositions: false }).styleCost);
    // the content cost has no such factor
    expect(costs(after, { tiled: true }).contentCost).toBe(4 * costs(after).contentCost);
  });

  it("1/N² makes maps that are taken twice cost what they cost once; without it, four times as much", () => {
    expect(costs(after, { twice: true }).styleCost).toBe(costs(after).styleCost);
    expect(costs(after, { twice: true }, { perMaps: false }).styleCost).toBe(4 * costs(after, {}, { perMaps: false }).styleCost);
  });

  it("½ and ¼ halve and quarter the costs, and cancel what differentiation brings", () => {
    expect(costs(after, {}, { half: false }).contentCost).toBe(2 * costs(after).contentCost);
    expect(costs(after, {}, { quarter: false }).styleCost).toBe(4 * costs(after).styleCost);
    const slope = (by: number[][], factor: number) => by.map((map) => map.map((value) => value * factor));
    expect(costs(after, {}, { half: false }).contentSlope).toEqual(slope(costs(after).contentSlope, 2));
    expect(costs(after, {}, { quarter: false }).styleSlope).toEqual(slope(costs(after).styleSlope, 4));
  });

  it("empty positions around a blob change M alone: the Gram matrix stays, the style cost falls", () => {
    const larger = costs(after, { side: 5 });
    expect(larger.gramAfter).toEqual(costs(after).gramAfter);
    expect(larger.styleCost / costs(after).styleCost).toBeCloseTo((16 / 25) ** 2, 12);
  });
});

describe("the maps of a setup", () => {
  it("hold four ones each, in every tile", () => {
    const total = (setup: Partial<BlobSetup>) => blobMaps(BEFORE, { ...SETUP, ...setup }).map((map) => map.reduce((sum, value) => sum + value, 0));
    expect(total({})).toEqual([4, 4]);
    expect(total({ maps: 3, tiled: true })).toEqual([16, 16, 16]);
    expect(total({ twice: true })).toEqual([4, 4, 4, 4]);
    expect(blobMaps([{ x: 1, y: 0 }], { ...SETUP, maps: 1, side: 3 })).toEqual([[0, 1, 1, 0, 1, 1, 0, 0, 0]]);
  });
});

describe("the formulas with their numbers", () => {
  const plain = (tex: string) => tex.replace(/\\textcolor\{\w+\}|[{}]|\\left|\\right|\\tfrac12 ?|\\,/g, (found) => (found.startsWith("\\tfrac") ? "½" : "")).replace(/\\cdot/g, "·").replace(/\s+/g, " ");

  it("say which products make G₁₂", () => {
    expect(plain(gramTex(costs(BEFORE))!)).toMatch(/= 1 · 1 \+ 1 · 1 = 2$/);
    expect(plain(gramTex(costs(move(1, 2, 1)))!)).toMatch(/= 0$/);
    expect(plain(gramTex(costs(BEFORE, { tiled: true }))!)).toMatch(/= 1 · 1 \+ 1 · 1 \+ 1 · 1 \+ 1 · 1 \+ \\dots = 8$/);
    expect(gramTex(costs(BEFORE, { maps: 1 }))).toBeNull();
  });

  it("leave out the factors that are switched off", () => {
    const after = move(1, 2, 1);
    expect(plain(contentTex(costs(after), ALL))).toMatch(/= ½ ?· 4 = 2$/);
    expect(plain(contentTex(costs(after, {}, { half: false }), { ...ALL, half: false }))).toMatch(/\^2 = 4$/);
    expect(plain(styleTex(costs(after), ALL))).toMatch(/\\frac14 · 2\^2 · 16\^2 · 2 · \(0 - 2\)\^2 = 0\.00195$/);
    const none = { half: false, quarter: false, perMaps: false, perPositions: false };
    expect(plain(styleTex(costs(after, {}, none), none))).toMatch(/\^2 = 2 · \(0 - 2\)\^2 = 8$/);
  });
});

describe("the blobs as code", () => {
  it("compute the same costs, with the factors that are switched on", () => {
    const after = move(1, 2, 2);
    for (const factors of [ALL, { ...ALL, half: false, perMaps: false }, { half: false, quarter: false, perMaps: false, perPositions: false }, { ...ALL, quarter: false, perPositions: false }]) {
      const by = blobCosts(BEFORE, after, SETUP, factors);
      const code = blobsCode({ name: "blobs2", before: by.before, after: by.after, factors });
      expect(compile(sourceIn(code)!, "kernel")).toMatchObject({ names: ["blobs2"], reads: [], globals: ["tf"] });
      const value = new Function("tf", `${sourceIn(code)}; return blobs2`)(tf) as { contentCost: number; styleCost: number };
      expect(value.contentCost).toBe(by.contentCost);
      expect(value.styleCost).toBeCloseTo(by.styleCost, 6);
    }
  });
});
