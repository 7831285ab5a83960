/** Pixels of a run, followed through its steps: whose gradients moved them, and how far. */
import * as tf from "@tensorflow/tfjs";
import { AdamParts } from "../nst/adam-parts";
import { adamRate, type AdamState } from "../nst/adam";
import type { AdamOptions } from "../nst/model-card";
import type { Network } from "../nst/network";
import { pullsWalk } from "../nst/pulls";
import type { LiveSettings, Pooling } from "../nst/settings";
import type { Term } from "../nst/terms";
import { isStyle } from "../nst/terms";
import { styleLayersInOrder, type TransferState } from "../nst/transfer";
import { driveInTurn } from "./drive";
import type { PixelSteps } from "./protocol";

export interface FollowOptions {
  network: Network;
  pooling: Pooling;
  /** all that the run is told, from its start to its end: a term that is left out in mid-run goes on moving pixels for a while */
  settings: LiveSettings[];
  /** of the picture */
  width: number;
  height: number;
  pixels: readonly { x: number; y: number }[];
}

export class FollowedPixels {
  private readonly rows: number[];
  private readonly names: string[];
  private readonly parts: AdamParts;

  /** @throws Error for a pixel that the picture does not have, and for another optimiser than Adam */
  constructor(private readonly options: FollowOptions) {
    const { network, settings, width, height, pixels } = options;
    if (settings.some(({ optimiser }) => optimiser.kind !== "adam")) throw new Error("What moves a pixel is divided among the terms for Adam alone: its first moment is a sum over them. This run was made with another optimiser.");
    this.rows = pixels.map(({ x, y }) => {
      if (!(Number.isInteger(x) && Number.isInteger(y) && x >= 0 && y >= 0 && x < width && y < height))
        throw new Error(`There is no pixel in column ${x}, row ${y}: the picture has ${width} columns and ${height} rows, counted from 0.`);
      return y * width + x;
    });
    const content = settings.some(({ contentLayer }) => contentLayer !== null) ? ["content"] : [];
    const styleLayers = Object.assign({}, ...settings.map((one) => one.styleLayers));
    this.names = [...content, ...styleLayersInOrder(network, { styleLayers }), "tv"];
    this.parts = new AdamParts(this.names.length, 3 * pixels.length);
  }

  /**
   * Takes the run's next step apart. To be called for every step, in order, from the first: Adam remembers.
   * @param before the run's state; borrowed, as is `after`, the state one step on
   */
  async step(before: TransferState, after: TransferState, terms: readonly Term[], { optimiser: options }: LiveSettings, signal: AbortSignal): Promise<PixelSteps> {
    const { network, pooling } = this.options;
    // asked for in the constructor
    const [adam, optimiser] = [after.optimiser as AdamState, options as AdamOptions];
    const pulls = await driveInTurn(pullsWalk(network, before.picture, terms, { pooling }), signal);
    const read = await this.read([before.picture, after.picture, adam.moment2, ...pulls.gradients]).finally(() => tf.dispose([pulls.values, pulls.gradients]));
    const [from, to, moment2, ...gradients] = read;
    const byName = this.names.map((name) => gradients[terms.findIndex((term) => nameOf(term) === name)] ?? null);
    const moves = this.parts.step(byName, moment2, optimiser, adamRate(optimiser, adam.step));
    return this.steps(from, to, moves);
  }

  /** The followed pixels of some pictures, [n·3] each; one way from the device. @param tensors [h, w, 3] each; borrowed */
  private async read(tensors: readonly tf.Tensor3D[]): Promise<Float32Array[]> {
    const size = 3 * this.rows.length;
    const picked = tf.tidy(() => {
      const rows = tf.tensor1d(this.rows, "int32");
      return tf.concat(tensors.map((tensor) => tf.gather(tensor.reshape([-1, 3]), rows)));
    });
    try {
      const data = (await picked.data()) as Float32Array;
      return tensors.map((_, i) => data.slice(i * size, (i + 1) * size));
    } finally {
      picked.dispose();
    }
  }

  private steps(before: Float32Array, after: Float32Array, moves: readonly Float64Array[]): PixelSteps {
    const terms = this.names.length;
    const pulls = new Float32Array(before.length * terms);
    const clip = new Float32Array(before.length);
    for (let i = 0; i < before.length; i++) {
      const [pixel, channel] = [Math.floor(i / 3), i % 3];
      moves.forEach((move, term) => (pulls[(pixel * terms + term) * 3 + channel] = move[i]));
      clip[i] = after[i] - before[i] - moves.reduce((sum, move) => sum + move[i], 0);
    }
    return { terms: this.names, before, after, pulls, clip };
  }
}

const nameOf = (term: Term): string => (isStyle(term) ? term.layer : term.kind);
