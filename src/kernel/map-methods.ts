/** The methods of the protocol that compute with feature maps: Gram matrix, statistics, differences, rearranged maps. */
import * as tf from "@tensorflow/tfjs";
import { gram } from "../nst/costs/gram";
import type { FeatureMaps } from "../nst/feature-maps";
import { channelStatistics, mapsDifference } from "../nst/map-statistics";
import { rotatePositions, shufflePositions } from "../nst/rearrange";
import type { Methods } from "./protocol";

type MapMethod = Extract<keyof Methods, `maps.${string}`>;
type Handlers = { [M in MapMethod]: (args: Methods[M]["args"]) => Methods[M]["result"] | Promise<Methods[M]["result"]> };

/** What `compute` makes of maps, as plain numbers; no tensor is left. */
async function numbers({ height, width, channels, data }: FeatureMaps, compute: (F: tf.Tensor4D) => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(() => compute(tf.tensor4d(data, [1, height, width, channels])));
  try {
    return (await result.data()) as Float32Array;
  } finally {
    result.dispose();
  }
}

/** Maps of the same shape with other numbers in them. */
const rearranged = async ({ layer, height, width, channels }: FeatureMaps, data: Promise<Float32Array>): Promise<FeatureMaps> => ({ layer, height, width, channels, data: await data });

export const mapMethods: Handlers = {
  "maps.gram": async ({ maps }) => ({ layer: maps.layer, channels: maps.channels, positions: maps.height * maps.width, data: await numbers(maps, gram) }),
  "maps.statistics": ({ maps }) => channelStatistics(maps),
  "maps.difference": ({ a, b }) => mapsDifference(a, b),
  "maps.shuffle": ({ maps, seed }) => rearranged(maps, numbers(maps, (F) => shufflePositions(F, seed))),
  "maps.rotate": ({ maps, seed, angle }) => rearranged(maps, numbers(maps, (F) => rotatePositions(F, seed, angle))),
};
