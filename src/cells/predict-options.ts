/** The answers that a question offers, and which numbers make each of them right. No DOM in here. */

export interface PredictOption {
  text: string;
  /** right if low ≤ number < high, or high is infinite */
  low: number;
  high: number;
}

const EXAMPLE = "Write something like options=\"it stays: ..0.001 | it grows: 0.001..\".";

/**
 * Reads `it stays the same: ..0.001 | it halves: 0.4..0.6 | it grows: 1..`: answers set apart by bars, each with the range
 * of numbers that makes it right, half open; an end that is left out is infinite.
 * @throws Error if there are fewer than two, a range cannot be read, or two ranges overlap
 */
export function parseOptions(text: string): PredictOption[] {
  const options = text.split("|").map((part): PredictOption => {
    const [, said = "", low, high] = /^(.*):\s*(\S*?)\.\.(\S*)\s*$/s.exec(part) ?? [];
    const [from, to] = [low === "" ? -Infinity : Number(low ?? NaN), high === "" ? Infinity : Number(high ?? NaN)];
    if (said.trim() === "" || Number.isNaN(from) || Number.isNaN(to) || from >= to) throw new Error(`The answer “${part.trim()}” cannot be read. ${EXAMPLE}`);
    return { text: said.trim(), low: from, high: to };
  });
  if (options.length < 2) throw new Error(`A question needs at least two answers. ${EXAMPLE}`);
  const sorted = [...options].sort((a, b) => a.low - b.low);
  for (const [i, { low, text }] of sorted.entries())
    if (i > 0 && low < sorted[i - 1].high) throw new Error(`The answers “${sorted[i - 1].text}” and “${text}” are both right for ${low}. Give them ranges that do not overlap.`);
  return options;
}

/** Index of the answer that a number makes right, −1 if none. */
export function rightOption(options: readonly PredictOption[], value: number): number {
  return options.findIndex(({ low, high }) => value >= low && (value < high || high === Infinity));
}
