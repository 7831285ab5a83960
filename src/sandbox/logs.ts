/** What code writes to the console, for the cell that wrote it. */

const MOST_LINES = 200;
const LETTERS = 1000;

/** The lines of one cell. */
export class Log {
  private lines: string[] = [];

  add(values: readonly unknown[]): void {
    if (this.lines.length === MOST_LINES) this.lines.push("… more was written to the browser's console");
    if (this.lines.length > MOST_LINES) return;
    this.lines.push(values.map(textOf).join(" ").slice(0, LETTERS));
  }

  /** The lines since the last time. */
  take(): string[] {
    return this.lines.splice(0);
  }
}

/** Everything that code writes goes to `current()` too, if there is one. */
export function watchConsole(current: () => Log | null): void {
  for (const method of ["log", "info", "warn", "error", "debug"] as const) {
    const write = console[method].bind(console);
    console[method] = (...values: unknown[]) => {
      current()?.add(values);
      write(...values);
    };
  }
}

function textOf(value: unknown): string {
  try {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} [${Array.from(value as Float32Array).slice(0, 20).join(", ")}${(value as Float32Array).length > 20 ? ", …" : ""}]`;
    if (typeof value !== "object" || value === null) return String(value);
    // what says of itself how it reads (tensors do) knows best
    return Object.hasOwn(Object.prototype, "toString") && value.toString !== Object.prototype.toString && !Array.isArray(value) ? value.toString() : JSON.stringify(value);
  } catch {
    return "something that cannot be written as text";
  }
}
