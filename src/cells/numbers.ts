/**
 * A cost or a weight in at most `digits` significant digits: 0.0502, 17 044, 9.8e-8. Thousands are set apart by a narrow
 * space, a minus is a real one; what is no number says so in words.
 */
export function formatNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  let text: string;
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) text = String(Number(value.toPrecision(digits)).toExponential()).replace("e+", "e");
  else if (size >= 10 ** digits - 0.5) text = formatCount(Math.round(value));
  else text = String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

/** A whole number with its thousands set apart: 1 252 368. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

/** Seconds in words that fit a status line: "8 s", "3 min 20 s", "2 h 5 min". */
export function formatSeconds(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min${s % 60 ? ` ${s % 60} s` : ""}`;
  return `${Math.floor(s / 3600)} h${Math.floor((s % 3600) / 60) ? ` ${Math.floor((s % 3600) / 60)} min` : ""}`;
}

export interface NumberRules {
  min?: number;
  max?: number;
  /** only whole numbers */
  whole?: boolean;
}

/**
 * Reads what a person typed as a number: `0.2`, `0,2`, `1e-4`, `.5`, `−3`, `17 044`, `10^4`.
 * @returns the number, or why it is none and what to type instead
 */
export function parseNumber(text: string, { min = -Infinity, max = Infinity, whole = false }: NumberRules = {}): { value: number } | { problem: string } {
  const plain = text.replace(/\s/g, "").replaceAll("−", "-");
  if (plain === "") return { problem: "Type a number." };
  const decimal = /^[^.,]*,[^.,]*$/.test(plain) ? plain.replace(",", ".") : plain;
  const power = /^(?:([+-]?[\d.]+)[*·×])?10\^([+-]?\d+)$/.exec(decimal);
  const value = power ? Number(`${power[1] ?? 1}e${power[2]}`) : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(decimal) ? Number(decimal) : NaN;
  if (Number.isNaN(value)) return { problem: `"${text.trim()}" is no number. Type one like 0.2 or 1e-4.` };
  if (!Number.isFinite(value)) return { problem: `${text.trim()} is too large.` };
  if (whole && !Number.isInteger(value)) return { problem: "Type a whole number." };
  if (value < min) return { problem: `At least ${formatNumber(min)}.` };
  if (value > max) return { problem: `At most ${formatNumber(max)}.` };
  return { value };
}

/** A number as an input field shows it: every digit it has, no grouping, so that it reads back as itself. */
export function fieldText(value: number): string {
  const plain = String(value).replace("e+", "e");
  const power = value.toExponential().replace("e+", "e");
  return plain.length > 8 && power.length < plain.length ? power : plain;
}

/**
 * A scale from slider positions to weights. Position 0 is the weight 0 (if `zero`), the others run evenly in the logarithm
 * from `min` to `max`; weights read off it have two significant digits.
 */
export interface LogScale {
  min: number;
  max: number;
  zero: boolean;
}

/** Slider positions per factor of ten. */
const PER_DECADE = 40;

/** The last position of a scale; the first is 0. */
export function lastPosition({ min, max, zero }: LogScale): number {
  return Math.round(Math.log10(max / min) * PER_DECADE) + (zero ? 1 : 0);
}

/** The weight at a position. */
export function weightAt(position: number, scale: LogScale): number {
  if (scale.zero && position <= 0) return 0;
  const share = (position - (scale.zero ? 1 : 0)) / PER_DECADE;
  return Number((scale.min * 10 ** share).toPrecision(2));
}

/** The position nearest to a weight; weights outside the scale are at its ends. */
export function positionOf(weight: number, scale: LogScale): number {
  const lowest = scale.zero ? 1 : 0;
  if (!(weight > 0)) return 0;
  const position = Math.round(Math.log10(weight / scale.min) * PER_DECADE) + lowest;
  return Math.min(lastPosition(scale), Math.max(lowest, position));
}
