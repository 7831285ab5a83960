/** Something has to be pulled this far before it counts as dragged, in CSS pixels. */
const THRESHOLD = 5;
/** This close to the edge of the window, the page scrolls along. */
const EDGE = 70;
/** CSS pixels a frame, at the very edge. */
const FASTEST = 22;

export interface DragOptions {
  /** the things that stand in order, the dragged one among them; asked for when the drag begins */
  items(): readonly HTMLElement[];
  /** position of the dragged one */
  index: number;
  /** the pointer was let go: where the dragged one stands afterwards */
  dropped(index: number): void;
  /** the pointer was let go without having been moved */
  pressed(): void;
}

/** Where something may be let go: before the item of this index, shown as a line. */
interface Place {
  before: number;
  line: { left: number; top: number; width: number; height: number };
}

/**
 * Follows a pointer that has been pressed on a handle: a line shows where the thing would go, the page scrolls at its edges,
 * Escape gives up. Nothing moves before the pointer is let go.
 */
export function followDrag(press: PointerEvent, options: DragOptions): void {
  const handle = press.currentTarget as HTMLElement;
  const end = new AbortController();
  const line = document.createElement("div");
  line.style.cssText = "position: fixed; z-index: 30; border-radius: 2px; background: var(--focus); pointer-events: none";
  let place: Place | null = null;
  let pointer = { x: press.clientX, y: press.clientY };
  let dragging = false;
  let frame = 0;

  const begin = () => {
    dragging = true;
    document.body.append(line);
    options.items()[options.index].toggleAttribute("dragged", true);
    frame = requestAnimationFrame(step);
  };
  const step = () => {
    const speed = scrollSpeed(pointer.y);
    if (speed !== 0) scrollBy({ top: speed, behavior: "instant" });
    place = nearest(places(options.items()), pointer);
    if (place) Object.assign(line.style, Object.fromEntries(Object.entries(place.line).map(([side, value]) => [side, `${value}px`])));
    frame = requestAnimationFrame(step);
  };
  const stop = () => {
    end.abort();
    cancelAnimationFrame(frame);
    line.remove();
    options.items()[options.index]?.toggleAttribute("dragged", false);
  };

  handle.setPointerCapture(press.pointerId);
  const { signal } = end;
  handle.addEventListener("pointermove", (event) => {
    pointer = { x: event.clientX, y: event.clientY };
    if (!dragging && Math.hypot(pointer.x - press.clientX, pointer.y - press.clientY) > THRESHOLD) begin();
  }, { signal });
  handle.addEventListener("pointerup", () => {
    const target = dragging ? nearest(places(options.items()), pointer) : null;
    stop();
    if (!dragging) options.pressed();
    else if (target) options.dropped(target.before > options.index ? target.before - 1 : target.before);
  }, { signal });
  handle.addEventListener("pointercancel", stop, { signal });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    stop();
  }, { signal, capture: true });
}

function scrollSpeed(y: number): number {
  const over = y < EDGE ? y - EDGE : Math.max(0, y - (innerHeight - EDGE));
  return Math.sign(over) * Math.min(FASTEST, (Math.abs(over) / EDGE) * FASTEST);
}

/** Before each item, and after the last. Items that stand beside the one before them are parted by an upright line. */
function places(items: readonly HTMLElement[]): Place[] {
  const boxes = items.map((item) => contentBox(item));
  const found = boxes.map((box, i): Place => {
    const before = boxes[i - 1];
    if (before && box.left > before.right - 1 && box.top < before.bottom) {
      return { before: i, line: { left: (before.right + box.left) / 2 - 1, top: Math.min(before.top, box.top), width: 2, height: Math.max(box.height, before.height) } };
    }
    const top = before ? (Math.max(...boxes.slice(0, i).map(({ bottom }) => bottom)) + box.top) / 2 : box.top - 10;
    return { before: i, line: { left: box.left, top: top - 1, width: box.width, height: 2 } };
  });
  const last = boxes.at(-1);
  if (last) found.push({ before: items.length, line: { left: last.left, top: last.bottom + 8, width: last.width, height: 2 } });
  return found;
}

/** Of what is in the item: its own box may be without height, or take in margins. */
function contentBox(item: HTMLElement): DOMRect {
  return (item.firstElementChild ?? item).getBoundingClientRect();
}

function nearest(places: readonly Place[], { x, y }: { x: number; y: number }): Place | null {
  const distance = ({ line }: Place) =>
    Math.hypot(
      // across matters for upright lines alone: cells are dragged by a handle beside them
      line.height > line.width ? x - line.left : 0,
      y - Math.min(Math.max(y, line.top), line.top + line.height),
    );
  return places.reduce<Place | null>((best, place) => (best && distance(best) <= distance(place) ? best : place), null);
}
