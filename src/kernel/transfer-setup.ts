/** What runs, replays and measures begin with: a network, targets, terms, and the picture of the first step. */
import * as tf from "@tensorflow/tfjs";
import { initialPicture } from "../nst/initialise";
import type { Network } from "../nst/network";
import type { LiveSettings } from "../nst/settings";
import type { Term } from "../nst/terms";
import { transferStart, type TransferState, transferTerms } from "../nst/transfer";
import { stateOf } from "./checkpoint";
import { driveInTurn } from "./drive";
import { acquireNetwork, networkKey } from "./load-network";
import type { Checkpoint, RunConfig } from "./protocol";
import { RunTargets } from "./run-targets";

/** The picture and the optimiser that a run begins with. @returns a state that the caller disposes */
export function beginning({ content, style, settings }: RunConfig, from?: Checkpoint): TransferState {
  if (from) return stateOf(from);
  const start = tf.tensor3d(content.data, [content.height, content.width, 3]);
  try {
    return transferStart(initialPicture(start, settings.initialisation, settings.seed, style));
  } finally {
    start.dispose();
  }
}

/** The terms of J for the pictures of a run, whatever of its settings changes. */
export class TermSource {
  private constructor(readonly network: Network, private readonly config: RunConfig, private readonly targets: RunTargets) {}

  /** Loads the network, lends terms while `use` runs, and frees what nobody else uses. */
  static async lend<T>(config: RunConfig, use: (source: TermSource) => Promise<T>): Promise<T> {
    const { value: network, release } = await acquireNetwork(config.network);
    // not given up with the one who asked: somebody else may be waiting for the same targets
    const targets = new RunTargets(network, networkKey(config.network), config, config.settings, driveInTurn);
    try {
      return await use(new TermSource(network, config, targets));
    } finally {
      targets.dispose();
      release();
    }
  }

  /** The terms of these settings, in the network's order; their targets stay alive until the end of `lend`. */
  async terms(live: LiveSettings): Promise<Term[]> {
    const settings = { ...live, tap: this.config.settings.tap };
    return transferTerms(this.network, settings, await this.targets.get(settings));
  }
}
