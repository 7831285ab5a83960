/** The pulls of many steps as stacked bars. Pure. */
import { paperName } from "../nst/names";
import { type Channel, type PixelPath, ROUNDING, stepSum } from "./follow-path";

/** A kind of pull that is drawn in one colour. */
export interface PullKind {
  /** "content", "style", "tv", "clip", or the name of a layer */
  name: string;
  /** as it is shown: "conv1_1" */
  title: string;
  /** as CSS says it */
  colour: string;
  /** indices of the path's terms that it adds up; empty for the clip */
  terms: number[];
}

/** @param together all style layers as one */
export function pullKinds(terms: readonly string[], together: boolean): PullKind[] {
  const layers = terms.filter((term) => term !== "content" && term !== "tv");
  // from darker to lighter than the style's own colour, which the middle one has
  const shade = (i: number) => {
    const at = (2 * i) / Math.max(1, layers.length - 1) - 1;
    return `color-mix(in srgb, var(--style) ${Math.round(100 - 60 * Math.abs(at))}%, ${at < 0 ? "var(--ink)" : "var(--card)"})`;
  };
  const one = (name: string, colour: string): PullKind[] => (terms.includes(name) ? [{ name, title: name, colour, terms: [terms.indexOf(name)] }] : []);
  const style = together
    ? layers.length > 0 ? [{ name: "style", title: "style", colour: "var(--style)", terms: layers.map((layer) => terms.indexOf(layer)) }] : []
    : layers.map((name, i) => ({ name, title: paperName(name), colour: shade(i), terms: [terms.indexOf(name)] }));
  return [...one("content", "var(--content)"), ...style, ...one("tv", "var(--edge)"), { name: "clip", title: "clip", colour: "var(--picture)", terms: [] }];
}

/** Some steps in a row, added up: what pulls up stands above 0, what pulls down beneath. */
export interface PullBar {
  /** steps before it; the bar reaches from there to `to` */
  from: number;
  to: number;
  /** by kind, signed */
  parts: number[];
  /** by kind, the lower end of its part in the stack */
  base: number[];
  /** after − before: where the stack adds up to */
  net: number;
  /** how far the stack reaches from 0 */
  reach: number;
}

export interface PullBars {
  bars: PullBar[];
  /** how far the drawing should reach from 0 */
  reach: number;
  /** bars that reach further: few, and much taller than the others */
  cut: PullBar[];
}

/**
 * One bar a step, or one for 2, 4, 8 … of them where there are more than `most`: pulls add up over steps as they do within one.
 * Adam's first steps, when it remembers little, can have parts many times as large as all later ones; the drawing is not
 * made for those few.
 */
export function pullBars(path: PixelPath, kinds: readonly PullKind[], channel: Channel, most = 160): PullBars {
  let width = 1;
  while (path.steps / width > most) width *= 2;
  const bars: PullBar[] = [];
  for (let from = 0; from < path.steps; from += width) {
    const to = Math.min(path.steps, from + width);
    const parts = kinds.map(() => 0);
    for (let step = from + 1; step <= to; step++) {
      const { pulls, clip } = stepSum(path, step, channel);
      kinds.forEach(({ terms, name }, k) => (parts[k] += name === "clip" ? clipped(clip) : terms.reduce((sum, t) => sum + pulls[t], 0)));
    }
    let [up, down] = [0, 0];
    const base = parts.map((part) => {
      if (part >= 0) return (up += part) - part;
      return (down += part);
    });
    bars.push({ from, to, parts, base, net: path.colours[to * 3 + channel] - path.colours[from * 3 + channel], reach: Math.max(up, -down) });
  }
  const heights = bars.map(({ reach }) => reach).sort((a, b) => a - b);
  const reach = Math.min(heights.at(-1) ?? 0, 1.3 * (heights[Math.floor(heights.length * 0.9)] ?? 0));
  return { bars, reach, cut: bars.filter((bar) => bar.reach > reach) };
}

/** What the clip took back, without what is rounding. */
const clipped = (clip: number): number => (Math.abs(clip) > ROUNDING ? clip : 0);

/**
 * The parts of one kind in all bars as one SVG path: a step is a unit wide, and 0 lies at `height` / 2.
 * @param height of the drawing, in its own units
 */
export function kindShape(bars: readonly PullBar[], kind: number, reach: number, height: number): string {
  const scale = reach > 0 ? height / 2 / reach : 0;
  return bars
    .filter(({ parts }) => parts[kind] !== 0)
    .map(({ from, to, parts, base }) => {
      const gap = 0.12 * (to - from);
      const within = (value: number) => Math.max(0, Math.min(height, height / 2 - value * scale));
      const [top, bottom] = [within(base[kind] + Math.abs(parts[kind])), within(base[kind])];
      return `M${round(from + gap / 2)} ${round(top)}h${round(to - from - gap)}V${round(bottom)}H${round(from + gap / 2)}z`;
    })
    .join("");
}

const round = (value: number): number => Number(value.toFixed(3));
