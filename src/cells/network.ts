import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { NetworkSource } from "../kernel/protocol";
import { keptId } from "../models/client";
import type { InputSpec, LayerSpec, ModelCard } from "../nst/model-card";
import { featureLayers } from "../nst/feature-layers";
import { paperName } from "../nst/names";
import { parameters } from "../nst/parameters";
import { equal } from "../notebook/equal";
import { Cell } from "./cell";
import { factStyles } from "./fact-styles";
import { chosenNetwork, networkButtons, sourceNamed } from "./network-missing";
import { formatText } from "./network-words";
import { mergeEntries, type NetworkEntry, openNetwork, shippedEntries } from "./networks";
import "./number-field";
import { formatCount, formatNumber } from "./numbers";
import { cellStyles, controlStyles } from "./theme";

/** The value of a network cell. */
export interface NetworkValue extends NetworkSource {
  id: string;
}

/**
 * Chooses the network whose layers see the pictures, and shows what it is: its layers block by block, how it reads pixels,
 * where its weights come from. Gives a NetworkValue. With `weights="random"` the layers are the same and have learnt nothing:
 * what they show of a picture is what the architecture alone can see. With `or`, another network stands in for one that has
 * to be brought along first; when that arrives, the cell goes on with it.
 *
 *     <nst-network as="network" model="vgg19-slim"></nst-network>
 *     <nst-network as="untrained" weights="random" seed="1"></nst-network>
 *     <nst-network as="real" model="vgg19" or="vgg19-slim"></nst-network>
 */
@customElement("nst-network")
export class NetworkCell extends Cell<NetworkValue> {
  static override title = "network";
  static override params = {
    /** id of a network of models/index.json, or of one that is kept in this browser; empty for the first */
    model: "",
    /** id of the network that is taken as long as that one is not here; empty: none */
    or: "",
    /** "trained" or "random" */
    weights: "trained",
    /** of the random weights: a whole number from 0 */
    seed: 1,
  };

  private entries: NetworkEntry[] = [];
  /** of them, those that come with the workbench */
  private shipped: NetworkEntry[] = [];
  #following: AbortController | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#following = new AbortController();
    const { signal } = this.#following;
    this.context?.networks?.addEventListener("changed", () => void this.listed().catch(() => {}), { signal });
    this.context?.importer?.addEventListener("jobs", () => this.requestUpdate(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#following?.abort();
  }

  async compute(_inputs: Record<string, never>, { signal }: { signal: AbortSignal }): Promise<NetworkValue> {
    const [shipped, kept] = await Promise.all([shippedEntries(signal), this.context?.networks?.list() ?? []]);
    this.shipped = shipped;
    this.entries = mergeEntries(shipped, kept);
    return { ...(await openNetwork(this.chosen.id, this.entries, signal)), ...this.random() };
  }

  /** @throws Error that says what is not here, and what to do */
  private get chosen(): NetworkEntry {
    return chosenNetwork(this.entries, this.param("model"), this.param("or"), !!this.context?.importer);
  }

  /** A network has come or gone, here or in another tab, or reads pixels otherwise now. */
  private async listed(): Promise<void> {
    // what is being computed reads the list itself
    if (this.shipped.length === 0) return;
    this.entries = mergeEntries(this.shipped, await this.context!.networks!.list());
    this.requestUpdate();
    let chosen: NetworkEntry | null = null;
    try {
      chosen = this.chosen;
    } catch {
      // what is not here will be said when it is computed
    }
    const { status, value } = this;
    const same = status === "fulfilled" && chosen?.id === value!.id && (chosen.kept ? equal(chosen.kept.card, value!.card) : !keptId(value!.base));
    const hopeless = status === "rejected" && chosen === null;
    if (!same && !hopeless) this.invalidate();
  }

  private random(): Pick<NetworkSource, "random"> {
    const weights = this.param<string>("weights");
    const seed = this.param<number>("seed");
    if (weights === "trained") return {};
    if (weights !== "random") throw new Error(`weights="${weights}" is not known. Write weights="trained" or weights="random".`);
    if (!Number.isInteger(seed) || seed < 0) throw new Error(`seed="${seed}" is no seed. Write a whole number from 0.`);
    return { random: seed };
  }

  override headerNote(): string | typeof nothing {
    if (!this.value) return nothing;
    const { card, random } = this.value;
    return `${card.layers.filter((layer) => layer.kind === "conv").length} convolutions · ${formatCount(parameters(card))} ${random === undefined ? "parameters" : "parameters, random"}`;
  }

  view(value: NetworkValue | undefined): TemplateResult {
    return html`${this.choice(value)} ${this.error ? html`<div class="body"><button @click=${() => this.invalidate()}>Try again</button></div>` : nothing}
    ${value ? this.about(value) : this.error ? nothing : html`<div class="body soft">Reading the network …</div>`}`;
  }

  /** Which networks there are, and how others are brought along. */
  private choice(value: NetworkValue | undefined) {
    const { networks, importer } = this.context ?? {};
    const wanted = this.param<string>("model");
    const missing = wanted !== "" && this.entries.length > 0 && !this.entries.some(({ id }) => id === wanted);
    const chosen = missing ? wanted : (value?.id ?? wanted);
    if (this.entries.length < 2 && !missing && !networks) return nothing;
    return html`<div class="body">
      <div class="controls">
        ${this.entries.length > 1 || missing
          ? html`<label>network <select @change=${(e: Event) => this.setParam("model", (e.target as HTMLSelectElement).value)}>
              ${missing ? html`<option value=${wanted} .selected=${true}>${wanted} (not here)</option>` : nothing}
              ${this.entries.map((entry) => html`<option value=${entry.id} .selected=${entry.id === chosen}>${entry.title}</option>`)}
            </select></label>`
          : nothing}
        ${networks ? networkButtons({ entries: this.entries, wanted: missing ? wanted : "", importer: importer ?? null }) : nothing}
      </div>
      ${missing && value && this.status === "fulfilled"
        ? html`<p class="missing" role="status"><b>${sourceNamed(wanted)?.title ?? wanted}</b> is not here. Until it is, this cell goes on with <b>${value.card.title}</b>; pictures made with it differ.</p>`
        : nothing}
    </div>`;
  }

  private about({ id, card, random }: NetworkValue) {
    const { note, title = card.title } = this.entries.find((entry) => entry.id === id) ?? {};
    return html`<div class="body">
        <p class="title">${random === undefined ? card.title : `${title} with random weights`}</p>
        ${random !== undefined
          ? html`<p class="about">Its weights are <b>random numbers</b>: it has never seen a picture and has learnt nothing. Whatever it answers comes of how its layers are put together.</p>`
          : note
            ? html`<p class="about">${note}</p>`
            : nothing}
        ${this.weightsChoice(random)}
        ${blockMap(card)}
        <p class="legend soft"><span class="mark style"></span>read for the style <span class="mark content"></span>read for the content: the network's own recommendation, yours to change</p>
      </div>
      <div class="body">
        <dl>
          <dt>Reads</dt>
          <dd>${inputText(card.input)}</dd>
          <dt>Weights</dt>
          ${random === undefined
            ? html`<dd class="number">${formatCount(parameters(card))} parameters as ${formatText(card)}</dd>
                ${Object.entries(card.credits).map(([what, text]) => html`<dt>${CREDITS[what] ?? what}</dt><dd>${text}</dd>`)}`
            : html`<dd class="number">${formatCount(parameters(card))} numbers: kernels drawn at random from seed ${random}, normal around 0 and so wide that answers neither grow nor fade from layer to layer (He et al. 2015), and biases of 0</dd>`}
        </dl>
      </div>`;
  }

  private weightsChoice(random: number | undefined) {
    const kind = random === undefined ? "trained" : "random";
    return html`<div class="controls weights">
      <span id="weights" class="soft">weights</span>
      <span class="either" role="group" aria-labelledby="weights">
        ${(["trained", "random"] as const).map((one) => html`<button aria-pressed=${one === kind} @click=${() => this.setParam("weights", one)}>${one}</button>`)}
      </span>
      ${random === undefined
        ? nothing
        : html`<label>seed <nst-number-field label="seed of the random weights" whole .value=${random} .min=${0} .max=${2 ** 32 - 1} @nst-change=${(event: CustomEvent<number>) => this.setParam("seed", event.detail)}></nst-number-field></label>
            <button class="plain" @click=${() => this.setParam("seed", random + 1)}>Draw others</button>`}
    </div>`;
  }

  static override styles = [
    controlStyles,
    cellStyles,
    factStyles,
    css`
      .title {
        margin: 0;
        font: 600 16px/1.4 var(--serif);
      }
      .about {
        margin: 2px 0 0;
        max-width: 66ch;
        font: 15px/1.5 var(--serif);
        color: var(--soft);
      }
      .missing {
        margin: 10px 0 0;
        padding: 8px 12px;
        border-radius: 7px;
        background: var(--code);
        font: 13px/1.5 var(--sans);
      }
      nst-network-job {
        flex: 1 0 100%;
      }
      .weights {
        margin-top: 10px;
      }
      .weights nst-number-field {
        --field-width: 5em;
      }
      .blocks {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(132px, 1fr));
        gap: 10px;
        margin: 14px 0 0;
        padding: 0;
        list-style: none;
      }
      .block {
        min-width: 0;
      }
      .block b {
        font-weight: 600;
      }
      .block p {
        margin: 0 0 4px;
        font: 12px/1.4 var(--sans);
        color: var(--soft);
      }
      .block p b {
        display: block;
        color: var(--ink);
      }
      .block ul {
        display: grid;
        gap: 3px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .layer {
        display: flex;
        justify-content: space-between;
        gap: 6px;
        padding: 2px 7px;
        border-radius: 4px;
        border-left: 3px solid var(--line);
        background: var(--code);
        font: 11.5px/1.5 var(--mono);
        white-space: nowrap;
      }
      .layer span {
        color: var(--soft);
      }
      .layer.style {
        color: inherit;
        border-left-color: var(--style);
        background: var(--style-wash);
      }
      .layer.content {
        color: inherit;
        border-left-color: var(--content);
        background: var(--content-wash);
      }
      .legend {
        margin: 10px 0 0;
        font-size: 12px;
      }
      .mark {
        display: inline-block;
        width: 9px;
        height: 9px;
        margin: 0 5px 0 0;
        border-radius: 2px;
        background: currentColor;
      }
      .mark + .mark,
      .mark.content {
        margin-left: 10px;
      }
    `,
  ];
}

const CREDITS: Record<string, string> = { weights: "Origin", licence: "Licence", license: "Licence", pictures: "Pictures" };

/** The layers as data flow through them: a column a block, each half as large as the one before. */
function blockMap(card: ModelCard) {
  const { layers, defaults } = card;
  const maps = new Map(featureLayers(card).map(({ name, channels }) => [name, channels]));
  const use = (name: string) => (name === defaults.contentLayer ? "content" : name in defaults.styleLayers ? "style" : "");
  return html`<ol class="blocks">
    ${blocksOf(layers).map(({ layers, reduction }, i) => html`<li class="block">
      <p><b>block ${i + 1}</b>${reduction === 1 ? "full size" : `1/${reduction} of the size`}</p>
      <ul>
        ${layers.map((layer) => html`<li class="layer ${use(layer.name)}" title=${layer.name}>
          ${paperName(layer.name)}<span>${maps.has(layer.name) ? `${maps.get(layer.name)} maps` : layer.kind}</span>
          ${use(layer.name) ? html`<span class="visually-hidden">read for the ${use(layer.name)}</span>` : nothing}
        </li>`)}
      </ul>
    </li>`)}
  </ol>`;
}

/** Cuts a network at its pools. `reduction`: the factor by which the maps that a block ends with are smaller than the picture, in each direction. */
export function blocksOf(layers: readonly LayerSpec[]): { layers: LayerSpec[]; reduction: number }[] {
  const blocks: { layers: LayerSpec[]; reduction: number }[] = [{ layers: [], reduction: 1 }];
  for (const layer of layers) {
    const block = blocks.at(-1)!;
    if (layer.kind === "conv") block.reduction *= layer.stride;
    if (layer.kind === "pool") blocks.push({ layers: [], reduction: block.reduction * layer.stride });
    else block.layers.push(layer);
  }
  return blocks.filter(({ layers }) => layers.length > 0);
}

function inputText({ channels, range, mean, scale }: InputSpec) {
  const scales = [scale].flat();
  return html`${channels.split("").join(", ")}, black to white as ${range[0]} to ${range[1]}, minus the mean
    <span class="mono">(${mean.map((m) => formatNumber(m)).join(", ")})</span>${scales.some((s) => s !== 1) ? html`, times <span class="mono">${scales.map((s) => formatNumber(s)).join(", ")}</span>` : nothing}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network": NetworkCell;
  }
}
