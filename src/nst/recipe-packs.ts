/** The weights that recipes were made with, and whether a network has them. Pure. */
import { matchLayers } from "./match-layers";
import type { InputSpec, ModelCard } from "./model-card";
import type { Recipe, RecipePack } from "./recipes";
import { squeezenetLayers } from "./squeezenet";
import { vggCard, vggLayers } from "./vgg";

/** What a network is called whose weights a recipe was made with. */
export const PACKS: Readonly<Record<RecipePack, string>> = {
  "caffe-vgg19": "VGG-19 with its original weights (those of Caffe and Keras)",
  "torchvision-vgg19": "torchvision's VGG-19",
  "normalised-vgg19": "VGG-19 with its filters rescaled so that each has a mean activation of 1",
  squeezenet1_1: "torchvision's SqueezeNet 1.1",
};

/**
 * The weights that a network has, as far as its card tells: by its layers and their widths, by how it reads pixels, and by
 * whether its filters were rescaled. Null for any other network, for copies in 8 bits, and for random weights.
 */
export function packOf(card: ModelCard, random?: number): RecipePack | null {
  if (random !== undefined || card.weights.dtype === "I8") return null;
  const input = inputKind(card.input);
  if (sameLayers(card, vggLayers(19))) {
    if (isRescaled(card)) return input === "caffe" ? "normalised-vgg19" : null;
    return input && (`${input}-vgg19` as RecipePack);
  }
  return sameLayers(card, squeezenetLayers("1.1")) && input === "torchvision" && !isRescaled(card) ? "squeezenet1_1" : null;
}

const isRescaled = ({ id }: ModelCard): boolean => /(^|-)(rescaled|normalised)(-|$)/.test(id);

function sameLayers({ layers }: ModelCard, published: ModelCard["layers"]): boolean {
  const text = (list: ModelCard["layers"]) => JSON.stringify(list.map((layer) => [layer.name, layer.kind === "conv" ? [layer.channels, layer.kernel, layer.stride] : layer.kind]));
  return text(layers) === text(published);
}

/** ImageNet's mean and standard deviation, red to blue, as torchvision has them. */
const IMAGENET = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };

/** Whether pixels are read as Caffe's networks read them (in either order of the colours) or as torchvision's do. */
function inputKind({ channels, range: [low, high], mean, scale }: InputSpec): "caffe" | "torchvision" | null {
  const scales = typeof scale === "number" ? [scale, scale, scale] : scale;
  const near = (numbers: readonly number[], others: readonly number[]) => numbers.every((one, i) => Math.abs(one / others[i] - 1) < 0.01);
  const caffe = IMAGENET.mean.map((one) => 255 * one);
  if (low === 0 && high === 255 && scales.every((one) => one === 1) && near(mean, channels === "BGR" ? caffe.toReversed() : caffe)) return "caffe";
  return low === 0 && high === 1 && channels === "RGB" && near(mean, IMAGENET.mean) && near(scales, IMAGENET.deviation.map((one) => 1 / one)) ? "torchvision" : null;
}

/** Whether the recipe's numbers mean on this network what they meant to its author, and if not, what they would need. */
export function fits({ pack, layersOf }: Pick<Recipe, "pack" | "layersOf">, card: ModelCard, random?: number): { exact: boolean; why: string } {
  if (packOf(card, random) === pack) return { exact: true, why: `Exact: by its layers and by how it reads pixels, this is ${PACKS[pack]}, which the recipe was made with.` };
  const layers = hasLayers(card, vggNames) || (layersOf && hasLayers(card, Object.values(layersOf))) ? "" : " Its layers are those at the same depth.";
  return { exact: false, why: `Formula only: to be exact it needs ${PACKS[pack]}. With other weights features have another size, and the same α and β another balance.${layers}` };
}

const vggNames = ["block4_conv2", "block5_conv1"];

const hasLayers = ({ layers }: ModelCard, names: readonly string[]): boolean => names.every((name) => layers.some((layer) => layer.name === name));

/**
 * By the name that a recipe gives a layer, the one of this network: that of the recipe's own network where this is such a
 * one, else the layer of this name, else the one at the same depth.
 * @returns null for a layer that VGG-19 does not have either
 */
export function layerFor({ layersOf }: Pick<Recipe, "layersOf">, card: ModelCard): (layer: string) => string | null {
  if (layersOf && hasLayers(card, Object.values(layersOf))) return (layer) => layersOf[layer] ?? null;
  let matches: ReturnType<typeof matchLayers> | null = null;
  return (layer) => {
    if (hasLayers(card, [layer])) return layer;
    matches ??= matchLayers(vggCard(19), card);
    return matches.get(layer)?.to ?? null;
  };
}
