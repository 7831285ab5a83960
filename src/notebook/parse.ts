import type { CodeFlags, Notebook, NotebookCell, Problem } from "./cells";
import { readElements } from "./element-syntax";
import { anchors, headingsOf } from "./headings";
import { ids } from "./id";
import { markdown, type Token } from "./markdown";

/** Characters [start, end) that are not prose, and what they are. */
interface Special {
  start: number;
  end: number;
  is: { kind: "element"; tag: string; attributes: Record<string, string>; beside: boolean } | { kind: "code"; source: string; flags: CodeFlags };
}

/** A problem before its cell is known. */
type Finding = Omit<Problem, "cell">;

const parser = markdown();

/**
 * Cuts a notebook's text into cells. Every character belongs to exactly one cell, in order: joining
 * `text.slice(cell.from, cell.to)` gives the text back. What cannot be understood stays prose and is named in `problems`.
 */
export function parse(text: string): Notebook {
  const env: { references?: Record<string, { href: string; title: string }> } = {};
  const tokens = parser.parse(text, env as Record<string, unknown>);
  const lines = lineStarts(text);
  const findings: Finding[] = [];
  const specials = tokens.flatMap((token, i) => (token.level === 0 && token.map ? readSpecials(text, lines, tokens, i, findings) : []));
  const stretches = cut(text, specials);
  const identity = ids(stretches.map(({ start, end }) => text.slice(start, end)));
  const headings = headingsOf(tokens, anchors());

  const cells = stretches.map(({ is, ...range }, i): NotebookCell => {
    const common = { id: identity[i], text: text.slice(range.start, range.end), ...range, line: lineOf(lines, range.start) };
    if (is) return { ...common, ...is };
    const end = lineOf(lines, Math.max(range.start, range.end - 1));
    return { ...common, kind: "prose", headings: headings.filter(({ line }) => line >= common.line && line <= end) };
  });
  const problems = findings.map((finding): Problem => {
    const cell = cells.findLast(({ line }) => line <= finding.line) ?? cells[0];
    return { ...finding, cell: cell.id };
  });
  const title = (headings.find(({ level }) => level === 1) ?? headings[0])?.text ?? null;
  return { title, cells, headings, problems, references: env.references ?? {} };
}

function readSpecials(text: string, lines: number[], tokens: Token[], i: number, findings: Finding[]): Special[] {
  const { type, map } = tokens[i];
  const from = lines[map![0]];
  const to = lines[map![1]] ?? text.length;
  if (type === "fence") {
    const code = readCode(tokens[i], text.slice(from, to), findings);
    return code ? [{ start: from, end: trimmedEnd(text, from, to), is: code }] : [];
  }
  if (type !== "paragraph_open" && type !== "html_block") return [];
  const elements = readElements(text.slice(from, to));
  if (!elements) {
    findings.push(...strayHtml(tokens, i));
    return [];
  }
  return elements.map(({ tag, attributes, problems, ...range }, n) => {
    const line = lineOf(lines, from + range.from);
    findings.push(...problems.map((message) => ({ line, message: `<${tag}>: ${message}` })));
    return { start: from + range.from, end: from + range.to, is: { kind: "element", tag, attributes, beside: n > 0 } };
  });
}

function readCode(token: Token, text: string, findings: Finding[]): Special["is"] | null {
  const [language, ...words] = token.info.trim().split(/\s+/);
  const line = token.map![0] + 1;
  const last = text.trimEnd().split(/\r\n|\r|\n/).at(-1)!.trim();
  const closed = token.map![1] - token.map![0] > 1 && last.length >= token.markup.length && last === token.markup[0].repeat(last.length);
  if (!closed) {
    findings.push({ line, message: `The code block that starts here is not closed, so it takes in the rest of the notebook. End it with a line ${token.markup}.` });
  }
  if (language !== "js") return null;
  const flags: CodeFlags = { kernel: false, edit: false, manual: false, run: true };
  for (const word of words) {
    if (word === "kernel" || word === "edit" || word === "manual") flags[word] = true;
    else if (word === "run=false") flags.run = false;
    else findings.push({ line, message: `“${word}” means nothing after js. What may stand there: kernel, edit, manual, run=false.` });
  }
  return { kind: "code", source: token.content, flags };
}

/** HTML in prose that was meant otherwise: an element of ours that is no cell, a comment without an end. */
function strayHtml(tokens: Token[], i: number): Finding[] {
  const { type, content, map } = tokens[i];
  if (type === "html_block" && /^\s*<!--/.test(content) && !content.includes("-->")) {
    return [{ line: map![0] + 1, message: `The comment that starts here is not closed, so the rest of the notebook is shown as text. End it with -->.` }];
  }
  const texts = type === "html_block" ? [content] : (tokens[i + 1].children ?? []).filter((child) => child.type === "html_inline").map((child) => child.content);
  const name = texts.map((text) => /^\s*<(nst-[a-z0-9-]+)/.exec(text)?.[1]).find((found) => found !== undefined);
  if (!name) return [];
  return [{ line: map![0] + 1, message: `<${name}> is shown as text because it is not a cell: write it as <${name} …></${name}>, with nothing inside, and with blank lines around it.` }];
}

/** Fills what lies between the specials with prose, and gives the blank lines to the cell before them. */
function cut(text: string, specials: readonly Special[]): (Omit<Special, "is"> & { from: number; to: number; is: Special["is"] | null })[] {
  const cells: ReturnType<typeof cut> = [];
  let at = 0;
  const prose = (to: number) => {
    const start = firstLineWithText(text, at, to);
    if (start !== null) cells.push({ start, end: trimmedEnd(text, start, to), from: 0, to: 0, is: null });
  };
  for (const special of specials) {
    prose(special.start);
    cells.push({ ...special, from: 0, to: 0 });
    at = special.end;
  }
  prose(text.length);
  if (cells.length === 0 && text !== "") cells.push({ start: text.length, end: text.length, from: 0, to: 0, is: null });
  for (const [i, cell] of cells.entries()) {
    cell.from = i === 0 ? 0 : cells[i - 1].to;
    cell.to = cells[i + 1]?.start ?? text.length;
  }
  return cells;
}

/** Start of the first line in [from, to) that is not blank: its indentation is part of it. */
function firstLineWithText(text: string, from: number, to: number): number | null {
  const match = /[^ \t\r\n]/g;
  match.lastIndex = from;
  const found = match.exec(text);
  if (!found || found.index >= to) return null;
  let start = found.index;
  while (start > from && (text[start - 1] === " " || text[start - 1] === "\t")) start--;
  return start;
}

/** End of [from, to) without the line breaks and blanks at its end. */
function trimmedEnd(text: string, from: number, to: number): number {
  while (to > from && " \t\r\n".includes(text[to - 1])) to--;
  return to;
}

/** Where each line starts; line breaks as CommonMark has them. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|\r|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Line (from 1) of a character. */
function lineOf(starts: number[], at: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= at) low = middle;
    else high = middle;
  }
  return low + 1;
}
