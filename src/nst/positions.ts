import { layerShapes } from "./layer-shapes";
import type { ModelCard } from "./model-card";

/**
 * M, the number of positions (height × width) of a layer's maps, from the card alone (see layerShapes).
 * @param layer name of a layer of the card
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 * @throws Error if the card has no such layer
 */
export function positions(card: ModelCard, layer: string, width: number, height: number): number {
  const shape = layerShapes(card, width, height).get(layer);
  if (!shape) throw new Error(`${card.title} has no layer "${layer}".`);
  return shape.width * shape.height;
}
