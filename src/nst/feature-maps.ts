/** What a layer makes of a picture, as plain data: what views read, and what the workers hand to the page. Never a tensor. */
export interface FeatureMaps {
  /** Keras name of the layer */
  layer: string;
  /** rows of a map */
  height: number;
  /** columns of a map */
  width: number;
  /** maps, n */
  channels: number;
  /** [height, width, channels]: the channels of one position stand together; F_ik of the paper is data[k · channels + i] */
  data: Float32Array;
}

/** A Gram matrix as plain data: F Fᵀ, not divided by anything. */
export interface GramMatrix {
  /** Keras name of the layer */
  layer: string;
  /** n */
  channels: number;
  /** M = height × width of the maps that it sums over */
  positions: number;
  /** [n, n], row by row, symmetric */
  data: Float32Array;
}

/** The values of one map, row by row: [height, width]. */
export function channelOf({ channels, data }: FeatureMaps, channel: number): Float32Array {
  const map = new Float32Array(data.length / channels);
  for (let p = 0, i = channel; p < map.length; p++, i += channels) map[p] = data[i];
  return map;
}
