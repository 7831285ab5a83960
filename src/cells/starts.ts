import { customElement } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { TrialsCell, type TrialsValue } from "./trials-cell";
import { startTrials, type Trial } from "./trials-plans";

/**
 * The same transfer from several starts: the content picture, noise, the style picture (section 3.3 and Figure 6 of Gatys
 * et al., CVPR 2016). The settings say the rest.
 *
 *     <nst-starts as="starts" of="content style" network="network" settings="settings" size="128" steps="100"></nst-starts>
 *
 * Attributes: `starts` ("content noise style", also "blend", which is half noise and half content), `size` (longer side in
 * pixels), `steps`, `seed` of the noise, `order` "together" | "in turn", `curve` "total" | "content" | "style". Gives a
 * TrialsValue with the starts as keys: `starts.total.noise` is J of the picture that began as noise.
 */
@customElement("nst-starts")
export class StartsCell extends TrialsCell {
  static override title = "starts";
  static override params = { starts: "content noise style", size: 128, steps: 100, seed: 0, order: "together", curve: "total" };

  protected readonly promise = "The same two pictures, the same cost, the same steps: only what the picture is at step 0 differs.";

  protected trials(): Trial[] {
    return startTrials(this.param("starts"));
  }

  protected note(key: string, { content, style }: TrialsValue): string {
    return content[key] === null || style[key] === null ? "" : `content ${formatNumber(content[key])} · style ${formatNumber(style[key])}`;
  }

  protected varied(): Record<string, unknown> {
    return { starts: this.param("starts") };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-starts": StartsCell;
  }
}
