import { getLineInfo, type AnyNode, type DoWhileStatement, type ForInStatement, type ForOfStatement, type ForStatement, type WhileStatement } from "acorn";
import type { Splices } from "./compile-splices";

export type Loop = ForStatement | ForInStatement | ForOfStatement | WhileStatement | DoWhileStatement;

export function isLoop(node: AnyNode): node is Loop {
  return /^(?:For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);
}

/** Lets a loop call `tick` with its line at the head of every turn, so that one without an end can be ended. */
export function guard(loop: Loop, source: string, tick: string, splices: Splices): void {
  const { body } = loop;
  const call = `${tick}(${getLineInfo(source, loop.start).line});`;
  if (body.type === "BlockStatement") splices.around(body.start + 1, body.end, call, "");
  else splices.around(body.start, body.end, `{${call}`, "}");
}
