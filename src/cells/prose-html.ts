import type { Heading } from "../notebook/cells";
import { route, target } from "../notebook/links";
import { markdown } from "../notebook/markdown";

/** What prose needs to know of the notebook around it. */
export interface ProseSurroundings {
  /** name of the notebook, for links within it */
  notebook: string;
  /** of this piece, in order: they bring the anchors */
  headings: readonly Heading[];
  references: Record<string, { href: string; title: string }>;
}

/** A link to one of these cells takes the colour that the value has everywhere. */
const COLOURED: Record<string, string> = { content: "content", style: "style", G: "picture", picture: "picture" };

const parser = markdown();
const { escapeHtml } = parser.utils;

// KaTeX comes later, if at all: until then, and for readers without it, the TeX stands there as it was written.
parser.renderer.rules.math_inline = (tokens, i) => `<span class="math">${escapeHtml(tokens[i].content)}</span>`;
parser.renderer.rules.math_block = (tokens, i) => `<div class="math" tabindex="0" role="group" aria-label="formula">${escapeHtml(tokens[i].content)}</div>\n`;

parser.renderer.rules.link_open = (tokens, i, options, env, self) => {
  const token = tokens[i];
  const to = target(String(token.attrGet("href") ?? ""), (env as unknown as ProseSurroundings).notebook);
  if (to.kind === "notebook") {
    token.attrSet("href", route(to.name, to.anchor));
    const colour = COLOURED[to.anchor ?? ""];
    if (colour) token.attrSet("class", colour);
  } else if (to.kind === "file") {
    token.attrSet("href", to.path);
  } else {
    // leaving the page would end what runs in it
    token.attrSet("target", "_blank");
    token.attrSet("rel", "noopener noreferrer");
  }
  return self.renderToken(tokens, i, options);
};

const image = parser.renderer.rules.image!;
parser.renderer.rules.image = (tokens, i, options, env, self) => {
  const to = target(String(tokens[i].attrGet("src") ?? ""), (env as unknown as ProseSurroundings).notebook);
  if (to.kind === "file") tokens[i].attrSet("src", to.path);
  tokens[i].attrSet("loading", "lazy");
  return image(tokens, i, options, env, self);
};

parser.renderer.rules.fence = (tokens, i) => `<pre tabindex="0"><code>${escapeHtml(tokens[i].content)}</code></pre>\n`;
parser.renderer.rules.code_block = parser.renderer.rules.fence;
parser.renderer.rules.table_open = () => `<div class="table" tabindex="0" role="group" aria-label="table"><table>\n`;
parser.renderer.rules.table_close = () => `</table></div>\n`;

/** Prose as HTML: safe to insert, whatever the text (no HTML of the author's gets through). */
export function proseHtml(text: string, surroundings: ProseSurroundings): string {
  const { notebook, headings, references } = surroundings;
  // A piece of a notebook is rendered alone, but a link definition may stand in another piece.
  const env = { notebook, references: { ...references } };
  const tokens = parser.parse(text, env);
  let n = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.level !== 0 || token.type !== "heading_open") continue;
    const heading = headings[n++];
    if (!heading) continue;
    token.attrSet("id", heading.anchor);
    tokens[i + 1].children?.push(...anchorLink(notebook, heading));
  }
  return parser.renderer.render(tokens, parser.options, env);
}

/** The quiet # behind a heading. */
function anchorLink(notebook: string, { anchor, text }: Heading) {
  const link = `[#](#${encodeURIComponent(anchor)})`;
  const [, inline] = parser.parse(link, { notebook });
  const children = inline.children ?? [];
  children[0].attrSet("class", "anchor");
  children[0].attrSet("aria-label", `Link to “${text}”`);
  return children;
}
