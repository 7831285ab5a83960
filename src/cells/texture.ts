import { customElement } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { GrowthCell } from "./growth-cell";
import { type GrowthOptions, type RunPlan, textures } from "./growth-plans";
import type { NetworkValue } from "./network";

/**
 * Makes textures from the Gram matrices of a picture alone, with growing sets of layers: the first, the first two, and so
 * on, all from the same noise: the lower row of Figure 1 of Gatys et al. 2015.
 *
 *     <nst-texture as="textures" of="style" network="network" layers="block1_conv1 block2_conv1" size="128" steps="150"></nst-texture>
 *
 * Attributes as of <nst-reconstruct>; the layers of a set count alike. Gives a GrowthValue: `textures.block3_conv1` is
 * what is left of the starting style cost of the set whose deepest layer that is.
 */
@customElement("nst-texture")
export class TextureCell extends GrowthCell {
  static override title = "texture";
  static override roles = ["style", "network"];
  static override params = { layers: "", size: 128, steps: 150, learningRate: 0.05, totalVariation: 0.5, pooling: "", seed: 1, order: "together" };

  protected readonly kind = "style";
  protected readonly promise = "Every picture starts from the same noise and lowers the style cost of its layers alone: one layer, two, and so on. Beneath it: what is left of that cost.";

  protected plan(network: NetworkValue, picture: Picture, options: GrowthOptions): RunPlan[] {
    return textures(network, picture, options);
  }

  protected explain({ layers }: RunPlan): string {
    return `texture from the Gram matrices of ${layers.join(", ")}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-texture": TextureCell;
  }
}
