import { layerWindow, sideAfter } from "./layer-window";
import type { ModelCard } from "./model-card";

/** What a layer holds for one picture, from the card alone. */
export interface LayerShape {
  /** columns of a map */
  width: number;
  /** rows of a map */
  height: number;
  /** maps, n */
  channels: number;
  /** numbers learnt: kernel and biases of a convolution, else 0 */
  parameters: number;
}

/**
 * The shape of every layer, in the network's order; no tensor is made. See `sideAfter` for what convolutions and pools
 * leave of a side; concatenated layers add up their channels.
 * @param width of the picture in pixels
 * @param height of the picture in pixels
 */
export function layerShapes({ layers }: ModelCard, width: number, height: number): Map<string, LayerShape> {
  const shapes = new Map<string, LayerShape>();
  let previous: LayerShape = { width, height, channels: 3, parameters: 0 };
  for (const layer of layers) {
    const sources = layer.input === undefined ? [previous] : [layer.input].flat().map((name) => shapes.get(name)!);
    const cin = sources.reduce((sum, { channels }) => sum + channels, 0);
    previous = {
      width: sideAfter(layerWindow(layer), sources[0].width),
      height: sideAfter(layerWindow(layer), sources[0].height),
      channels: layer.kind === "conv" ? layer.channels : cin,
      parameters: layer.kind === "conv" ? (layer.kernel ** 2 * cin + 1) * layer.channels : 0,
    };
    shapes.set(layer.name, previous);
  }
  return shapes;
}
