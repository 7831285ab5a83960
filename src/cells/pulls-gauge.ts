import { Gauge } from "../kernel/client";
import type { RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { liveSettings } from "../nst/live-settings";
import type { Kernels } from "./context";

/** The gauge of a cell: one and the same while only such settings change as a gauge can be told. */
export class HeldGauge {
  private held: { gauge: Gauge; kernels: Kernels; config: RunConfig } | null = null;

  /** @returns the gauge for these pictures and settings, and whether what another measured before says nothing of now */
  for(kernels: Kernels, config: RunConfig): { gauge: Gauge; renewed: boolean } {
    const { held } = this;
    if (held && held.kernels === kernels && equal(fixed(held.config), fixed(config))) {
      const now = liveSettings(config.settings);
      if (!equal(liveSettings(held.config.settings), now)) held.gauge.update(now);
      held.config = config;
      return { gauge: held.gauge, renewed: false };
    }
    this.close();
    this.held = { gauge: new Gauge(kernels, config), kernels, config };
    return { gauge: this.held.gauge, renewed: true };
  }

  close(): void {
    this.held?.gauge.close();
    this.held = null;
  }
}

/** What needs another gauge when it changes. How a picture is begun, and what size it has, is nothing to a gauge. */
function fixed({ network, content, style, settings: { pooling, tap } }: RunConfig): unknown {
  return { network, content, style, pooling, tap };
}
