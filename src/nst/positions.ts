import type { ModelCard } from "./model-card";

/**
 * M, the number of positions (height × width) of a layer's maps, from the card alone: no tensor is made. Convolutions
 * with "same" padding keep the size, those with "valid" padding lose kernel − 1, a pool of size s leaves ⌊n / s⌋.
 * @param layer name of a layer of the card
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @throws Error if the card has no such layer
 */
export function positions(card: ModelCard, layer: string, width: number, height: number): number {
  const sizes = new Map<string, [number, number]>();
  let previous: [number, number] = [width, height];
  for (const spec of card.layers) {
    const source = spec.input === undefined ? previous : sizes.get([spec.input].flat()[0])!;
    const shrink = (n: number): number => {
      if (spec.kind === "conv") return spec.padding === "same" ? Math.ceil(n / spec.stride) : Math.floor((n - spec.kernel) / spec.stride) + 1;
      return spec.kind === "pool" ? Math.floor((n - spec.size) / spec.stride) + 1 : n;
    };
    previous = [Math.max(0, shrink(source[0])), Math.max(0, shrink(source[1]))];
    sizes.set(spec.name, previous);
    if (spec.name === layer) return previous[0] * previous[1];
  }
  throw new Error(`${card.title} has no layer "${layer}".`);
}
