import { describe, expect, it } from "vitest";
import { markdown } from "../../src/notebook/markdown";

const render = (text: string) => markdown().render(text).trim();
const maths = (text: string) =>
  markdown()
    .parse(text, {})
    .flatMap((token) => [token, ...(token.children ?? [])])
    .filter(({ type }) => type.startsWith("math_"))
    .map(({ type, content }) => [type.slice(5), content]);

describe("math", () => {
  it("is written between dollars and keeps its underscores, asterisks and backslashes", () => {
    expect(maths("so $F_i * F_j * \\alpha$ and $x$")).toEqual([
      ["inline", "F_i * F_j * \\alpha"],
      ["inline", "x"],
    ]);
  });

  it("between double dollars is a block of its own, on one line or several, also right after a paragraph", () => {
    expect(maths("text\n$$\nG = F F^\\top\n$$\nmore\n\n$$ a $$")).toEqual([
      ["block", "G = F F^\\top"],
      ["block", "a"],
    ]);
    expect(maths("- item\n\n  $$\n  a\n  $$")).toEqual([["block", "a"]]);
  });

  it("between double dollars within a line stands in the line", () => {
    expect(maths("so $$a$$ it is")).toEqual([["inline", "a"]]);
    expect(maths("$$a$$ it is")).toEqual([["inline", "a"]]);
  });

  it("is not money, not an escaped dollar, not code, not empty, not unfinished", () => {
    for (const text of ["costs $5 and $6", "a $ b $ c", "\\$a$", "`$a$`", "$$ $$", "$a", "$$\na", "    $$\n    a\n    $$"]) expect(maths(text)).toEqual([]);
  });

  it("may contain an escaped dollar", () => {
    expect(maths("$a \\$ b$")).toEqual([["inline", "a \\$ b"]]);
  });
});

describe("HTML", () => {
  it("is shown as text", () => {
    expect(render("a <img src=x onerror=alert(1)> b")).toBe("<p>a &lt;img src=x onerror=alert(1)&gt; b</p>");
    expect(render("<script>alert(1)</script>")).toBe("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
    expect(render("<div>\n<svg/onload=alert(1)>\n</div>")).not.toMatch(/<(div|svg)/);
  });

  it("comments vanish, and nothing else with them", () => {
    expect(render("a <!-- b --> c")).toBe("<p>a  c</p>");
    expect(render("<!-- b\n\nc -->\n\nd")).toBe("<p>d</p>");
    expect(render("<!-- a --> kept <!-- b -->")).toBe("<p>kept</p>");
  });

  it("in math stays text", () => {
    expect(render("$<b>$")).toBe("<p><code>&lt;b&gt;</code></p>");
  });

  it("in links does not get through as a script", () => {
    expect(render("[a](javascript:alert(1))")).not.toMatch(/<a/);
  });
});
