import type { ModelCard } from "./model-card";

/**
 * The paper's name of a layer: `block4_conv2` → `conv4_2` (Gatys et al. 2015 follow Simonyan & Zisserman).
 * Names of other forms are returned as they are.
 */
export function paperName(layer: string): string {
  return layer.replace(/^block(\d+)_conv(\d+)$/, "conv$1_$2").replace(/^block(\d+)_pool$/, "pool$1");
}

/**
 * The Keras name for a paper's or Keras' name: `conv4_2`, `relu4_2` → `block4_conv2`. Others are returned as they are.
 * @param card of the network that is meant: what it calls a layer itself is its name, such as AlexNet's `pool1`
 */
export function kerasName(layer: string, card?: Pick<ModelCard, "layers">): string {
  if (card?.layers.some(({ name }) => name === layer)) return layer;
  return layer.replace(/^(?:conv|relu)(\d+)_(\d+)$/, "block$1_conv$2").replace(/^pool(\d+)$/, "block$1_pool");
}
