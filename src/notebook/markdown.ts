import MarkdownIt, { type MarkdownIt as Parser } from "markdown-it";
import { math } from "./math-syntax";

export type { Token } from "markdown-it";

/**
 * The Markdown that notebooks are written in: CommonMark with tables, strikethrough and math. Blocks are cut as other
 * readers cut them (so HTML is recognised), but none of the HTML gets through: comments vanish, all else is shown as text.
 */
export function markdown(): Parser {
  const parser = new MarkdownIt({ html: true, linkify: false, typographer: false });
  parser.use(math);
  const { escapeHtml } = parser.utils;
  const visible = (html: string) => escapeHtml(html.replace(/<!--[\s\S]*?-->/g, "").trim());
  parser.renderer.rules.html_inline = (tokens, i) => visible(tokens[i].content);
  parser.renderer.rules.html_block = (tokens, i) => {
    const text = visible(tokens[i].content);
    return text === "" ? "" : `<p>${text}</p>\n`;
  };
  return parser;
}
