/** The method of the protocol that asks a network how it answers known pictures. */
import type { InputSpec } from "../nst/model-card";
import type { Network } from "../nst/network";
import type { Picture } from "../nst/picture";
import { reading, withNetwork } from "./feature-methods";
import { readLayers } from "./layer-numbers";
import type { Methods } from "./protocol";

/** Sums over the units of a layer, of all pictures so far. */
interface Sums {
  units: number;
  answers: number;
  active: number;
  /** of what is there without a picture */
  biased: number;
}

export const networkMethods = {
  "network.answers": ({ network: source, pictures, pooling = source.card.defaults.pooling, input }: Methods["network.answers"]["args"], { signal }: { signal: AbortSignal }): Promise<Methods["network.answers"]["result"]> =>
    withNetwork(source, async (loaded) => {
      const network = reading(loaded, input);
      const layers = new Set(network.nodes.filter(({ kind }) => kind !== "pool").map(({ name }) => name));
      const sums = new Map<string, Sums>([...layers].map((layer) => [layer, { units: 0, answers: 0, active: 0, biased: 0 }]));
      let [size, silent] = ["", new Map<string, Float32Array>()];
      for (const picture of pictures) {
        // what a layer answers without a picture depends on the size alone
        if (size !== `${picture.width} ${picture.height}`) silent = await silentLayers(network, picture, pooling, layers, signal);
        size = `${picture.width} ${picture.height}`;
        await readLayers(network, picture, pooling, layers, (layer, data) => addUp(sums.get(layer)!, data, silent.get(layer)!), signal);
      }
      return [...sums].map(([layer, { units, answers, active, biased }]) => ({ layer, mean: answers / units, active: active / units, biased: answers > 0 ? biased / answers : 0 }));
    }),
};

/** What the layers make of an input of zeros of that size. */
async function silentLayers(network: Network, { width, height }: Picture, pooling: Parameters<typeof readLayers>[2], layers: ReadonlySet<string>, signal: AbortSignal): Promise<Map<string, Float32Array>> {
  const colour = silentColour(network.card.input);
  const picture = { width, height, data: Float32Array.from({ length: width * height * 3 }, (_, i) => colour[i % 3]) };
  const silent = new Map<string, Float32Array>();
  await readLayers(network, picture, pooling, layers, (layer, data) => void silent.set(layer, data), signal);
  return silent;
}

/** The colour, RGB with black 0 and white 1, that becomes 0 before the first layer: the mean that is subtracted. */
export function silentColour({ channels, range: [lo, hi], mean }: InputSpec): number[] {
  const colour = mean.map((m) => (m - lo) / (hi - lo));
  return channels === "BGR" ? colour.reverse() : colour;
}

function addUp(sums: Sums, data: Float32Array, silent: Float32Array): void {
  let [answers, active, biased] = [0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const answer = data[i];
    // not finite is neither more nor less than anything: it must be seen in the sum
    if (!(answer <= 0)) {
      answers += answer;
      active++;
      biased += Math.min(answer, Math.max(0, silent[i]));
    }
  }
  sums.units += data.length;
  sums.answers += answers;
  sums.active += active;
  sums.biased += biased;
}
