import type { ModelCard } from "./model-card";

/** How many numbers a network has learnt: kernels and biases of all its convolutions, counted from the card alone. */
export function parameters({ layers }: ModelCard): number {
  const channels = new Map<string, number>();
  let previous = 3;
  let sum = 0;
  for (const layer of layers) {
    const cin = layer.input === undefined ? previous : [layer.input].flat().reduce((n, name) => n + channels.get(name)!, 0);
    if (layer.kind === "conv") sum += (layer.kernel ** 2 * cin + 1) * layer.channels;
    previous = layer.kind === "conv" ? layer.channels : cin;
    channels.set(layer.name, previous);
  }
  return sum;
}
