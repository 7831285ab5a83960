import { describe, expect, it } from "vitest";
import { readRoute, route, target } from "../../src/notebook/links";

describe("a link", () => {
  it("to a notebook beside it, or to a heading, is a place in a notebook", () => {
    expect(target("gram-matrix.md", "here")).toEqual({ kind: "notebook", name: "gram-matrix", anchor: null });
    expect(target("./gram-matrix.md#touch-an-entry", "here")).toEqual({ kind: "notebook", name: "gram-matrix", anchor: "touch-an-entry" });
    expect(target("#touch-an-entry", "here")).toEqual({ kind: "notebook", name: "here", anchor: "touch-an-entry" });
  });

  it("to a file that the page serves is that file", () => {
    expect(target("../public/samples/CREDITS.md", "here")).toEqual({ kind: "file", path: "./samples/CREDITS.md" });
  });

  it("to another site leads outside", () => {
    for (const href of ["https://arxiv.org/abs/1508.06576", "mailto:a@b.org", "//example.org/a.md"]) expect(target(href, "here")).toEqual({ kind: "outside", href });
  });
});

describe("a route", () => {
  it("is read back as it was written", () => {
    for (const [name, anchor] of [
      ["first-transfer", null],
      ["first-transfer", "the-cost"],
      ["a b/c", "größe--code"],
    ]) {
      expect(readRoute(route(name!, anchor))).toEqual({ name, anchor });
    }
  });

  it("of another form is none", () => {
    for (const hash of ["", "#", "#heading", "#/", "#/a/b/c", "#/%E0%A4%A"]) expect(readRoute(hash)).toBe(null);
  });
});
