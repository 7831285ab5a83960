import type { StreamContext } from "./endpoint";
import { withNetwork } from "./feature-methods";
import { readLayers } from "./layer-numbers";
import type { Streams } from "./protocol";

/**
 * The stream `network.means`: the mean activation of every channel of every convolution, after its ReLU, over all positions
 * of all pictures (what Gatys et al. 2015 divide each filter by). Sums are kept in double precision.
 */
export const channelMeans = ({ network: source, pictures, pooling = source.card.defaults.pooling }: Streams["network.means"]["args"], { signal, emit }: Pick<StreamContext, "signal" | "emit">): Promise<void> =>
  withNetwork(source, async (network) => {
    const layers = new Set(network.nodes.filter(({ kind }) => kind === "conv").map(({ name }) => name));
    const sums = new Map<string, { positions: number; totals: Float64Array }>();
    const add = (layer: string, data: Float32Array, channels: number) => {
      const { positions, totals } = sums.get(layer) ?? { positions: 0, totals: new Float64Array(channels) };
      for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) totals[c] += data[at + c];
      sums.set(layer, { positions: positions + data.length / channels, totals });
    };
    for (const [index, picture] of pictures.entries()) {
      await readLayers(network, picture, pooling, layers, add, signal);
      const last = index === pictures.length - 1;
      const means = last ? Object.fromEntries([...sums].map(([layer, { positions, totals }]) => [layer, Float32Array.from(totals, (total) => total / positions)])) : undefined;
      emit({ done: index + 1, of: pictures.length, ...(means && { means }) } satisfies Streams["network.means"]["item"]);
    }
  });
