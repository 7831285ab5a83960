import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { paperName } from "../nst/names";
import { RECIPES } from "../nst/recipes";
import { Cell } from "./cell";
import type { PictureValue } from "./features-value";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";
import { powerStrip, powerStripStyles, powerTicks } from "./recipe-axis";
import { powerAxis, rangeText } from "./recipe-numbers";
import { readRecipe, type RecipeReading, sideOf } from "./recipe-reading";
import { cellStyles, controlStyles } from "./theme";

/** What the table gives of each recipe, by its id. */
export interface RecipeNumbers {
  alpha: number;
  /** by Keras name */
  betas: Record<string, number>;
  /** α/β_l by Keras name */
  ratios: Record<string, number>;
  /** least and largest α/β_l; NaN without style or content */
  lowest: number;
  highest: number;
}

/**
 * Every recipe in one unit, for the network and a picture of this size: α, β_l and α/β_l, the last of them on one logarithmic
 * axis as well.
 *
 *     <nst-recipes as="recipes" of="content" network="network"></nst-recipes>
 *
 * Gives RecipeNumbers by the ids of the recipes, for questions: `recipes.tf-tutorial.highest`.
 */
@customElement("nst-recipes")
export class RecipesCell extends Cell<Record<string, RecipeNumbers>> {
  static override title = "recipes";
  static override roles = ["content", "network"];
  static override lazy = true;
  static override reserve = 480;

  private readings: RecipeReading[] = [];

  compute({ content, network }: { content: PictureValue; network: NetworkValue }): Record<string, RecipeNumbers> {
    const side = sideOf(content, network.card);
    this.readings = RECIPES.map((recipe) => readRecipe(recipe, network.card, side, network.random));
    return Object.fromEntries(this.readings.map((reading) => [reading.recipe.id, numbersOf(reading)]));
  }

  override headerNote(): string {
    const exact = this.readings.filter((reading) => reading.exact).length;
    return this.readings.length === 0 ? "" : `${exact} of ${this.readings.length} exact with this network`;
  }

  view(value: Record<string, RecipeNumbers> | undefined): TemplateResult | typeof nothing {
    if (!value) return nothing;
    const axis = powerAxis(this.readings.filter(comparable).flatMap(({ ratios }) => Object.values(ratios)));
    return html`<div class="body">
      <div class="recipes" role="table" aria-label="Every recipe in one unit">
        <div class="head" role="row">
          <span role="columnheader">recipe</span><span role="columnheader">content at</span><span role="columnheader"><i>α</i></span><span role="columnheader"><i>β</i><sub>l</sub>, least to largest</span>
          <span role="columnheader" class="axis"><span><i>α</i>/<i>β</i><sub>l</sub></span>${powerTicks(axis)}</span>
        </div>
        ${this.readings.map((reading) => {
          const { recipe, alpha, betas, settings, exact } = reading;
          const { ratios } = value[recipe.id];
          const range = rangeText(Object.values(ratios));
          return html`<div class="recipe" role="row">
            <span role="rowheader" class="title">${recipe.title}<small>${exact ? "exact" : "formula only"}${recipe.defects.length === 0 ? "" : `, ${recipe.defects.length} known defect${recipe.defects.length === 1 ? "" : "s"}`}</small></span>
            <span role="cell" class="layer content">${settings.contentLayer === null ? "–" : paperName(settings.contentLayer)}</span>
            <span role="cell" class="number"><small><i>α</i></small>${formatNumber(alpha, 2)}</span>
            <span role="cell" class="number"><small><i>β</i></small>${rangeText(Object.values(betas))}</span>
            <span role="cell" class="axis">
              ${comparable(reading) ? html`${powerStrip(axis, Object.values(ratios).map((value) => ({ value })), `α/β: ${range}`)}<small>${range}</small>` : html`<small>another measure of style: not comparable</small>`}
            </span>
          </div>`;
        })}
      </div>
    </div>`;
  }

  static override styles = [
    controlStyles,
    cellStyles,
    powerStripStyles,
    css`
      .recipes {
        display: grid;
        grid-template-columns: minmax(150px, max-content) max-content max-content max-content minmax(160px, 1fr);
        gap: 0 18px;
        font: 13px/1.4 var(--sans);
      }
      .head,
      .recipe {
        display: grid;
        grid-template-columns: subgrid;
        grid-column: 1 / -1;
        align-items: center;
        padding: 4px 0;
      }
      .recipe {
        border-top: 1px solid var(--line);
      }
      .head {
        align-items: end;
        color: var(--soft);
        font-size: 12px;
      }
      i {
        font-family: var(--serif);
      }
      .title {
        font-weight: 600;
      }
      small {
        font: 400 11px/1.4 var(--sans);
        color: var(--soft);
      }
      .title small,
      .axis small {
        display: block;
      }
      .axis small {
        text-align: center;
      }
      .number small {
        display: none;
      }
      .layer {
        font: 12px/1.5 var(--mono);
      }
      @container cell (width < 700px) {
        .recipes {
          grid-template-columns: minmax(0, 1fr) max-content;
        }
        .head > :not(.axis),
        .head .axis > span:first-child {
          display: none;
        }
        .axis {
          grid-column: 1 / -1;
        }
        .title {
          grid-column: 1 / -1;
        }
        .layer {
          display: none;
        }
        .number small {
          display: inline;
          margin-right: 6px;
        }
      }
    `,
  ];
}

/** Its style is measured by Gram matrices, as E_l is. */
const comparable = ({ recipe }: RecipeReading): boolean => recipe.styleReduction !== "wasserstein";

function numbersOf({ alpha, betas, ratios }: RecipeReading): RecipeNumbers {
  const values = Object.values(ratios).filter((ratio) => ratio > 0);
  return { alpha, betas, ratios, lowest: values.length ? Math.min(...values) : NaN, highest: values.length ? Math.max(...values) : NaN };
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-recipes": RecipesCell;
  }
}
