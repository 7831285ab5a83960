import { layerShapes } from "./layer-shapes";
import type { ModelCard } from "./model-card";

/** A layer that content and style can be read at. */
export interface FeatureLayer {
  name: string;
  /** maps, n */
  channels: number;
}

/**
 * The layers that content and style are usually read at, in the network's own order: convolutions, and what is put together
 * of them (the output of a fire module). Pools and ReLUs of their own are left out, though they can be read as well.
 */
export function featureLayers(card: ModelCard): FeatureLayer[] {
  const shapes = layerShapes(card, 1, 1);
  return card.layers.flatMap(({ kind, name }) => (kind === "conv" || kind === "concat" ? [{ name, channels: shapes.get(name)!.channels }] : []));
}
