import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import type { KeptNetwork } from "../models/client";
import type { InputSpec } from "../nst/model-card";
import { paperName } from "../nst/names";
import { packOf } from "../nst/recipe-packs";
import { type Recipe, RECIPES, type Side } from "../nst/recipes";
import type { TransferSettings } from "../nst/settings";
import { Cell } from "./cell";
import type { PictureValue } from "./features-value";
import "./formula";
import type { NetworkCell, NetworkValue } from "./network";
import "./number-field";
import { formatCount, formatNumber } from "./numbers";
import { powerStrip, powerTicks } from "./recipe-axis";
import { changeText, powerAxis, rangeText, weightRows } from "./recipe-numbers";
import { readRecipe, type RecipeReading, recipeNamed, sideOf } from "./recipe-reading";
import { recipeStyles } from "./recipe-styles";

/** The value of a recipe cell. */
export interface RecipeValue {
  /** id of the recipe */
  id: string;
  /** its title */
  name: string;
  settings: TransferSettings;
  /** the network with the input that the recipe gives it */
  network: NetworkValue;
  /** on ½ Σ (F − P)² */
  alpha: number;
  /** on E_l, by Keras name */
  betas: Record<string, number>;
  /** α/β_l, by Keras name */
  ratios: Record<string, number>;
  /** weight of the total variation, in the recipe's own kind of it */
  tv: number;
  /** whether the network has the weights that the recipe was written for */
  exact: boolean;
}

interface Inputs {
  content: PictureValue;
  network: NetworkValue;
}

/** What there is to be shown beside the value. */
interface Shown {
  now: RecipeReading;
  before: RecipeReading | null;
  side: Side;
  /** names of the network's layers */
  order: readonly string[];
}

/**
 * Published set-ups of neural style transfer by name. Choosing one rewrites the formula of J, marks what changed, and sets
 * its weights beside those of the one before, in one common unit. Gives what a run of it reads:
 *
 *     <nst-recipe as="recipe" of="content style" network="network" recipe="tf-tutorial"></nst-recipe>
 *     <nst-run as="G" of="content style" network="recipe.network" settings="recipe.settings"></nst-run>
 *
 * Only the size of the content picture counts here; of the style picture there is nothing that weights depend on. Numbers for questions:
 * `alpha`, `tv`, and by layer `betas.block1_conv1`, `ratios.block1_conv1`.
 */
@customElement("nst-recipe")
export class RecipeCell extends Cell<RecipeValue> {
  static override title = "recipe";
  static override roles = ["content", "style", "network"];
  /**
   * `recipe`: id of the chosen one, the first where it is empty. `before`: id of the one that it is compared with, if any.
   * `steps`: of a run, where they are to be others than published
   */
  static override params: Record<"recipe" | "before" | "steps", unknown> = { recipe: "", before: "", steps: null };
  static override lazy = true;
  static override reserve = 520;

  private shown: Shown | null = null;
  /** networks that were brought along: one of them may be what the recipe was made with */
  @state() private brought: readonly KeptNetwork[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.context?.networks?.addEventListener("changed", this.look);
    void this.look();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.context?.networks?.removeEventListener("changed", this.look);
  }

  private readonly look = async (): Promise<void> => {
    // a list that cannot be read is told of where networks are chosen
    this.brought = (await this.context?.networks?.list().catch(() => [])) ?? [];
  };

  /** The style picture is named with the content's, as for a run, and not waited for. */
  protected override reads(): readonly string[] {
    return ["content", "network"];
  }

  compute({ content, network }: Inputs): RecipeValue {
    const { card, random } = network;
    const side = sideOf(content, card);
    const read = (id: string) => readRecipe(recipeNamed(id), card, side, random);
    const now = read(this.chosen);
    this.shown = { now, before: this.earlier ? read(this.earlier) : null, side, order: card.layers.map(({ name }) => name) };
    const { recipe, settings, alpha, betas, ratios, tv, exact } = now;
    return { id: recipe.id, name: recipe.title, settings: { ...settings, steps: this.steps ?? settings.steps }, network: { ...network, card: now.card }, alpha, betas, ratios, tv: tv.weight, exact };
  }

  /** How the chosen recipe reads pixels; null: as the network's card says. */
  get input(): InputSpec | null {
    return this.shown?.now.recipe.input ?? null;
  }

  /** null: as published. @throws Error for what is no number of steps */
  private get steps(): number | null {
    const steps = this.param<number | string | null>("steps");
    if (steps === null || steps === "") return null;
    if (!(Number.isInteger(Number(steps)) && Number(steps) > 0)) throw new Error(`steps="${steps}" should be a whole number, 1 or more. Leave it out for as many as were published.`);
    return Number(steps);
  }

  private get chosen(): string {
    return this.param<string>("recipe") || RECIPES[0].id;
  }

  /** "" for none: a recipe is not compared with itself */
  private get earlier(): string {
    const before = this.param<string>("before");
    return before === this.chosen ? "" : before;
  }

  private choose(id: string): void {
    if (id === this.chosen) return;
    this.setParam("before", this.chosen);
    this.setParam("recipe", id);
  }

  override headerNote(): string {
    return this.shown ? (this.shown.now.exact ? "exact with this network" : "formula only") : "";
  }

  view(value: RecipeValue | undefined): TemplateResult {
    const { shown } = this;
    const index = RECIPES.findIndex(({ id }) => id === this.chosen);
    const step = (by: number, text: string, label: string) => {
      const next = RECIPES[index + by];
      return html`<button aria-label=${label} title=${next?.title ?? label} ?disabled=${!next} @click=${() => this.choose(next.id)}>${text}</button>`;
    };
    return html`<div class="body">
        <div class="controls">
          <label>recipe <select @change=${(e: Event) => this.choose((e.target as HTMLSelectElement).value)}>
            ${RECIPES.map(({ id, title }) => html`<option value=${id} .selected=${id === this.chosen}>${title}</option>`)}
          </select></label>
          ${step(-1, "‹", "the recipe before in the list")} ${step(1, "›", "the next recipe in the list")}
          ${value && shown
            ? html`<span class="steps"><label>steps <nst-number-field label="steps of a run" whole .value=${value.settings.steps} .min=${1} @nst-change=${(e: CustomEvent<number>) => this.setParam("steps", e.detail === shown.now.recipe.steps ? null : e.detail)}></nst-number-field></label>
                ${value.settings.steps === shown.now.recipe.steps ? nothing : html`<span class="soft">published: ${formatCount(shown.now.recipe.steps)}</span>`}</span>`
            : nothing}
        </div>
        ${value && shown ? [this.about(shown), this.formula(shown)] : nothing}
      </div>
      ${value && shown ? html`<div class="body weights">${this.weights(shown)}</div><div class="body">${facts(shown.now.recipe)}</div>` : nothing}`;
  }

  private about({ now: { recipe, why, exact } }: Shown) {
    const [fit, ...rest] = why.split(": ");
    const fitting = exact ? undefined : this.brought.find(({ card }) => packOf(card) === recipe.pack);
    return html`<p class="fits"><b>${fit}:</b> ${rest.join(": ")}</p>
      ${fitting ? this.offer(fitting) : nothing}
      <p class="fits soft"><a href=${recipe.cite.url} target="_blank" rel="noreferrer">${recipe.cite.text}</a></p>`;
  }

  /** A network that is kept here and makes the recipe exact, with a way to it where a network cell can be told to take it. */
  private offer({ id, card }: KeptNetwork) {
    const name = this.getAttribute("network") ?? "network";
    const chooser = this.closest("nst-notebook")?.querySelector<NetworkCell>(`nst-network[as="${CSS.escape(name)}"]`);
    return html`<p class="fits offer">“${card.title}”, which is kept in this browser, makes it exact. ${chooser
      ? html`<button @click=${() => (chooser.setParam("weights", "trained"), chooser.setParam("model", id))}>Use it</button>`
      : `Choose it as “${name}”.`}</p>`;
  }

  /** The three parts of J; where a part has changed, the one before stands beneath. */
  private formula({ now: { recipe }, before }: Shown) {
    const changed = PARTS.filter(({ key }) => before && before.recipe.formula[key] !== recipe.formula[key]).map(({ label }) => label);
    return html`<p class="visually-hidden" role="status">${before ? `${recipe.title}. ${changed.length === 0 ? "The formula is as before." : `Rewritten: ${changed.join(", ")}.`}` : nothing}</p>
      <div class="formula" role="group" aria-label="The cost of this recipe, to be added up">
      ${PARTS.map(({ key, label }) => {
        const tex = recipe.formula[key];
        const was = before?.recipe.formula[key] ?? tex;
        // a part that has changed is made anew, which is what lets it be seen to
        return keyed(
          tex,
          html`<div class="line ${key} ${tex === was ? "" : "changed"}">
            <span class="label">${label}</span>
            <span class="tex">
              ${tex ? html`<nst-formula .tex=${painted(tex)}></nst-formula>` : html`<span class="soft">none</span>`}
              ${tex === was ? nothing : html`<span class="was"><small>before</small>${was ? html`<nst-formula .tex=${was}></nst-formula>` : html`<span>none</span>`}</span>`}
            </span>
          </div>`,
        );
      })}
    </div>`;
  }

  private weights({ now, before, side, order }: Shown) {
    const rows = weightRows(now, before, order);
    const number = (value: number | null) => (value === null ? html`<span class="soft">–</span>` : formatNumber(value));
    const axis = powerAxis(rows.flatMap(({ ratio, ratioBefore }) => [ratio ?? 0, ratioBefore ?? 0]));
    const [ratios, were] = [now.ratios, before?.ratios ?? {}].map((one) => Object.values(one));
    const said = `α/β: ${rangeText(ratios)}${before ? `; before: ${rangeText(were)}` : ""}`;
    const gauss = now.recipe.styleReduction === "wasserstein";
    return html`<p class="lead">
        In one unit: <i>α</i> multiplies ½ Σ (<i>F</i> − <i>P</i>)², ${gauss ? html`each <i>β</i><sub>l</sub> a distance of another kind than <i>E</i><sub>l</sub>` : html`each <i>β</i><sub>l</sub> the <i>E</i><sub>l</sub> of the paper of 2015`}.
        For a picture of ${side.width} × ${side.height} px and this network.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">weight</span></th><th scope="col">${before ? "now" : "weight"}</th>
            ${before ? html`<th scope="col">before</th><th scope="col" class="wide"><span class="visually-hidden">change</span></th>` : nothing}
            <th scope="col"><i>α</i>/<i>β</i><sub>l</sub></th>${before ? html`<th scope="col" class="wide">before</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => html`<tr class=${row.kind}>
            <th scope="row">${row.kind === "content" ? html`<i>α</i> <small>${paperName(now.contentLayer)}</small>` : html`<i>β</i> <small>${row.label}</small>`}</th>
            <td>${number(row.now)}</td>
            ${before ? html`<td class="soft">${number(row.before)}</td><td class="change wide">${changeText(row.now, row.before)}</td>` : nothing}
            <td>${row.kind === "content" ? nothing : number(row.ratio)}</td>
            ${before ? html`<td class="soft wide">${row.kind === "content" ? nothing : number(row.ratioBefore)}</td>` : nothing}
          </tr>`)}
        </tbody>
      </table>
      <div class="ratios">
        <span class="title"><i>α</i>/<i>β</i><sub>l</sub> on a logarithmic axis, a dot a layer${before ? "; hollow: before" : ""}</span>
        ${powerStrip(axis, [...were.map((value) => ({ value, before: true })), ...ratios.map((value) => ({ value }))], said)} ${powerTicks(axis)}
        <p class="help">Other weights of a network, or pixels on another scale, make other features: <i>α</i>/<i>β</i><sub>l</sub> can be compared only where both are the same.</p>
      </div>`;
  }

  static override styles = recipeStyles;
}

const PARTS = [
  { key: "content", label: "content" },
  { key: "style", label: "style" },
  { key: "tv", label: "smoothness" },
] as const;

const COLOURS: Record<string, string> = { F: "violet", P: "blue", G: "violet", A: "orange" };

/** Features and matrices in the colours of what they are of: the generated, the content or the style picture. */
function painted(tex: string): string {
  return tex.replace(/([FP])_\{ij\}|([GA])\^l_\{ij\}/g, (symbol, features: string | undefined, matrix: string) => String.raw`\textcolor{${COLOURS[features ?? matrix]}}{${symbol}}`);
}

/** Everything that is no formula: how it runs, and what is to be known of it. */
function facts({ optimiser, initialisation, pooling, size, steps, special, defects }: Recipe) {
  const list = (title: string, items: readonly string[], kind: string) => (items.length === 0 ? nothing : html`<dt>${title}</dt><dd><ul class=${kind}>${items.map((item) => html`<li>${item}</li>`)}</ul></dd>`);
  return html`<dl>
    ${list("Known defects", defects, "defects")} ${list("Special", special, "special")}
    <dt>Optimiser</dt><dd>${optimiser.published}</dd>
    <dt>Begins with</dt><dd>${initialisation.published}</dd>
    <dt>Pooling</dt><dd>${pooling}</dd>
    <dt>As published</dt><dd class="number">${size} px, ${formatCount(steps)} steps</dd>
  </dl>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-recipe": RecipeCell;
  }
}
