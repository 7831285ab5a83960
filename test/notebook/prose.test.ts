import { describe, expect, it } from "vitest";
import { coloured } from "../../src/cells/math";
import { proseHtml } from "../../src/cells/prose-html";
import { parse } from "../../src/notebook/parse";

function render(text: string, notebook = "here"): string {
  const { cells, references } = parse(text);
  return cells.map((cell) => (cell.kind === "prose" ? proseHtml(cell.text, { notebook, headings: cell.headings, references }) : `[${cell.kind}]`)).join("");
}

describe("prose", () => {
  it("has headings with the anchors of the notebook, and a link to each", () => {
    expect(render("## A & `b`\n\n<nst-run></nst-run>\n\n## A & `b`")).toBe(
      '<h2 id="a--b">A &amp; <code>b</code><a href="#/here/a--b" class="anchor" aria-label="Link to “A &amp; b”">#</a></h2>\n[element]' +
        '<h2 id="a--b-1">A &amp; <code>b</code><a href="#/here/a--b-1" class="anchor" aria-label="Link to “A &amp; b”">#</a></h2>\n',
    );
  });

  it("turns links to notebooks and headings into routes, and files of public/ into what the page serves", () => {
    expect(render("[a](gram.md#x) [b](#y) [c](../public/samples/CREDITS.md)")).toBe('<p><a href="#/gram/x">a</a> <a href="#/here/y">b</a> <a href="./samples/CREDITS.md">c</a></p>\n');
    expect(render("![owl](../public/samples/owl.jpg)")).toBe('<p><img src="./samples/owl.jpg" alt="owl" loading="lazy"></p>\n');
  });

  it("opens other sites beside the page, where they cannot reach it", () => {
    expect(render("[a](https://example.org)")).toBe('<p><a href="https://example.org" target="_blank" rel="noopener noreferrer">a</a></p>\n');
  });

  it("colours links to the cells of the two pictures and of the generated one", () => {
    expect(render("[a](#content) [b](#style) [c](#G)")).toMatch(/class="content">a.*class="style">b.*class="picture">c/);
  });

  it("finds link definitions in other pieces of the notebook", () => {
    expect(render("[gatys]\n\n<nst-run></nst-run>\n\n[gatys]: https://example.org")).toMatch(/^<p><a href="https:\/\/example.org"/);
  });

  it("keeps formulas as TeX, escaped, until they are typeset", () => {
    expect(render("so $a < b$\n\n$$\n\\alpha\n$$")).toBe('<p>so <span class="math">a &lt; b</span></p>\n<div class="math" tabindex="0" role="group" aria-label="formula">\\alpha</div>\n');
  });

  it("lets nothing of the author's HTML through", () => {
    for (const text of ['<img src=x onerror="a()">', "a <b>b</b>", "<script>a()</script>", "```html\n<i>\n```", "$<i>$", "$$\n<i>\n$$", "# <i>", '[a](#"><i>)', '![<i>](x.png "<i>")']) {
      expect(render(text)).not.toMatch(/<(i|b|script)\b|onerror="/);
    }
  });
});

describe("colours in formulas", () => {
  it("that GitHub knows become those of the theme", () => {
    expect(coloured("\\textcolor{blue}{C} + \\textcolor{orange}{S} + \\textcolor{violet}{G}")).toBe("\\htmlClass{content}{C} + \\htmlClass{style}{S} + \\htmlClass{picture}{G}");
  });

  it("of other names stay as they are", () => {
    expect(coloured("\\textcolor{red}{x} blue")).toBe("\\textcolor{red}{x} blue");
  });
});
