import { Parser, type Program, type Token } from "acorn";
import { syntaxError } from "./compile-syntax-error";

export interface ParsedCell {
  source: string;
  program: Program;
  tokens: readonly Token[];
}

/** The parts of acorn's parser that its types do not show. */
interface Insides {
  scopeStack: readonly unknown[];
  currentVarScope(): unknown;
  context: readonly { token: string; generator?: boolean }[];
}

/** Reads a program as the body of an async generator: `yield` may stand outside of functions too. */
class BodyParser extends Parser {
  get inGenerator(): boolean {
    const { scopeStack } = this as unknown as Insides;
    const scope = (this as unknown as Insides).currentVarScope();
    return scope === scopeStack[0] || Reflect.get(Parser.prototype, "inGenerator", this);
  }

  /** Decides whether the slash in `yield /x/` starts a regular expression. */
  inGeneratorContext(): boolean {
    const { context } = this as unknown as Insides;
    return context.findLast(({ token }, i) => i > 0 && token === "function")?.generator ?? true;
  }
}

/**
 * Parses a cell: strict mode, `await`, `yield` and `return` allowed at its top level.
 *
 * @throws CodeError
 */
export function parseCell(source: string): ParsedCell {
  const tokens: Token[] = [];
  try {
    const program = BodyParser.parse(source, {
      ecmaVersion: 2025,
      sourceType: "module",
      allowReturnOutsideFunction: true,
      allowHashBang: false,
      onToken: tokens,
    });
    return { source, program, tokens };
  } catch (error) {
    if (error instanceof SyntaxError) throw syntaxError(error as SyntaxError & { pos: number }, source, tokens);
    throw error;
  }
}
