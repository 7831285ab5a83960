/** js: in a frame of its own, may draw. kernel: where the tensors are. */
export type Language = "js" | "kernel";

const BOTH = `
  undefined NaN Infinity Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Intl Reflect Proxy Atomics
  Map Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Iterator
  Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError DOMException
  ArrayBuffer SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array
  Float16Array Float32Array Float64Array BigInt64Array BigUint64Array
  isNaN isFinite parseInt parseFloat encodeURIComponent decodeURIComponent encodeURI decodeURI btoa atob
  console performance crypto structuredClone queueMicrotask setTimeout clearTimeout setInterval clearInterval
  AbortController AbortSignal Event EventTarget CustomEvent
  TextEncoder TextDecoder Blob File URL URLSearchParams CompressionStream DecompressionStream
  ReadableStream WritableStream TransformStream
  ImageData ImageBitmap createImageBitmap OffscreenCanvas Path2D DOMMatrix DOMPoint DOMRect
  invalidation`;

const KERNEL = "tf nst";

const JS = `
  Plot document Document DocumentFragment Node NodeList Element HTMLElement HTMLCollection HTMLCanvasElement HTMLImageElement
  HTMLInputElement HTMLSelectElement HTMLVideoElement SVGElement SVGSVGElement Text Range DOMParser XMLSerializer
  Image CanvasRenderingContext2D CSS CSSStyleSheet FileReader
  requestAnimationFrame cancelAnimationFrame requestIdleCallback cancelIdleCallback
  getComputedStyle matchMedia devicePixelRatio
  InputEvent MouseEvent PointerEvent KeyboardEvent WheelEvent DragEvent
  ResizeObserver IntersectionObserver MutationObserver`;

const words = (text: string): string[] => text.trim().split(/\s+/);

/** What each language gives to its cells. All else that a cell reads is the name of another cell. */
export const languageNames: Readonly<Record<Language, ReadonlySet<string>>> = {
  js: new Set([...words(BOTH), ...words(JS)]),
  kernel: new Set([...words(BOTH), ...words(KERNEL)]),
};

/** A name that some language gives; no cell may declare it, since a reader in that language would not see it. */
export function isLanguageName(name: string): boolean {
  return languageNames.js.has(name) || languageNames.kernel.has(name);
}

/** Names that no cell can give or read, and why: the end of a sentence that begins with the name. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ...["window", "self", "globalThis"].map((name): [string, string] => [
    name,
    "is not there in a cell. What a cell may use has a name of its own (document, setTimeout, Math …), and what other cells give is read by its name.",
  ]),
  ["eval", "is not there in a cell: text cannot be run as code. Write the code into the cell."],
  ["arguments", "is there inside of a function only. Give the function a parameter: (...values) => …"],
  ["__proto__", "cannot be a name of the notebook. Choose another name."],
]);

/** Why `name` can be neither read nor declared by a cell; null if it can. A whole sentence. */
export function refusal(name: string): string | null {
  const reason = REFUSED.get(name);
  return reason ? `“${name}” ${reason}` : null;
}
