import * as tf from "@tensorflow/tfjs";
import type { WalkPart } from "../nst/forward";
import type { Network } from "../nst/network";
import type { Picture } from "../nst/picture";
import type { LiveSettings, TransferSettings } from "../nst/settings";
import { contentTargets, styleTargets, type Targets } from "../nst/transfer";
import { pictureKey } from "./hash";
import { SharedValues } from "./shared-values";

type ByLayer = Record<string, tf.Tensor>;

const shared = new SharedValues<ByLayer>((targets) => tf.dispose(targets));

/** Runs a walk to its end, giving way on the way. */
export type Drive = <T>(walk: Generator<WalkPart, T>) => Promise<T>;

/**
 * The content features and style Gram matrices that a run needs: computed once per picture, network, pooling, tap and
 * layers, shared between runs, and extended when layers are added in mid-run.
 */
export class RunTargets {
  private readonly held: Record<"content" | "style", ByLayer> = { content: {}, style: {} };
  private readonly releases: (() => void)[] = [];
  private disposed = false;

  /** @param drive is not the run's own: another run may be waiting for the same targets when this one stops */
  constructor(private readonly network: Network, private readonly networkKey: string, private readonly pictures: Record<"content" | "style", Picture>, private readonly settings: Pick<TransferSettings, "pooling" | "tap">, private readonly drive: Drive) {}

  /** The targets that these settings name; they stay alive until `dispose`. */
  async get(settings: Pick<LiveSettings, "contentLayer" | "styleLayers">): Promise<Targets> {
    await this.fill("content", settings.contentLayer === null ? [] : [settings.contentLayer]);
    await this.fill("style", Object.keys(settings.styleLayers));
    return this.held as Targets;
  }

  /** Frees what no other run uses, also what is still being computed. */
  dispose(): void {
    this.disposed = true;
    for (const release of this.releases.splice(0)) release();
  }

  private async fill(kind: "content" | "style", layers: string[]): Promise<void> {
    const missing = layers.filter((layer) => !this.held[kind][layer]).sort();
    if (missing.length === 0) return;
    const { pooling, tap } = this.settings;
    const key = [kind, this.networkKey, pooling, tap, pictureKey(this.pictures[kind]), ...missing].join(" ");
    const { value, release } = await shared.acquire(key, () => this.make(kind, missing));
    if (this.disposed) return release();
    this.releases.push(release);
    Object.assign(this.held[kind], value);
  }

  private async make(kind: "content" | "style", layers: string[]): Promise<ByLayer> {
    const { data, width, height } = this.pictures[kind];
    const picture = tf.tensor3d(data, [height, width, 3]);
    try {
      const walk = kind === "content" ? contentTargets : styleTargets;
      return await this.drive<ByLayer>(walk(this.network, picture, layers, this.settings));
    } finally {
      picture.dispose();
    }
  }
}
