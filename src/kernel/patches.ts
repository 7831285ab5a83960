/** The stream `patches`: which places of which pictures the channels of a layer answer to most. */
import { receptiveField } from "../nst/receptive-field";
import { strongestUnits } from "../nst/strongest-units";
import { breathe } from "./breathe";
import type { StreamContext } from "./endpoint";
import { layersOf, mapsOf, withNetwork } from "./feature-methods";
import type { Patch, Streams } from "./protocol";

/**
 * Reads one picture after the other and keeps, for every channel, the units that answered most so far. Two units of one
 * picture are kept only if they lie half a receptive field apart.
 */
export const patches = ({ network: source, layer, pictures, top, pooling }: Streams["patches"]["args"], { signal, emit }: StreamContext): Promise<void> =>
  withNetwork(source, async (network) => {
    const { size, stride } = receptiveField(network.card, layer);
    const distance = Math.max(1, Math.ceil(size / stride / 2));
    let channels: Patch[][] = [];
    for (const [index, picture] of pictures.entries()) {
      const found = await layersOf(network, { picture, pooling }, [layer], signal);
      const maps = await mapsOf(layer, found[layer]).finally(() => found[layer].dispose());
      const better: Patch[][] = [];
      for (let channel = 0; channel < maps.channels; channel++) {
        const known = channels[channel] ?? [];
        const floor = known.length < top ? 0 : known[top - 1].value;
        const units = strongestUnits(maps, channel, top, distance, floor).map((unit): Patch => ({ picture: index, ...unit }));
        better.push([...known, ...units].sort((a, b) => b.value - a.value).slice(0, top));
        await breathe();
        signal.throwIfAborted();
      }
      channels = better;
      emit({ done: index + 1, of: pictures.length, channels } satisfies Streams["patches"]["item"]);
    }
  });
