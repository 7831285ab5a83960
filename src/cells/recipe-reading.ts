/** What a recipe says for a network and a size of pictures. No DOM in here. */
import type { ModelCard } from "../nst/model-card";
import { fits } from "../nst/recipe-packs";
import { type Recipe, RECIPES, recipeSettings, type RecipeWeights, type Side, weightsOf } from "../nst/recipes";
import type { TransferSettings } from "../nst/settings";
import type { PictureValue } from "./features-value";
import { ratiosOf } from "./recipe-numbers";

export interface RecipeReading extends RecipeWeights {
  recipe: Recipe;
  /** α/β_l by layer */
  ratios: Record<string, number>;
  settings: TransferSettings;
  /** the network's card with the input that the recipe gives it */
  card: ModelCard;
  /** the network has the weights that the recipe was written for */
  exact: boolean;
  /** whether it is exact, and what it would need, in sentences */
  why: string;
}

/** The size of the picture, and so of the result; where there is none yet, what the network recommends. */
export function sideOf(of: PictureValue | undefined, { defaults }: ModelCard): Side {
  const { width, height } = of?.picture ?? { width: defaults.size, height: defaults.size };
  return { width, height };
}

/** @throws Error naming the recipes that there are */
export function recipeNamed(id: string): Recipe {
  const found = RECIPES.find((recipe) => recipe.id === id);
  if (!found) throw new Error(`There is no recipe “${id}”. There are: ${RECIPES.map((recipe) => recipe.id).join(", ")}.`);
  return found;
}

/**
 * @param random seed of the network's weights, where they are random
 * @throws Error naming a layer that nothing in the network could stand for
 */
export function readRecipe(recipe: Recipe, card: ModelCard, side: Side, random?: number): RecipeReading {
  const weights = weightsOf(recipe, card, side);
  return { recipe, ...weights, ratios: ratiosOf(weights), ...recipeSettings(recipe, card, side), ...fits(recipe, card, random) };
}
