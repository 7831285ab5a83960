import { describe, expect, it } from "vitest";
import { parseOptions, rightOption } from "../../src/cells/predict-options";

describe("the answers of a question", () => {
  it("are read with the ranges that make them right; an end left out is infinite", () => {
    expect(parseOptions("it stays the same: ..0.001 | a bit: 0.001..0.5|grows: 5e-1..")).toEqual([
      { text: "it stays the same", low: -Infinity, high: 0.001 },
      { text: "a bit", low: 0.001, high: 0.5 },
      { text: "grows", low: 0.5, high: Infinity },
    ]);
  });

  it("may hold colons and negative numbers", () => {
    expect(parseOptions("as before: G stays: -1..1 | no: 1..")[0]).toEqual({ text: "as before: G stays", low: -1, high: 1 });
  });

  it("are right for a number from the lower end on, up to but not with the upper end", () => {
    const options = parseOptions("low: ..1 | middle: 1..2 | high: 3..");
    expect([0.5, 1, 1.99, 2, 3, Infinity].map((value) => rightOption(options, value))).toEqual([0, 1, 1, -1, 2, 2]);
  });

  it.each([
    ["only one: 1..2", /at least two answers/],
    ["no range | other: 1..", /“no range” cannot be read/],
    ["words: a..b | other: 1..", /“words: a..b” cannot be read/],
    ["backwards: 2..1 | other: 5..", /cannot be read/],
    [": 1..2 | other: 5..", /cannot be read/],
    ["a: ..2 | b: 1..", /“a” and “b” are both right for 1/],
  ])("%s: says what is wrong", (text, message) => {
    expect(() => parseOptions(text)).toThrow(message);
  });
});
