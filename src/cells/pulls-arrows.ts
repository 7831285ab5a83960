/** Two pulls and their sum as arrows in a plane: any two directions lie in one, so that lengths and angle are the true ones. No DOM in here. */

export interface Point {
  x: number;
  y: number;
}

export interface Arrows {
  /** where all arrows begin; y grows downwards */
  origin: Point;
  style: Point;
  content: Point;
  sum: Point;
  /** pixels a unit of length */
  scale: number;
}

/**
 * @param content length of the pull, 0 or more
 * @param style likewise
 * @param angle between the two, in degrees; anything where one of them is 0
 * @param room in pixels, inside of which every point lies
 */
export function arrows(content: number, style: number, angle: number, room: { width: number; height: number }): Arrows {
  const radians = Number.isFinite(angle) ? (angle * Math.PI) / 180 : Math.PI / 2;
  const ends = { style: { x: style, y: 0 }, content: { x: content * Math.cos(radians), y: -content * Math.sin(radians) } };
  const sum = { x: ends.style.x + ends.content.x, y: ends.content.y };
  const points = [{ x: 0, y: 0 }, ends.style, ends.content, sum];
  const [left, right, top] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x)), Math.min(...points.map(({ y }) => y))];
  const scale = Math.min(right > left ? room.width / (right - left) : Infinity, top < 0 ? room.height / -top : Infinity);
  const middle = { x: room.width / 2, y: room.height / 2 };
  if (!Number.isFinite(scale)) return { origin: middle, style: middle, content: middle, sum: middle, scale: 0 };
  // in the middle of the room
  const origin = { x: (room.width - (right - left) * scale) / 2 - left * scale, y: (room.height - top * scale) / 2 };
  const place = ({ x, y }: Point) => ({ x: origin.x + x * scale, y: origin.y + y * scale });
  return { origin, style: place(ends.style), content: place(ends.content), sum: place(sum), scale };
}
