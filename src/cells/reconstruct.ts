import { customElement } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { GrowthCell } from "./growth-cell";
import { type GrowthOptions, reconstructions, type RunPlan } from "./growth-plans";
import type { NetworkValue } from "./network";

/**
 * Rebuilds a picture from what one layer alone keeps of it, for several layers side by side and from the same noise: the
 * upper row of Figure 1 of Gatys et al. 2015 (after Mahendran & Vedaldi 2015).
 *
 *     <nst-reconstruct as="rebuilt" of="content" network="network" layers="block1_conv1 block5_conv1" size="128" steps="150"></nst-reconstruct>
 *
 * Attributes: `layers` (default: the first convolution of every block), `size` (longer side in pixels), `steps`,
 * `learning-rate` of Adam, `total-variation` (a share of what the network's card recommends for a transfer), `pooling`,
 * `seed`, `order` "together" | "in turn". Gives a GrowthValue: `rebuilt.block3_conv1` is what is left of that layer's
 * starting content cost.
 *
 * The defaults were found by trial on the default network: at 96 and 128 px every layer falls below 5 % within 150 steps
 * (block1 to block3 below 0.2 %). Without total variation the costs fall as well, but pictures keep a chequered noise
 * that pooling averages away, so that no layer after it can see it.
 */
@customElement("nst-reconstruct")
export class ReconstructCell extends GrowthCell {
  static override title = "reconstruct";
  static override roles = ["content", "network"];
  static override params = { layers: "", size: 128, steps: 150, learningRate: 0.05, totalVariation: 0.005, pooling: "", seed: 1, order: "together" };

  protected readonly kind = "content";
  protected readonly promise = "Every picture starts from the same noise and lowers the content cost of one layer alone. Beneath it: what is left of that cost.";

  protected plan(network: NetworkValue, picture: Picture, options: GrowthOptions): RunPlan[] {
    return reconstructions(network, picture, options);
  }

  protected explain({ layers: [layer] }: RunPlan): string {
    return `picture rebuilt from ${layer} alone`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-reconstruct": ReconstructCell;
  }
}
