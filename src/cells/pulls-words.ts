/** How terms of J and their angles are called. */
import { paperName } from "../nst/names";
import { formatNumber } from "./numbers";

/** The part of a notebook's colours that a term has. */
export function kindOf(name: string): "content" | "style" | "tv" | "total" {
  return name === "content" || name === "tv" || name === "total" ? name : "style";
}

/** CSS colour of a term. */
export const TERM_COLOURS = { content: "var(--content)", style: "var(--style)", tv: "var(--soft)", total: "var(--picture)" } as const;

/** "conv1_1", where room is short. */
export function shortName(name: string): string {
  return name === "total" ? "sum" : paperName(name);
}

/** "total variation", in a sentence. */
export function longName(name: string): string {
  if (name === "tv") return "total variation";
  return name === "total" ? "the sum of all" : name;
}

/** A cosine in three characters or four: "0.26", "−0.6". */
export function cosineText(cosine: number): string {
  if (!Number.isFinite(cosine)) return "–";
  const text = cosine.toFixed(2);
  return text === "-0.00" ? "0.00" : text.replace("-", "−");
}

/** What an angle between two pulls means, as the end of a sentence. */
export function angleText(angle: number): string {
  if (!Number.isFinite(angle)) return "one of them does not pull";
  if (angle < 60) return "largely the same way";
  if (angle < 85) return "a little the same way";
  if (angle <= 95) return "hardly minding one another";
  return angle <= 120 ? "a little against one another" : "largely against one another";
}

/** Numbers to be read beside one another, as multiples of one power of ten. */
export interface Unit {
  /** of ten; a multiple of 3 */
  power: number;
  /** what stands in a heading: "× 10⁻⁶", "" for 10⁰ */
  text: string;
}

/** The power of ten in which the largest of some numbers lies between 1 and 1000. */
export function unitOf(values: readonly number[]): Unit {
  const largest = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite));
  const power = largest > 0 ? 3 * Math.floor(Math.log10(largest) / 3) : 0;
  const raised = [...String(power)].map((digit) => (digit === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)])).join("");
  return { power, text: power === 0 ? "" : `× 10${raised}` };
}

/** A number in a unit, in three digits of the largest: "12.3", "0.05". */
export function inUnit(value: number, { power }: Unit): string {
  const part = value / 10 ** power;
  if (!Number.isFinite(part)) return "–";
  return Math.abs(part) < 0.005 ? "0" : formatNumber(part, Math.abs(part) < 0.1 ? 1 : Math.abs(part) < 1 ? 2 : 3);
}
