/** What is needed to show how the units of a layer get their numbers: the layer below, and the weights between. */
import { equal } from "../notebook/equal";
import type { FeatureMaps } from "../nst/feature-maps";
import { layerShapes } from "../nst/layer-shapes";
import type { LayerSpec, ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import type { Pooling } from "../nst/settings";
import type { Kernels } from "./context";
import type { ConvWeights } from "./convolution";
import type { FeaturesValue } from "./features-value";

/** Maps, and what their channels are called. */
export interface NamedMaps {
  /** "conv2_2", "the preprocessed picture" */
  title: string;
  /** "channel 18", "red" */
  name(channel: number): string;
  maps: FeatureMaps;
}

/** `features`: what this is the workings of. */
export type Workings = { features: FeaturesValue } & (
  | { kind: "conv"; spec: Extract<LayerSpec, { kind: "conv" }>; below: NamedMaps; weights: ConvWeights; /** whether the maps were read after the ReLU */ relu: boolean }
  | { kind: "pool"; spec: Extract<LayerSpec, { kind: "pool" }>; below: NamedMaps; pooling: Pooling }
  | { kind: "relu"; spec: Extract<LayerSpec, { kind: "relu" }>; below: NamedMaps; relu: boolean }
  | { kind: "concat"; spec: Extract<LayerSpec, { kind: "concat" }>; parts: { layer: string; channels: number }[] }
);

/**
 * Fetches what the arithmetic of a layer's units needs.
 * @param known what was fetched before: weights of the same layer of the same network are taken from it
 * @returns null if it is not known where the maps come from, or their layer is not one of the network's
 */
export async function fetchWorkings(features: FeaturesValue, { lab }: Kernels, signal: AbortSignal, known: Workings | null): Promise<Workings | null> {
  const { from, layer } = features;
  const index = from?.network.card.layers.findIndex(({ name }) => name === layer) ?? -1;
  if (!from || index < 0) return null;
  const { card } = from.network;
  const spec = card.layers[index];
  const relu = from.options.tap !== "before";
  if (spec.kind === "concat") {
    const shapes = layerShapes(card, from.picture.width, from.picture.height);
    return { features, kind: "concat", spec, parts: spec.input.map((layer) => ({ layer, channels: shapes.get(layer)!.channels })) };
  }
  const below = readBelow(spec.input ?? (index > 0 ? card.layers[index - 1].name : undefined), from, lab, signal);
  switch (spec.kind) {
    case "conv": {
      const [maps, weights] = await Promise.all([below, sameWeights(known, features) ?? lab.call("weights", { network: from.network, layer }, { signal })]);
      return { features, kind: "conv", spec, relu, below: maps, weights };
    }
    case "pool":
      return { features, kind: "pool", spec, below: await below, pooling: from.options.pooling ?? card.defaults.pooling };
    case "relu":
      return { features, kind: "relu", spec, relu, below: await below };
  }
}

async function readBelow(layer: string | undefined, { picture, network, options }: NonNullable<FeaturesValue["from"]>, lab: Kernels["lab"], signal: AbortSignal): Promise<NamedMaps> {
  if (layer !== undefined) {
    // a layer reads what the one before it gives, which is after its ReLU
    const maps = (await lab.call("features", { network, picture, layers: [layer], ...options, tap: "after" }, { signal }))[layer];
    return { title: paperName(layer), name: (channel) => `channel ${channel}`, maps };
  }
  const card: ModelCard = { ...network.card, input: options.input ?? network.card.input };
  const data = await lab.call("picture.preprocess", { picture, card }, { signal });
  return { title: "the preprocessed picture", name: (channel) => COLOURS[card.input.channels[channel]], maps: { layer: "picture", width: picture.width, height: picture.height, channels: 3, data } };
}

const COLOURS: Record<string, string> = { R: "red", G: "green", B: "blue" };

function sameWeights(known: Workings | null, { layer, from }: FeaturesValue): ConvWeights | null {
  if (known?.kind !== "conv" || known.spec.name !== layer) return null;
  const [a, b] = [known.features.from!.network, from!.network];
  return a.base === b.base && a.random === b.random && equal(a.card, b.card) ? known.weights : null;
}
