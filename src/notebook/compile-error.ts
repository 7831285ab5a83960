import { getLineInfo } from "acorn";

/** Something in a cell's source that keeps it from being compiled. The message is a sentence for its author. */
export class CodeError extends Error {
  /** from 1 */
  readonly line: number;
  /** from 0 */
  readonly column: number;

  /**
   * @param source the whole source
   * @param from first character that is meant, counted in `source`
   * @param to end of what is meant; at least one character unless the source ends there
   */
  constructor(
    message: string,
    source: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
    this.name = "CodeError";
    const { line, column } = getLineInfo(source, from);
    this.line = line;
    this.column = column;
  }
}
