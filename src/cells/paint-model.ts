import type { Picture } from "../nst/picture";
import { along, type Area, type BrushShape, isEmpty, type Paint, Stroke, union } from "./paint-brush";

/** What one change did, kept so that it can be taken back: the numbers of an area before and after it. */
interface Change {
  area: Area;
  before: Float32Array;
  after: Float32Array;
}

/** Changes that can be taken back, at most; the oldest are forgotten. */
const MOST = 200;
/** The same in bytes of pictures. */
const ROOM = 32 * 2 ** 20;

/**
 * A picture that is being painted: strokes, taking them back, and starting over. Knows nothing of the page or of costs.
 *
 *     const painting = new Painting(picture);
 *     painting.press(10, 12, { kind: "colour", colour: [1, 0, 0] }, { size: 8, softness: 0.5, strength: 1 });
 *     painting.move(14, 12);                       // returns the pixels that changed, to be drawn again
 *     painting.release();
 *     painting.undo();
 */
export class Painting {
  /** the picture as it is; its numbers change in place: copy what is to be kept */
  readonly picture: Picture;
  /** grows with every change of a pixel */
  version = 0;
  private stroke: { stroke: Stroke; size: number; x: number; y: number } | null = null;
  private done: Change[] = [];
  private undone: Change[] = [];

  /** @param start what is painted on; is not changed */
  constructor(readonly start: Picture) {
    this.picture = { ...start, data: start.data.slice() };
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Whether the brush is down. */
  get painting(): boolean {
    return this.stroke !== null;
  }

  /** The picture as it is now, for keeps. */
  copy(): Picture {
    return { ...this.picture, data: this.picture.data.slice() };
  }

  /** Puts the brush down. A stroke that is still going on ends first. */
  press(x: number, y: number, paint: Paint, shape: BrushShape): Area {
    this.release();
    const stroke = new Stroke(this.picture, paint, shape);
    this.stroke = { stroke, size: shape.size, x, y };
    this.version++;
    return stroke.touch(x, y);
  }

  /** Draws the brush on to a point. @returns the pixels that may have changed; null if the brush is not down */
  move(x: number, y: number): Area | null {
    const { stroke: going } = this;
    if (!going || (x === going.x && y === going.y)) return null;
    let area: Area | null = null;
    for (const [u, v] of along(going.x, going.y, x, y, going.size)) {
      const touched = going.stroke.touch(u, v);
      if (!isEmpty(touched)) area = union(area, touched);
    }
    going.x = x;
    going.y = y;
    if (area) this.version++;
    return area;
  }

  /** Lifts the brush; the stroke can be taken back from now on. */
  release(): void {
    const { stroke: going } = this;
    this.stroke = null;
    if (going?.stroke.area) this.keep(going.stroke.area, going.stroke.origin);
  }

  /** Puts another picture of the same size in its place, as a change that can be taken back. */
  replace(data: Float32Array): void {
    this.release();
    const before = this.picture.data.slice();
    this.picture.data.set(data);
    this.version++;
    this.keep({ left: 0, top: 0, right: this.picture.width, bottom: this.picture.height }, before);
  }

  undo(): void {
    this.release();
    const change = this.done.pop();
    if (!change) return;
    this.undone.push(change);
    this.put(change.area, change.before);
  }

  redo(): void {
    this.release();
    const change = this.undone.pop();
    if (!change) return;
    this.done.push(change);
    this.put(change.area, change.after);
  }

  private keep(area: Area, before: Float32Array): void {
    const change = { area, before: this.cut(before, area), after: this.cut(this.picture.data, area) };
    if (change.before.every((value, i) => value === change.after[i])) return;
    this.done.push(change);
    this.undone = [];
    const bytes = ({ before }: Change) => 2 * before.byteLength;
    let room = this.done.reduce((sum, one) => sum + bytes(one), 0);
    while (this.done.length > 1 && (this.done.length > MOST || room > ROOM)) room -= bytes(this.done.shift()!);
  }

  private cut(data: Float32Array, { left, top, right, bottom }: Area): Float32Array {
    const across = 3 * (right - left);
    const part = new Float32Array(across * (bottom - top));
    for (let row = top; row < bottom; row++) {
      const from = 3 * (row * this.picture.width + left);
      part.set(data.subarray(from, from + across), (row - top) * across);
    }
    return part;
  }

  private put({ left, top, right, bottom }: Area, part: Float32Array): void {
    const across = 3 * (right - left);
    for (let row = top; row < bottom; row++) this.picture.data.set(part.subarray((row - top) * across, (row - top + 1) * across), 3 * (row * this.picture.width + left));
    this.version++;
  }
}

