import { describe, expect, it } from "vitest";
import { bindings, initialParam } from "../../src/cells/bindings";

const attributes = (given: Record<string, string>) => (name: string) => given[name] ?? null;
const run = ["content", "style", "network", "settings"];
const bound = (roles: string[], given: Record<string, string>) => bindings(roles, attributes(given)).map(({ role, input, by }) => [role, input, by]);

describe("a role", () => {
  it("is bound to the value of its own name if no attribute says otherwise", () => {
    expect(bound(run, {})).toEqual(run.map((role) => [role, role, null]));
  });

  it("is filled by `of` in order", () => {
    expect(bound(run, { of: " a  b " })).toEqual([
      ["content", "a", "of"],
      ["style", "b", "of"],
      ["network", "network", null],
      ["settings", "settings", null],
    ]);
  });

  it("is bound by an attribute of its name", () => {
    expect(bound(run, { of: "a", settings: "settings2" })).toEqual([
      ["content", "a", "of"],
      ["style", "style", null],
      ["network", "network", null],
      ["settings", "settings2", "settings"],
    ]);
  });

  it("is never bound by the attribute `style`, which is CSS", () => {
    expect(bound(["style"], { style: "color: red" })).toEqual([["style", "style", null]]);
  });

  it("may read a part, and roles that read parts of one value are bound together", () => {
    expect(bound(["image", "settings.size", "settings.steps", "network"], { of: "photo settings2 net" })).toEqual([
      ["image", "photo", "of"],
      ["settings.size", "settings2.size", "of"],
      ["settings.steps", "settings2.steps", "of"],
      ["network", "net", "of"],
    ]);
  });

  it("that is bound twice is explained", () => {
    expect(() => bindings(run, attributes({ of: "a", content: "b" }))).toThrow('“content” is bound twice: by of="a" and by content="b". Keep one.');
  });
});

it("more names in `of` than roles are explained", () => {
  expect(() => bindings(["F"], attributes({ of: "a b c" }))).toThrow('of="a b c" names 3 values, but this cell reads 1 (F). Remove b c.');
  expect(() => bindings([], attributes({ of: "a" }))).toThrow("this cell reads nothing");
});

describe("a parameter", () => {
  it("starts from its default", () => {
    expect(initialParam("size", 256, attributes({}))).toBe(256);
  });

  it("starts from an attribute of its name, read as the kind of thing its default is", () => {
    const given = attributes({ size: "128", log: "false", grid: "", layer: "block1_conv1", weights: '{"a":1}' });
    expect(initialParam("size", 256, given)).toBe(128);
    expect(initialParam("log", true, given)).toBe(false);
    expect(initialParam("grid", false, given)).toBe(true);
    expect(initialParam("layer", "", given)).toBe("block1_conv1");
    expect(initialParam("weights", {}, given)).toEqual({ a: 1 });
  });

  it("of several words is written with hyphens or without capitals", () => {
    expect(initialParam("learningRate", 1, attributes({ "learning-rate": "2" }))).toBe(2);
    expect(initialParam("learningRate", 1, attributes({ learningrate: "3" }))).toBe(3);
  });

  it.each([
    ["size", 256, "large", 'size="large" is not a number. Write something like size="256".'],
    ["size", 256, "", 'size="" is not a number. Write something like size="256".'],
    ["log", true, "yes", 'log="yes" is neither true nor false.'],
    ["weights", { a: 1 }, "{a", `weights="{a" is not JSON. Write something like weights='{"a":1}'.`],
  ])("%s that cannot be read is explained", (name, standard, text, message) => {
    expect(() => initialParam<unknown>(name, standard, attributes({ [name]: text }))).toThrow(message);
  });
});
