import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";

/**
 * `$…$` and `$$…$$`, as on GitHub. The tokens `math_inline` and `math_block` hold the TeX; whoever renders decides how
 * it is shown (by default: as it was written).
 */
export function math(parser: MarkdownIt): void {
  parser.inline.ruler.after("escape", "math_inline", inlineMath);
  parser.block.ruler.before("fence", "math_block", blockMath, { alt: ["paragraph", "reference", "blockquote", "list"] });
  const { escapeHtml } = parser.utils;
  parser.renderer.rules.math_inline = (tokens, i) => `<code>${escapeHtml(tokens[i].content)}</code>`;
  parser.renderer.rules.math_block = (tokens, i) => `<pre>${escapeHtml(tokens[i].content)}</pre>\n`;
}

/**
 * Money is not math (the rule of Pandoc): no space after the opening dollar, none before the closing one, and no digit
 * after that.
 */
function inlineMath(state: StateInline, silent: boolean): boolean {
  const { src, pos, posMax } = state;
  if (src[pos] !== "$") return false;
  const marker = src[pos + 1] === "$" ? "$$" : "$";
  const start = pos + marker.length;
  for (let end = src.indexOf(marker, start); end >= 0 && end < posMax; end = src.indexOf(marker, end + 1)) {
    if (src[end - 1] === "\\") continue;
    const content = src.slice(start, end);
    if (marker === "$" && (/^\s|\s$/.test(content) || /[0-9]/.test(src[end + 1] ?? ""))) return false;
    if (content.trim() === "") return false;
    if (!silent) {
      const token = state.push("math_inline", "math", 0);
      token.markup = marker;
      token.content = content.trim();
    }
    state.pos = end + marker.length;
    return true;
  }
  return false;
}

/** From a line that starts with `$$` to one that ends with it. */
function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const line = (n: number) => state.src.slice(state.bMarks[n] + state.tShift[n], state.eMarks[n]).trimEnd();
  if (state.sCount[startLine] - state.blkIndent >= 4) return false;
  const first = line(startLine);
  if (!first.startsWith("$$")) return false;
  if (/^\$\$\s*\$\$$/.test(first)) return false;
  let last = startLine;
  if (first.length < 4 || !first.endsWith("$$")) {
    if (first.slice(2).includes("$$")) return false; // `$$a$$ and more` is a paragraph
    do {
      if (++last >= endLine || (state.sCount[last] < state.blkIndent && !state.isEmpty(last))) return false;
    } while (!line(last).endsWith("$$"));
  }
  if (silent) return true;
  const token = state.push("math_block", "math", 0);
  const text = state.getLines(startLine, last + 1, state.blkIndent, false).trim();
  token.content = text.slice(2, -2).trim();
  token.markup = "$$";
  token.block = true;
  token.map = [startLine, last + 1];
  state.line = last + 1;
  return true;
}
