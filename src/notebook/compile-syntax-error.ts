import { getLineInfo, tokTypes, type Token, type TokenType } from "acorn";
import { CodeError } from "./compile-error";

/** What acorn says, and what we say instead; `$1` is what the first group found. */
const FRIENDLY: readonly (readonly [RegExp, string])[] = [
  [/^Unterminated string constant/, "This text has no end: put the closing quote on the same line, or write it between backticks."],
  [/^Unterminated template/, "This template text has no end: the closing backtick is missing."],
  [/^Unterminated comment/, "This comment has no end: */ is missing."],
  [/^Unterminated regular expression/, "This regular expression has no end: the closing / is missing. (If it was to be a division, what stands before it is not a value.)"],
  [/^Invalid regular expression: (?:\/.*\/\w*: )?(.*)$/s, "This regular expression cannot be read: $1."],
  [/^Identifier '(.*)' has already been declared/, "“$1” is declared twice. Give one of the two another name, or leave out the second const, let or function."],
  [/^Argument name clash/, "Two parameters have the same name. Give one of them another."],
  [/^Assigning to rvalue/, "What stands left of the = cannot be given a value: a name or a part of an object must stand there."],
  [/^Parenthesized pattern/, "A pattern cannot stand in brackets here. Leave the round brackets out."],
  [/^Binding (?:rvalue|member expression|parenthesized expression)/, "A name to declare must stand here."],
  [/^(?:Binding|Assigning to) (eval|arguments) in strict mode/, "“$1” cannot be used as a name. Choose another."],
  [/^Deleting local variable in strict mode/, "delete takes a part away from an object (delete settings.size); a name cannot be deleted."],
  [/^'with' in strict mode/, "with cannot be used. Read the parts by the object's name, or take them out first: const { a, b } = it;"],
  [/^Cannot use keyword 'await' outside an async function/, "await stands in a function that is not async. Write async before that function."],
  [/^The keyword 'yield' is reserved/, "yield stands in a function that is no generator. Write function* instead of function (an arrow function cannot yield)."],
  [/^The keyword '(.*)' is reserved/, "“$1” is kept for the language and cannot be a name. Choose another."],
  [/^Unexpected keyword '(.*)'/, "“$1” is a word of the language and cannot stand here."],
  [/^'import' and 'export' may only appear at the top level/, "A cell neither imports nor exports: its declarations are there for other cells by their names."],
  [/^Missing initializer in (.*) declaration/, "A $1 needs a value: write = and the value after the name."],
  [/^Complex binding patterns require an initialization value/, "A pattern needs something to take apart: write = and the value after it."],
  [/^Unsyntactic (break|continue)/, "$1 stands outside of a loop."],
  [/^Label '(.*)' is already declared/, "The label “$1” stands around this one already. Give one of the two another name."],
  [/^Private field '(.*)' must be declared in an enclosing class/, "The private field $1 is not declared in a class around this."],
  [/^Missing catch or finally clause/, "try { … } needs a catch { … } or a finally { … } after it."],
  [/^Unexpected character '(.*)'/, "“$1” has no meaning here."],
  [/^Identifier directly after number/, "A name cannot follow a number directly. Is an operator missing between them?"],
  [/^Invalid number/, "This number cannot be read."],
  [/^Illegal newline after throw/, "What is thrown must begin on the line of throw."],
  [/^Shorthand property assignments/, "In an object, a part is written with a colon: { name: value }."],
  [/^'super' keyword|^super\(\) call|^Invalid use of 'super'/, "super stands outside of a method that could use it."],
  [/^Logical expressions and coalesce/, "?? cannot stand beside || or && without round brackets around one of them."],
  [/^Comma is not permitted after the rest/, "Nothing can follow the …rest, not even a comma."],
  [/^Not enough stack space/, "This is nested too deeply to be read. Split it up."],
];

/** A CodeError out of what acorn threw; `tokens` are those that were read before. */
export function syntaxError(error: SyntaxError & { pos: number }, source: string, tokens: readonly Token[]): CodeError {
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const from = Math.min(error.pos, source.length);
  if (/^Unexpected token|^Unmatched '\)'|^Unterminated template/.test(message)) {
    const found = unexpected(source, from, tokens);
    if (found && (!message.startsWith("Unterminated") || found.bracket)) return new CodeError(found.message, source, found.from, found.to);
  }
  const [pattern, text] = FRIENDLY.find(([candidate]) => candidate.test(message)) ?? [/$/, `${message}.`];
  const friendly = text.replace("$1", () => pattern.exec(message)![1]);
  return new CodeError(friendly, source, from, wordAt(source, from).end);
}

interface Found {
  message: string;
  from: number;
  to: number;
  /** it is about a bracket that was left open */
  bracket: boolean;
}

const CLOSER = new Map<TokenType, string>([
  [tokTypes.parenL, ")"],
  [tokTypes.bracketL, "]"],
  [tokTypes.braceL, "}"],
  [tokTypes.dollarBraceL, "}"],
]);
const CLOSING = /^[)\]}]$/;
/** With these a new statement begins, so a round or square bracket before them was forgotten. */
const STATEMENT = /^(?:const|let|var|return|for|while|do|if|switch|try|throw|break|continue)$/;
const CLOSERS = new Set<TokenType>([tokTypes.parenR, tokTypes.bracketR, tokTypes.braceR]);

/** What to say about a token that cannot stand where it does. */
function unexpected(source: string, from: number, tokens: readonly Token[]): Found | null {
  const open = openBracket(tokens);
  const { text, end } = wordAt(source, from);
  const atEnd = source.slice(from).trim() === "";
  const clashes = open && (CLOSING.test(text) ? CLOSER.get(open.type) !== text : STATEMENT.test(text) && CLOSER.get(open.type) !== "}");
  if (open && (atEnd || clashes)) {
    const bracket = source.slice(open.start, open.end);
    const line = getLineInfo(source, open.start).line;
    const closer = CLOSER.get(open.type)!;
    const message = atEnd
      ? `The “${bracket}” of line ${line} is never closed: “${closer}” is missing.`
      : `“${text}” stands where “${closer}” was expected: the “${bracket}” of line ${line} is still open.`;
    return { message, ...(atEnd ? { from: open.start, to: open.end } : { from, to: end }), bracket: true };
  }
  const length = source.trimEnd().length;
  if (atEnd) return { message: "The cell ends in the middle of a statement.", from: Math.max(0, length - 1), to: length, bracket: false };
  if (!open && CLOSING.test(text)) return { message: `“${text}” closes nothing: no bracket is open here.`, from, to: end, bracket: false };
  return { message: `“${text}” was not expected here. Is something missing before it: a comma, an operator, a line break?`, from, to: end, bracket: false };
}

/** The innermost bracket that is open after these tokens. */
function openBracket(tokens: readonly Token[]): Token | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    if (CLOSER.has(token.type)) open.push(token);
    else if (CLOSERS.has(token.type)) open.pop();
  }
  return open.at(-1);
}

/** The word, number or sign at a position, for a message. */
function wordAt(source: string, from: number): { text: string; end: number } {
  const match = /[\p{ID_Start}$_#][\p{ID_Continue}$]*|\d[\w.]*|=>|\.\.\.|\S/uy;
  match.lastIndex = from;
  const text = match.exec(source)?.[0] ?? source.slice(from, from + 1);
  return { text, end: from + text.length };
}
