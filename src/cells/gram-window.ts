/** Which part of a large matrix is looked at: arithmetic of zooming and moving. Pure. */

/** A square part of an n × n matrix, in rows and columns as they are shown. */
export interface MatrixWindow {
  /** first column */
  x: number;
  /** first row */
  y: number;
  /** rows and columns */
  span: number;
}

/** Fewer rows than this show nothing more. */
const SMALLEST = 8;

export function wholeWindow(n: number): MatrixWindow {
  return { x: 0, y: 0, span: n };
}

/** The same window, kept within an n × n matrix. */
export function within({ x, y, span }: MatrixWindow, n: number): MatrixWindow {
  const size = Math.max(Math.min(SMALLEST, n), Math.min(n, Math.round(span)));
  const clamp = (from: number) => Math.max(0, Math.min(n - size, Math.round(from)));
  return { x: clamp(x), y: clamp(y), span: size };
}

/**
 * Shows `factor` times as many rows and columns, at least one fewer or more. The entry (x, y), in columns and rows as
 * shown, stays where it is on the screen as far as the ends of the matrix let it.
 */
export function zoomed(window: MatrixWindow, factor: number, x: number, y: number, n: number): MatrixWindow {
  const { span } = within({ ...window, span: factor < 1 ? Math.min(window.span - 1, window.span * factor) : Math.max(window.span + 1, window.span * factor) }, n);
  const keep = (from: number, at: number) => at + 0.5 - ((at + 0.5 - from) / window.span) * span;
  return within({ x: keep(window.x, x), y: keep(window.y, y), span }, n);
}

/** Moves the window as little as it takes to show the entry (x, y). */
export function showing(window: MatrixWindow, x: number, y: number, n: number): MatrixWindow {
  const reach = (from: number, at: number) => Math.min(at, Math.max(from, at - window.span + 1));
  return within({ x: reach(window.x, x), y: reach(window.y, y), span: window.span }, n);
}

/** The entries of a window in an order of channels. @param values [n, n] @returns [span, span], row by row */
export function entriesIn(values: Float32Array, order: readonly number[], { x, y, span }: MatrixWindow): Float32Array {
  const n = order.length;
  const part = new Float32Array(span * span);
  for (let row = 0, at = 0; row < span; row++) {
    const from = order[y + row] * n;
    for (let column = 0; column < span; column++) part[at++] = values[from + order[x + column]];
  }
  return part;
}
