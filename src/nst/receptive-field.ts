import { layerWindow, type LayerWindow } from "./layer-window";
import type { ModelCard } from "./model-card";

/** Which pixels the units of a layer depend on, along either axis (Luo et al. 2016; Araujo et al. 2019). */
export interface ReceptiveField {
  /** side of the square that one unit depends on, in pixels of the picture */
  size: number;
  /** pixels between the fields of two neighbouring units */
  stride: number;
  /** first pixel of the field of unit 0; negative where padding reaches beyond the border */
  start: number;
}

/**
 * The theoretical receptive field of a layer, from the card alone. Pixels outside of it cannot change the unit; those
 * inside can, though the ones at its rim hardly do. VGG-19: `block1_conv1` 3/1, `block2_conv1` 10/2, `block4_conv2`
 * 84/8, `block5_conv2` 188/16 (size/stride).
 * @throws Error if the card has no such layer
 */
export function receptiveField(card: ModelCard, layer: string): ReceptiveField {
  const fields = new Map<string, ReceptiveField>();
  let previous: ReceptiveField = { size: 1, stride: 1, start: 0 };
  for (const spec of card.layers) {
    const inputs = spec.input === undefined ? [previous] : [spec.input].flat().map((name) => fields.get(name)!);
    previous = widen(hull(inputs), layerWindow(spec));
    fields.set(spec.name, previous);
    if (spec.name === layer) return previous;
  }
  throw new Error(`${card.title} has no layer "${layer}".`);
}

/**
 * The square of pixels that the unit at column `x`, row `y` of a layer depends on; parts of it may lie outside of the
 * picture, where the network reads zeros.
 */
export function fieldOf({ size, stride, start }: ReceptiveField, x: number, y: number): { x: number; y: number; width: number; height: number } {
  return { x: start + x * stride, y: start + y * stride, width: size, height: size };
}

function widen({ size, stride, start }: ReceptiveField, window: LayerWindow): ReceptiveField {
  return { size: size + (window.size - 1) * stride, stride: stride * window.stride, start: start - window.padding * stride };
}

/** Branches that meet again see what any of them sees. */
function hull(fields: readonly ReceptiveField[]): ReceptiveField {
  const start = Math.min(...fields.map((field) => field.start));
  const end = Math.max(...fields.map((field) => field.start + field.size));
  return { size: end - start, stride: Math.max(...fields.map((field) => field.stride)), start };
}
