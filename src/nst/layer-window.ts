import type { LayerSpec } from "./model-card";

/** The square of numbers that one unit of a layer reads from each map of the layer before, and how these squares lie. */
export interface LayerWindow {
  /** side of the square */
  size: number;
  /** between the squares of two neighbouring units */
  stride: number;
  /** zeros around what is read, on each side */
  padding: number;
  /** the last square may reach beyond the border */
  ceil: boolean;
}

/** @returns of a layer that works number by number (ReLU, concatenation) a window of 1 × 1 */
export function layerWindow(layer: LayerSpec): LayerWindow {
  if (layer.kind === "pool") return { size: layer.size, stride: layer.stride, padding: 0, ceil: layer.ceil ?? false };
  if (layer.kind !== "conv") return { size: 1, stride: 1, padding: 0, ceil: false };
  const { kernel, stride, padding } = layer;
  return { size: kernel, stride, padding: typeof padding === "number" ? padding : padding === "same" ? (kernel - 1) / 2 : 0, ceil: false };
}

/**
 * How many windows fit into a side of that many numbers (PyTorch: Conv2d and MaxPool2d, "Shape"); at least 0. A window
 * that reaches beyond the border has at least one number inside, because strides are not above the size.
 */
export function sideAfter({ size, stride, padding, ceil }: LayerWindow, side: number): number {
  const steps = (side + 2 * padding - size) / stride;
  return Math.max(0, (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1);
}

/** The shortest side that leaves a layer one number. */
export function leastSide({ size, stride, padding, ceil }: LayerWindow): number {
  return Math.max(1, ceil ? size - stride + 1 : size - 2 * padding);
}
