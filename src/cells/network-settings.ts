/** Settings that fit a network's weights, found by measuring it beside the network that comes with the workbench. */
import { Gauge } from "../kernel/client";
import type { NetworkSource } from "../kernel/protocol";
import { defaultsBeside, type StartingCosts } from "../nst/fitted-defaults";
import { layerShapes } from "../nst/layer-shapes";
import type { TransferDefaults } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { Kernels } from "./context";
import { PAIR, squares, type Watch } from "./network-measures";
import { openNetwork, shippedEntries } from "./networks";
import { evenPicture, rulerOf, rulerSettings, valuesOf } from "./ruler";

/** Side of the pictures: the terms of a cost compare alike at any, and VGG-19 takes seconds. */
const SIZE = 128;

/**
 * What to recommend for a network: its own layers, with weights that make every term as large at the start of a run as
 * on the network that comes with the workbench, whose settings were found by looking at pictures. Activations of other
 * networks are orders of magnitude larger or smaller, and E_l grows with their fourth power.
 * @returns null where the network answers nothing that settings could be fitted to
 * @throws Error when a network cannot be loaded or a sample not be fetched
 */
export async function fittedSettings(kernels: Kernels, network: NetworkSource, { progress }: Pick<Watch, "progress"> = {}): Promise<TransferDefaults | null> {
  const [content, style] = await squares(kernels.lab, PAIR, SIZE);
  progress?.(0, 2);
  model ??= measuredModel(kernels, content, style).catch((error: unknown) => {
    model = null;
    throw error;
  });
  const reference = await model;
  progress?.(1, 2);
  const costs = await startingCosts(kernels, network, content, style);
  progress?.(2, 2);
  return defaultsBeside(network.card.defaults, costs, reference);
}

interface Model {
  defaults: TransferDefaults;
  costs: StartingCosts;
}

/** Measured once a page: neither the network that comes with it nor the pictures change. */
let model: Promise<Model> | null = null;

async function measuredModel(kernels: Kernels, content: Picture, style: Picture): Promise<Model> {
  const entries = await shippedEntries();
  const network = await openNetwork(entries[0].id, entries);
  return { defaults: network.card.defaults, costs: await startingCosts(kernels, network, content, style) };
}

async function startingCosts(kernels: Kernels, { card, base }: NetworkSource, content: Picture, style: Picture): Promise<StartingCosts> {
  const ruler = rulerOf({ card, base });
  const gauge = new Gauge(kernels, { network: ruler.network, content, style, settings: rulerSettings(ruler) });
  try {
    const byLayer = valuesOf(await gauge.measure(content));
    const even = valuesOf(await gauge.measure(evenPicture(content)));
    const { width, height } = layerShapes(card, content.width, content.height).get(ruler.contentLayer)!;
    return { content: even["content"], positions: width * height, style: Object.fromEntries(ruler.styleLayers.map((layer) => [layer, byLayer[layer]])) };
  } finally {
    gauge.close();
  }
}
