import { layerShapes } from "./layer-shapes";
import type { ModelCard } from "./model-card";

/** How many numbers a network has learnt: kernels and biases of all its convolutions, counted from the card alone. */
export function parameters(card: ModelCard): number {
  let sum = 0;
  for (const layer of layerShapes(card, 1, 1).values()) sum += layer.parameters;
  return sum;
}
