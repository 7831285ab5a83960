/**
 * Recipes: what implementations of style transfer minimise, with which weights and from where, in one common unit. Pure.
 * The unit: J = α·½Σ(F − P)² + Σ β_l·E_l + τ·TV with E_l = 1/(4N²M²)·Σ(G − A)² (Gatys et al. 2015) and TV of pixels in [0, 1].
 */
import { layerShapes } from "./layer-shapes";
import type { InputSpec, ModelCard, OptimiserOptions } from "./model-card";
import { RECIPE_LIST } from "./recipe-list";
import { layerFor } from "./recipe-packs";
import type { Initialisation, LayerWeights, Pooling, StyleStatistic, TotalVariationKind, TransferSettings } from "./settings";

/** The weights that a recipe's numbers were chosen with. */
export type RecipePack = "caffe-vgg19" | "torchvision-vgg19" | "normalised-vgg19" | "squeezenet1_1";

/**
 * How squared differences of features become a content cost, before its weight. "half-sum": ½Σ. "sum": Σ. "mean": Σ/(N·M).
 * "quarter-mean": Σ/(4·N·M). "half-root": Σ/(2·√N·√M).
 */
export type ContentReduction = "half-sum" | "sum" | "mean" | "quarter-mean" | "half-root";

/**
 * How Gram matrices become the style cost of a layer, before its weight; D is the sum of the squared differences of their
 * entries. "layer-error": E_l. "position-mean": matrices over M, mean of the squares. "value-mean": over N·M, mean.
 * "value-sum": over C·H·W = N·M, sum. "image": D/(4·3²·S²) with S the pixels of the picture. "wasserstein": no Gram matrices.
 */
export type StyleReduction = "layer-error" | "position-mean" | "value-mean" | "value-sum" | "image" | "wasserstein";

export interface Recipe {
  id: string;
  title: string;
  cite: { text: string; url: string };
  pack: RecipePack;
  /** TeX with the recipe's own constants and reductions; tv "" where there is none */
  formula: { content: string; style: string; tv: string };
  /** Keras names; of another network the nearest in VGG-19 */
  contentLayer: string;
  /** in the network's order, with the recipe's own weights */
  styleWeights: LayerWeights;
  /** names of `styleWeights`, in the network's order */
  styleLayers: string[];
  /** the weight of a layer is `styleWeights` over the square of its number of channels */
  overSquaredChannels?: true;
  contentWeight: number;
  contentReduction: ContentReduction;
  styleReduction: StyleReduction;
  /** kind and weight for pixels in [0, 1]; null: no such term */
  variation: { kind: TotalVariationKind; weight: number } | null;
  /** content and style are read after the ReLU or before it */
  tap: { content: "after" | "before"; style: "after" | "before" };
  optimiser: { published: string; nearest: OptimiserOptions };
  initialisation: { published: string; nearest: Initialisation };
  pooling: Pooling;
  /** longer side in pixels, as published */
  size: number;
  steps: number;
  /** names in the recipe's own network by those of VGG-19 that stand for them here; absent where it reads VGG-19 itself */
  layersOf?: Readonly<Record<string, string>>;
  /** how the recipe's network reads pixels, where that is not what the pack says */
  input?: InputSpec;
  /** worth knowing: whole sentences */
  special: string[];
  /** mistakes of the recipe, and what cannot be had here: whole sentences */
  defects: string[];
}

export const RECIPES: readonly Recipe[] = RECIPE_LIST;

export interface Side {
  width: number;
  height: number;
}

/** The weights of a recipe in the common unit, and the layers that it reads of this network. */
export interface RecipeWeights {
  contentLayer: string;
  /** of ½Σ(F − P)² */
  alpha: number;
  /** of E_l (or of the Wasserstein distance), by layer of the card */
  betas: LayerWeights;
  /** of the total variation of pixels in [0, 1] */
  tv: { kind: TotalVariationKind; weight: number };
}

/**
 * A recipe's weights in the common unit, for a network and the size of the generated picture. The style picture's size has no say:
 * a recipe whose Gram matrices are not divided by M resizes it to the content's. Layers that the network does not have become
 * those at the same depth.
 * @throws Error naming a layer that nothing in the network could stand for
 */
export function weightsOf(recipe: Recipe, card: ModelCard, picture: Side): RecipeWeights {
  const shapes = layerShapes(card, picture.width, picture.height);
  const layerOf = layers(recipe, card);
  const shapeOf = (layer: string) => {
    const { width, height, channels } = shapes.get(layer)!;
    return { m: width * height, n: channels };
  };
  const contentLayer = layerOf(recipe.contentLayer);
  const alpha = recipe.contentWeight * contentFactor(recipe.contentReduction, shapeOf(contentLayer));
  const betas: LayerWeights = {};
  for (const layer of recipe.styleLayers) {
    const read = layerOf(layer);
    const shape = shapeOf(read);
    const own = recipe.styleWeights[layer] / (recipe.overSquaredChannels ? shape.n ** 2 : 1);
    // two layers of VGG-19 may lie at the depth of one of this network
    betas[read] = (betas[read] ?? 0) + own * styleFactor(recipe.styleReduction, shape, picture.width * picture.height);
  }
  return { contentLayer, alpha, betas, tv: recipe.variation ?? { kind: "mean-squares", weight: 0 } };
}

/** α for a weight of 1: the reduction against ½Σ. */
function contentFactor(reduction: ContentReduction, { m, n }: { m: number; n: number }): number {
  switch (reduction) {
    case "half-sum": return 1;
    case "sum": return 2;
    case "mean": return 2 / (n * m);
    case "quarter-mean": return 1 / (2 * n * m);
    case "half-root": return 1 / Math.sqrt(n * m);
  }
}

/** β_l for a weight of 1: the reduction against E_l = D/(4N²M²). */
function styleFactor(reduction: StyleReduction, { m, n }: { m: number; n: number }, pixels: number): number {
  switch (reduction) {
    case "layer-error": return 1;
    case "position-mean": return 4;
    case "value-mean": return 4 / n ** 2;
    case "value-sum": return 4;
    case "image": return (n * m) ** 2 / (9 * pixels ** 2);
    case "wasserstein": return 1;
  }
}

/** The layers of this network by the recipe's names. @throws Error naming one that there is none for */
function layers({ title, layersOf }: Recipe, card: ModelCard): (layer: string) => string {
  const found = layerFor({ layersOf }, card);
  return (layer) => {
    const name = found(layer);
    if (name === null) throw new Error(`“${title}” reads ${layer}, and ${card.title} has no layer that could stand for it. Choose a network with VGG-19's layers.`);
    return name;
  };
}

/**
 * A recipe as settings of a run, and the card with the recipe's preprocessing where it has its own. β is the sum of all β_l, so
 * that the layers' weights add up to 1; α·M is for this picture's size.
 * @param picture size of the generated picture
 * @throws Error naming a layer that nothing in the network could stand for
 */
export function recipeSettings(recipe: Recipe, card: ModelCard, picture: Side): { settings: TransferSettings; card: ModelCard } {
  const { contentLayer, alpha, betas, tv } = weightsOf(recipe, card, picture);
  const { width, height } = layerShapes(card, picture.width, picture.height).get(contentLayer)!;
  const beta = Object.values(betas).reduce((sum, one) => sum + one, 0);
  const { tap } = recipe;
  const statistic: StyleStatistic = recipe.styleReduction === "wasserstein" ? "wasserstein" : "gram";
  return {
    settings: {
      pooling: recipe.pooling, contentLayer, tap: tap.style, seed: 0,
      styleLayers: Object.fromEntries(Object.entries(betas).map(([layer, one]) => [layer, one / beta])),
      alphaTimesM: alpha * width * height, beta, totalVariation: tv.weight,
      initialisation: recipe.initialisation.nearest, size: Math.max(picture.width, picture.height), steps: recipe.steps, optimiser: recipe.optimiser.nearest,
      ...(tap.content !== tap.style && { contentTap: tap.content }),
      ...(statistic !== "gram" && { styleStatistic: statistic }),
      ...(tv.kind !== "mean-squares" && { totalVariationKind: tv.kind }),
    },
    card: recipe.input ? { ...card, input: recipe.input } : card,
  };
}
