import type { AnyNode, FunctionDeclaration, Program, ReturnStatement, Statement, YieldExpression } from "acorn";
import { fullAncestor } from "acorn-walk";
import { isLoop, type Loop } from "./loop-guard";
import { patternNames } from "./scope";

/** What stands in a cell's source outside of nested functions, and its loops wherever they are. Inner nodes come first. */
export interface Body {
  yields: YieldExpression[];
  returns: ReturnStatement[];
  /** gives way to other work */
  awaits: boolean;
  loops: Loop[];
  /** statements that do something */
  statements: Statement[];
  /** the cell is nothing but a declaration `function* name() {…}`: it gives what that yields */
  generator: (FunctionDeclaration & { generator: true }) | null;
}

export function bodyOf(program: Program): Body {
  const statements = program.body.filter(({ type }) => type !== "EmptyStatement") as Statement[];
  const [only] = statements;
  const generator = statements.length === 1 && only.type === "FunctionDeclaration" && only.generator && only.params.length === 0;
  const body: Body = { yields: [], returns: [], awaits: false, loops: [], statements, generator: generator ? (only as Body["generator"]) : null };
  fullAncestor(program, (node, _state, ancestors) => {
    if (isLoop(node)) body.loops.push(node);
    if (ancestors.some((one) => one !== node && isFunction(one))) return;
    if (node.type === "YieldExpression") body.yields.push(node);
    else if (node.type === "ReturnStatement") body.returns.push(node);
    else if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)) body.awaits = true;
  });
  return body;
}

/** The names that a cell declares for other cells: those of declarations that stand in no block and no loop's head. */
export function topNames(program: Program): { name: string; start: number; end: number }[] {
  const found = program.body.flatMap((statement) => {
    if (statement.type === "VariableDeclaration") return statement.declarations.flatMap(({ id }) => patternNames(id));
    return statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration" ? [statement.id] : [];
  });
  // var may declare a name twice
  return found.filter(({ name }, i) => found.findIndex((other) => other.name === name) === i);
}

function isFunction({ type }: AnyNode): boolean {
  return type === "FunctionDeclaration" || type === "FunctionExpression" || type === "ArrowFunctionExpression";
}
