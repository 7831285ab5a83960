/** How cost curves are drawn, of one run or of several: Plot's axes and lines, and the name of each curve at its end. */
import type { Plot as PlotScales } from "@observablehq/plot";
import { type CostPoint, decimate } from "../runs/cost-history";
import { HEIGHT, MARGIN } from "./curves-styles";
import { dodge } from "./dodge";
import { formatNumber } from "./numbers";
import type { PlotModule } from "./plot-drawing";
import { type CostScale, decadeTicks, linearTicks } from "./scales";

/** Decades shown at most on a logarithmic axis: below lie terms that do not count. */
const DECADES = 7;

/** One curve. */
export interface Course {
  /** at its end */
  text: string;
  /** as CSS says it */
  colour: string;
  width: number;
  /** dashes, so that curves differ by more than their colour */
  dash?: string;
  /** after each step; what is not finite is left out */
  values: Float64Array;
}

export interface CoursesLook {
  /** of the place, in px */
  width: number;
  scale: CostScale;
  /** the numbers are shares of what they were at first */
  relative: boolean;
  /** the last step of the axis */
  last: number;
  /** where a step of a curve lies on an axis of shares in [0, 1]; without it the axis shows steps */
  share?(step: number, course: Course): number;
  /** steps to be marked by a broken line */
  marked?: readonly { step: number }[];
}

/** What a drawing is read with: from steps and costs to px and back. */
export interface CoursesAxes {
  x: { apply(step: number): number; invert(px: number): number };
  y: { apply(value: number): number };
}

/**
 * Draws at most 400 points a curve into `place`.
 * @returns null where there is nothing to draw; the place is empty then
 */
export function drawCourses(plot: PlotModule, place: HTMLElement, courses: readonly Course[], { width, scale, relative, last, share, marked = [] }: CoursesLook): CoursesAxes | null {
  const log = scale === "log";
  const drawn = courses
    // 0 has no logarithm: there a curve is broken
    .map((course) => ({ ...course, points: decimate(course.values).map(({ step, value }) => ({ step: share?.(step, course) ?? step, value: log && !(value > 0) ? NaN : value })) }))
    .filter(({ points }) => points.some((p) => p.value > 0));
  if (drawn.length === 0) {
    place.replaceChildren();
    return null;
  }
  const domain = costDomain(drawn.flatMap(({ points }) => points), scale);
  const ticks = log ? decadeTicks(domain) : linearTicks(domain);
  const axis = share ? { label: "share of each run’s steps", tickFormat: (part: number) => `${formatNumber(part * 100)} %` } : { label: "step", tickFormat: (step: number) => (Number.isInteger(step) ? formatNumber(step) : "") };
  const figure = plot.plot({
    width,
    height: HEIGHT,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    x: { type: "linear", domain: share ? [0, 1] : [firstStep(drawn), Math.max(1, last)], label: null },
    y: { type: log ? "log" : "linear", domain, clamp: true, label: null },
    marks: [
      plot.gridY(ticks, { stroke: "var(--line)", strokeOpacity: 1 }),
      plot.axisY(ticks, { tickSize: 0, tickFormat: (value: number) => (relative ? `${formatNumber(value * 100, 2)} %` : formatNumber(value, 2)) }),
      plot.axisX({ ticks: Math.max(2, Math.min(8, (width - 140) / 60)), tickSize: 4, ...axis, labelArrow: "none", labelAnchor: "center" }),
      plot.ruleX(marked, { x: "step", stroke: "var(--picture)", strokeDasharray: "2 3" }),
      ...drawn.map((course, i) => plot.lineY(course.points, { x: "step", y: "value", stroke: `var(--course-${i})`, strokeWidth: course.width, strokeDasharray: course.dash, strokeLinejoin: "round" })),
    ],
  }) as SVGSVGElement & PlotScales;
  // Plot takes a colour that it does not know, like light-dark(…), for the name of a column
  drawn.forEach(({ colour }, i) => figure.style.setProperty(`--course-${i}`, colour));
  const axes = { x: figure.scale("x"), y: figure.scale("y") } as unknown as CoursesAxes;
  nameEnds(figure, axes, width, drawn.map(({ text, colour, points }) => ({ text, colour, point: points.findLast((p) => p.value > 0)! })));
  figure.setAttribute("aria-hidden", "true");
  place.replaceChildren(figure);
  return axes;
}

/** From the smallest cost that still counts to the largest, with a little air. */
function costDomain(points: readonly CostPoint[], scale: CostScale): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { value } of points) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (scale === "linear") return [Math.min(0, low), high > 0 ? high * 1.03 : 1];
  return [Math.max(low, high / 10 ** DECADES) / 1.25, high * 1.25];
}

/** A run that went on from a checkpoint of an earlier one begins where that was. */
function firstStep(drawn: readonly { points: readonly CostPoint[] }[]): number {
  const first = Math.min(...drawn.map(({ points }) => points[0].step));
  return first <= 1 ? 0 : first;
}

function nameEnds(figure: SVGSVGElement, { x, y }: CoursesAxes, width: number, ends: readonly { text: string; colour: string; point: CostPoint }[]): void {
  const places = dodge(ends.map(({ point }) => y.apply(point.value)), 15, MARGIN.top, HEIGHT - MARGIN.bottom);
  ends.forEach(({ text: words, colour, point }, i) => {
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("x", String(Math.min(x.apply(point.step), width - MARGIN.right) + 7));
    text.setAttribute("y", String(places[i]));
    text.setAttribute("dy", "0.35em");
    text.setAttribute("text-anchor", "start");
    text.setAttribute("class", "end");
    text.setAttribute("style", `fill: ${colour}`);
    text.textContent = words;
    figure.append(text);
  });
}
