import fc from "fast-check";
import { expect, it } from "vitest";
import { dodge } from "../../src/cells/dodge";

it("leaves labels alone that do not touch", () => {
  expect(dodge([100, 10, 50], 14)).toEqual([100, 10, 50]);
});

it("spreads labels in conflict about the middle of what they wanted", () => {
  expect(dodge([50, 50], 14)).toEqual([43, 57]);
  expect(dodge([50, 52, 51], 10)).toEqual([41, 61, 51]);
});

it("keeps labels within the range", () => {
  expect(dodge([0, 1, 99, 100], 10, 5, 95)).toEqual([5, 15, 85, 95]);
});

it("never lets two labels touch, keeps their order and, where there is room, the range", () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { minLength: 1, maxLength: 8 }), (wanted) => {
      const places = dodge(wanted, 14, 0, 200);
      const order = wanted.map((_, i) => i).sort((a, b) => places[a] - places[b]);
      for (let k = 1; k < order.length; k++) {
        expect(places[order[k]] - places[order[k - 1]]).toBeGreaterThanOrEqual(14 - 1e-9);
        expect(wanted[order[k]]).toBeGreaterThanOrEqual(wanted[order[k - 1]]);
      }
      for (const p of places) expect(p >= -1e-9 && p <= 200 + 1e-9).toBe(true);
    }),
  );
});
