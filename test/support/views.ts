/** What the teaching views show, computed by src/nst, beside PyTorch's numbers (test/fixtures, `views`). */
import * as tf from "@tensorflow/tfjs";
import * as nst from "../../src/nst";
import type { FeatureMaps, ModelCard, StoredTensor } from "../../src/nst";
import { channelStatistics, layerStatistics, mapsDifference } from "../../src/nst/map-statistics";
import { type Fixture, type Measurement, relativeError, tensorOf } from "./parity";

/** A tensor's numbers as views read them; the tensor is freed. */
export async function takeMaps(layer: string, F: tf.Tensor4D): Promise<FeatureMaps> {
  const [, height, width, channels] = F.shape;
  const data = (await F.data()) as Float32Array;
  F.dispose();
  return { layer, height, width, channels, data };
}

/** Statistics, single numbers, rearranged maps and differences in the default network. */
export async function measureViews(fixture: Fixture, card: ModelCard, weights: Map<string, StoredTensor>): Promise<Measurement[]> {
  const { json, tensors } = fixture;
  const { pooling } = json;
  const stored = (key: string) => tensors.get(key)!.data;
  const network = nst.createNetwork(card, weights);
  const picture = tensorOf(fixture, "picture");
  const results: Measurement[] = [];
  const note = (name: string, kind: Measurement["kind"], ours: ArrayLike<number>, theirs: ArrayLike<number>) => void results.push({ name, kind, pooling, error: relativeError(ours, theirs) });
  const numberOf = async (x: tf.Tensor): Promise<number> => {
    const [value] = await x.data();
    x.dispose();
    return value;
  };
  const maps = async (layer: string, options: { tap?: "before"; network?: nst.Network; of?: tf.Tensor3D } = {}) =>
    takeMaps(layer, nst.features(options.network ?? network, options.of ?? picture, [layer], { pooling, tap: options.tap })[layer]);

  for (const layer of json.layers) {
    const found = await maps(layer);
    note(layer, "features", found.data, stored(`features/${layer}`));
    const { mean, maximum, sparsity, dead } = layerStatistics(found);
    const theirs = json.statistics[layer];
    note(`mean, maximum and sparsity of ${layer}`, "features", [mean, maximum, sparsity], [theirs.mean, theirs.maximum, theirs.sparsity]);
    note(`dead channels of ${layer}`, "features", [dead + 1], [theirs.dead + 1]);
    const channels = channelStatistics(found);
    for (const key of ["mean", "variance", "maximum"] as const) note(`${key} by channel of ${layer}`, "features", channels[key], stored(`statistics/${layer}/${key}`));
  }

  for (const unit of json.arithmetic) {
    const { layer, channel, x, y, width, value } = unit;
    const at = async (tap?: "before") => {
      const { data, channels } = await maps(layer, { tap });
      return data[(y * width + x) * channels + channel];
    };
    // where terms cancel, rounding is relative to what they were
    const scale = unit.magnitude ?? 0;
    note(`the number at ${unit.key}`, "features", [scale + (await at())], [scale + value]);
    if (unit.before !== undefined) note(`before its ReLU, the number at ${unit.key}`, "features", [scale + (await at("before"))], [scale + unit.before]);
  }

  const { layer: pairLayer, i, j, value } = json.gram;
  const pair = await maps(pairLayer);
  const product = Float32Array.from({ length: pair.height * pair.width }, (_, p) => pair.data[p * pair.channels + i] * pair.data[p * pair.channels + j]);
  note("the product of two maps", "Gram matrix", product, stored("gram/product"));
  note("the sum of their product", "Gram matrix", [product.reduce((sum, one) => sum + one, 0)], [value]);
  const G = tf.tidy(() => nst.gram(tf.tensor3d(pair.data, [pair.height, pair.width, pair.channels])));
  note("the entry of the Gram matrix", "Gram matrix", [(await G.data())[i * pair.channels + j]], [value]);
  G.dispose();

  const { layer, seed, angle } = json.rearranged;
  const F = nst.features(network, picture, [layer], { pooling })[layer];
  const before = nst.normalisedGram(F);
  for (const [name, rearranged] of [["shuffled", nst.shufflePositions(F, seed)], ["rotated", nst.rotatePositions(F, seed, angle)]] as const) {
    note(`content cost of ${name} maps`, "cost", [await numberOf(nst.contentCost(rearranged, F))], [json.rearranged[name].contentCost]);
    // PyTorch's is 0 to the rounding of doubles: compared with 1, what is left is ours
    const distance = tf.tidy(() => nst.normalisedGram(rearranged).sub(before).norm().div(before.norm()));
    note(`Gram matrix of ${name} maps`, "Gram matrix", [1 + (await numberOf(distance))], [1 + json.rearranged[name].gramDistance]);
    if (name === "rotated") note("rotated maps", "features", await rearranged.data(), stored("rotated"));
    rearranged.dispose();
  }
  tf.dispose([F, before]);

  const other = tensorOf(fixture, "other");
  const { cost, positions, channels } = mapsDifference(await maps(layer), await maps(layer, { of: other }));
  note("the content cost of another picture", "cost", [cost], [json.difference.cost]);
  note("where in the picture it comes from", "cost", positions, stored("difference/positions"));
  note("which channels it comes from", "cost", channels, stored("difference/channels"));

  for (const [name, input] of [["swapped", { ...card.input, channels: "BGR" }], ["no-mean", { ...card.input, mean: [0, 0, 0] }]] as const) {
    const fed = await maps("block2_conv1", { network: { ...network, card: { ...card, input: input as ModelCard["input"] } } });
    note(`means of block2_conv1 when the network is fed ${name}`, "features", channelStatistics(fed).mean, stored(`read/${name}`));
  }
  tf.dispose([picture, other]);
  nst.disposeNetwork(network);
  return results;
}
