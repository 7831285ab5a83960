/** Who is on the screen, or will be in a moment. */

/** So far above or below the window counts as on the screen: what is scrolled to is there already. */
const MARGIN = "400px 0px";

const watched = new WeakMap<Element, (yes: boolean) => void>();

let observer: IntersectionObserver | null = null;

/** Calls `tell` soon, and whenever the element comes onto the screen or leaves it. One call for each element at a time. */
export function onScreen(element: Element, tell: (yes: boolean) => void): void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting);
    },
    { rootMargin: MARGIN },
  );
  watched.set(element, tell);
  // an element that is observed already would not be told of again
  observer.unobserve(element);
  observer.observe(element);
}

/** Calls no more. */
export function offScreen(element: Element): void {
  if (watched.delete(element)) observer?.unobserve(element);
}
