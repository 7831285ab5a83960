import { customElement } from "lit/decorators.js";
import type { TransferSettings } from "../nst/settings";
import { formatNumber } from "./numbers";
import { TrialsCell, type TrialsValue } from "./trials-cell";
import { rateTrials, type Trial } from "./trials-plans";

/**
 * The same transfer at several learning rates, from one that creeps to one that never settles. Beneath each picture: how
 * many of its values the clip holds at 0 or 1, and how high J rose on the way.
 *
 *     <nst-rates as="rates" of="content style" network="network" settings="settings" rates="0.002 0.02 1 100"></nst-rates>
 *
 * Attributes: `rates`, `size` (longer side in pixels), `steps`, `seed`, `order` "together" | "in turn", `curve` "total" |
 * "content" | "style". Gives a TrialsValue whose keys are r1, r2, … in the order of the rates: `rates.ends.r3`.
 */
@customElement("nst-rates")
export class RatesCell extends TrialsCell {
  static override title = "rates";
  static override params = { rates: "0.002 0.02 1 100", size: 128, steps: 100, seed: 0, order: "together", curve: "total" };

  protected readonly promise = "The same start, the same cost: only the learning rate of Adam differs, which is about how far each value may move in one step.";

  protected trials(settings: TransferSettings): Trial[] {
    return rateTrials(this.param("rates"), settings);
  }

  protected note(key: string, { ends, peak }: TrialsValue): string {
    const [share, high] = [ends[key], peak[key]];
    if (share === null || high === null) return "";
    return `${formatNumber(100 * share, 2)} % of the values at 0 or 1 · ${high > 1 ? `J rose to ${formatNumber(high, 2)} times its start` : "J never rose above its start"}`;
  }

  /** The initialisation is that of the settings. */
  protected varied(): Record<string, unknown> {
    return { rates: this.param("rates"), initialisation: this.plans[0]?.config.settings.initialisation };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-rates": RatesCell;
  }
}
