/** How costs are drawn: by their logarithm, in which a fall by a tenth looks alike everywhere, or as they are. */
export type CostScale = "log" | "linear";

/** Powers of ten within a domain; where there are fewer than two, also 2 and 5 times a power. */
export function decadeTicks([low, high]: readonly [number, number]): number[] {
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const within = (digits: number[]) =>
    Array.from({ length: to - from + 1 }, (_, i) => digits.map((d) => Number(`${d}e${from + i}`))).flat().filter((t) => t >= low && t <= high);
  const powers = within([1]);
  if (powers.length >= 2) return powers;
  const finer = within([1, 2, 5]);
  return finer.length >= 2 ? finer : within([1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9]);
}

/** About five round numbers within a domain. */
export function linearTicks([low, high]: readonly [number, number]): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / 5));
  const stride = [1, 2, 5, 10].find((d) => (high - low) / (d * power) <= 6)! * power;
  const first = Math.ceil(low / stride - 1e-9);
  return Array.from({ length: Math.floor(high / stride + 1e-9) - first + 1 }, (_, i) => Number(((first + i) * stride).toPrecision(12)));
}

/** Decades that bars show at most on a logarithmic scale. */
const DECADES = 6;

/**
 * A scale for bars, in whole decades so that it rests while the values move.
 * @returns `share` of the track in [0, 1] for a value; 0 for what is not above `low`
 */
export function barScale(values: number[], kind: CostScale): { low: number; high: number; share(value: number): number } {
  const positive = values.filter((v) => v > 0 && Number.isFinite(v));
  const largest = positive.length > 0 ? Math.max(...positive) : 1;
  if (kind === "linear") {
    const high = ceilNice(largest);
    return { low: 0, high, share: (value) => clamp(value / high) };
  }
  const top = Math.ceil(Math.log10(largest));
  const smallest = positive.length > 0 ? Math.min(...positive) : largest;
  const bottom = Math.max(top - DECADES, Math.min(top - 1, Math.ceil(Math.log10(smallest)) - 1));
  return { low: Number(`1e${bottom}`), high: Number(`1e${top}`), share: (value) => (value > 0 ? clamp((Math.log10(value) - bottom) / (top - bottom)) : 0) };
}

function ceilNice(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Number(([1, 2, 5, 10].find((d) => d * power >= value * (1 - 1e-9))! * power).toPrecision(1));
}

const clamp = (share: number): number => (share > 0 ? Math.min(1, share) : 0);
