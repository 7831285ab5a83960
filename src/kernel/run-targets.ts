import * as tf from "@tensorflow/tfjs";
import type { WalkPart } from "../nst/forward";
import type { Network } from "../nst/network";
import type { Picture } from "../nst/picture";
import type { LiveSettings, StyleStatistic, TransferSettings } from "../nst/settings";
import { contentTargets, styleTargets, type Targets } from "../nst/transfer";
import { pictureKey } from "./hash";
import { SharedValues } from "./shared-values";

type ByLayer = Record<string, tf.Tensor>;

const shared = new SharedValues<ByLayer>((targets) => tf.dispose(targets));

/** Runs a walk to its end, giving way on the way. */
export type Drive = <T>(walk: Generator<WalkPart, T>) => Promise<T>;

/** Which targets are meant: `held` has them under these names. */
interface Wanted {
  kind: "content" | StyleStatistic;
  tap: TransferSettings["tap"];
}

/**
 * The content features and style statistics that a run needs: computed once per picture, network, pooling, tap, statistic and
 * layers, shared between runs, and extended when layers are added in mid-run.
 */
export class RunTargets {
  /** by what is wanted, then by layer */
  private readonly held = new Map<string, ByLayer>();
  private readonly releases: (() => void)[] = [];
  private disposed = false;

  /** @param drive is not the run's own: another run may be waiting for the same targets when this one stops */
  constructor(private readonly network: Network, private readonly networkKey: string, private readonly pictures: Record<"content" | "style", Picture>, private readonly settings: Pick<TransferSettings, "pooling" | "tap">, private readonly drive: Drive) {}

  /** The targets that these settings name; they stay alive until `dispose`. */
  async get({ contentLayer, styleLayers, contentTap = this.settings.tap, styleStatistic = "gram" }: Pick<LiveSettings, "contentLayer" | "styleLayers" | "contentTap" | "styleStatistic">): Promise<Targets> {
    const content = await this.filled({ kind: "content", tap: contentTap }, contentLayer === null ? [] : [contentLayer]);
    const style = await this.filled({ kind: styleStatistic, tap: this.settings.tap }, Object.keys(styleLayers));
    return { content, style } as Targets;
  }

  /** Frees what no other run uses, also what is still being computed. */
  dispose(): void {
    this.disposed = true;
    for (const release of this.releases.splice(0)) release();
  }

  private async filled(wanted: Wanted, layers: string[]): Promise<ByLayer> {
    const name = `${wanted.kind} ${wanted.tap}`;
    const held = this.held.get(name) ?? {};
    this.held.set(name, held);
    const missing = layers.filter((layer) => !held[layer]).sort();
    if (missing.length === 0) return held;
    const key = [name, this.networkKey, this.settings.pooling, pictureKey(this.pictures[pictureOf(wanted)]), ...missing].join(" ");
    const { value, release } = await shared.acquire(key, () => this.make(wanted, missing));
    if (this.disposed) {
      release();
      return held;
    }
    this.releases.push(release);
    return Object.assign(held, value);
  }

  private async make(wanted: Wanted, layers: string[]): Promise<ByLayer> {
    const { kind, tap } = wanted;
    const { data, width, height } = this.pictures[pictureOf(wanted)];
    const picture = tf.tensor3d(data, [height, width, 3]);
    const options = { pooling: this.settings.pooling, tap };
    try {
      return await this.drive<ByLayer>(kind === "content" ? contentTargets(this.network, picture, layers, options) : styleTargets(this.network, picture, layers, { ...options, styleStatistic: kind }));
    } finally {
      picture.dispose();
    }
  }
}

const pictureOf = ({ kind }: Wanted): "content" | "style" => (kind === "content" ? "content" : "style");
