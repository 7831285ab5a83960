/** A curve that was drawn before the run, and the curve that came. Pure: no DOM. */
import { formatNumber } from "./numbers";

/** A point of a curve: x is the share of the run in [0, 1], y the share of J at step 0. */
export interface SketchPoint {
  x: number;
  y: number;
}

/** Where the points of a sketch lie, as shares of the run: closer together at its beginning, where most happens. */
export const SKETCH_AT = [0, 0.06, 0.14, 0.28, 0.46, 0.7, 1] as const;

export type Shape = "stays" | "rises" | "falls" | "rises, then falls" | "falls, then rises";

/** What can be said of a curve in a sentence. */
export interface Course {
  shape: Shape;
  start: number;
  end: number;
  /** the highest point of one that rises and then falls, the lowest of one that falls and then rises; else the end */
  turn: SketchPoint;
}

/** A curve that stays within this share of J at step 0 does not move. */
const STILL = 0.005;
/** A curve turns if it goes back by more than this share of its range. */
const TURN = 0.12;

/** @param points at least one, by x */
export function courseOf(points: readonly SketchPoint[]): Course {
  const [first, last] = [points[0], points[points.length - 1]];
  const highest = points.reduce((a, b) => (b.y > a.y ? b : a));
  const lowest = points.reduce((a, b) => (b.y < a.y ? b : a));
  const range = highest.y - lowest.y;
  const back = TURN * range;
  const course = (shape: Shape, turn: SketchPoint): Course => ({ shape, start: first.y, end: last.y, turn });
  if (range < STILL) return course("stays", last);
  if (highest.y - Math.max(first.y, last.y) > back) return course("rises, then falls", highest);
  if (Math.min(first.y, last.y) - lowest.y > back) return course("falls, then rises", lowest);
  return course(last.y > first.y ? "rises" : "falls", last);
}

/** A curve at x, straight between its points; beyond its ends, as at them. */
export function curveAt(points: readonly SketchPoint[], x: number): number {
  const after = points.findIndex((point) => point.x >= x);
  if (after < 0) return points[points.length - 1].y;
  if (after === 0) return points[0].y;
  const [a, b] = [points[after - 1], points[after]];
  return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
}

/** Mean distance between a sketch and the curve that came, over the part of the run that there is. */
export function meanDistance(sketch: readonly SketchPoint[], truth: readonly SketchPoint[]): number {
  return truth.reduce((sum, { x, y }) => sum + Math.abs(curveAt(sketch, x) - y), 0) / truth.length;
}

/** A share of J at step 0 in per cent. */
export function shareOfStart(y: number): string {
  return `${formatNumber(100 * y, 2)} %`;
}

/** "rises from 0 % to 9.1 %, then falls to 7.8 %" */
export function courseText({ shape, start, end, turn }: Course): string {
  if (shape === "stays") return `stays at ${shareOfStart(end)}`;
  const [way, back] = shape.split(", then ");
  return `${way} from ${shareOfStart(start)} to ${shareOfStart(back ? turn.y : end)}${back ? `, then ${back} to ${shareOfStart(end)}` : ""}`;
}

/**
 * By how much a curve has to be enlarged to be seen beside 100 %: 1 where it fills a good part of the field, else a round
 * number that takes it to at most 100 %.
 */
export function magnification(points: readonly SketchPoint[]): number {
  const highest = Math.max(...points.map(({ y }) => y));
  if (!(highest > 0) || highest > 0.25) return 1;
  const power = 10 ** Math.floor(Math.log10(1 / highest));
  return [5, 2, 1].find((digit) => digit * power * highest <= 1)! * power;
}

/** Ends that differ by less than this share of the larger one are called the same. */
const CLOSE = 0.25;

/**
 * What the run says to a sketch, in two sentences.
 * @param name of the cost: "content"
 * @param over false: the run goes on
 */
export function verdict(name: string, sketch: readonly SketchPoint[], truth: readonly SketchPoint[], over: boolean): { right: boolean; text: string } {
  const came = courseOf(truth);
  // the run may have been stopped early: what was drawn for later has not been asked
  const reach = truth[truth.length - 1].x;
  const drawn = courseOf([...sketch.filter(({ x }) => x < reach), { x: reach, y: curveAt(sketch, reach) }]);
  const right = came.shape === drawn.shape;
  const course = `${over ? "" : "So far, "}the ${name} cost ${courseText(came)} of J at step 0.`;
  const answer = right ? `You drew the same course, and ${endText(drawn.end, came.end)}.` : `In your curve it ${courseText(drawn)}.`;
  return { right, text: `${course[0].toUpperCase()}${course.slice(1)} ${answer}` };
}

function endText(drawn: number, came: number): string {
  const larger = Math.max(drawn, came);
  if (larger < STILL || Math.abs(drawn - came) <= CLOSE * larger) return "your curve ends where it ends";
  return `your curve ends ${drawn > came ? "above" : "below"} it, at ${shareOfStart(drawn)}`;
}
