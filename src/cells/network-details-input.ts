import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { INPUTS, type KeptNetwork } from "../models/client";
import type { InputSpec } from "../nst/model-card";
import type { NetworkDesk } from "./network-desk";
import "./number-field";
import { networkStyles } from "./network-styles";
import { inputWords, sameInput } from "./network-words";

const OWN = "own";

/** How a kept network reads pixels, why so, and another way to do it. */
@customElement("nst-network-input")
export class NetworkInput extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  @property({ attribute: false }) network: KeptNetwork | null = null;
  /** what the person has chosen and not yet confirmed */
  @state() private draft: InputSpec | null = null;
  /** the person writes the numbers */
  @state() private own = false;
  @state() private problem = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("network") as KeptNetwork | undefined;
    if (!changed.has("network") || (before?.id === this.network?.id && before && this.network && sameInput(before.card.input, this.network.card.input))) return;
    this.draft = null;
    this.own = this.network ? knownName(this.network.card.input) === OWN : false;
  }

  override render() {
    const { network } = this;
    if (!network) return nothing;
    const { input, notes } = network.card;
    const shown = this.draft ?? input;
    const name = this.own ? OWN : knownName(shown);
    const differs = this.draft !== null && !sameInput(this.draft, input);
    return html`<h3>How it reads pixels</h3>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <p class="small">${inputWords(input)}. ${notes?.["input"] ? html`<span class="soft">${notes["input"]}</span>` : nothing}</p>
      <div class="controls">
        <label>preprocessing
          <select @change=${this.#choose}>
            ${Object.entries(INPUTS).map(([one, { title }]) => html`<option value=${one} .selected=${one === name}>${title}</option>`)}
            <option value=${OWN} .selected=${name === OWN}>own numbers</option>
          </select>
        </label>
      </div>
      ${this.own ? this.#fields(shown) : nothing}
      ${differs
        ? html`<div class="change" role="group" aria-label="Another preprocessing">
            <p class="small">It will read pixels as ${inputWords(this.draft!)}. Runs that are kept stay as they are; a run that you begin from now on is another one, and what was measured of this network is measured again.</p>
            <div class="controls">
              <button type="button" class="primary" @click=${this.#apply}>Read pixels so</button>
              <button type="button" class="plain" @click=${this.#leave}>Leave it as it is</button>
            </div>
          </div>`
        : nothing}`;
  }

  #fields({ channels, range, mean, scale }: InputSpec) {
    const letters = [...channels];
    const scales = [scale, scale, scale].map((one, i) => (typeof one === "number" ? one : one[i]));
    const field = (label: string, value: number, take: (value: number) => Partial<InputSpec>, min = -Infinity) =>
      html`<nst-number-field .label=${label} .value=${value} .min=${min} @nst-change=${(event: CustomEvent<number>) => this.#change(take(event.detail))}></nst-number-field>`;
    const three = (values: readonly number[], i: number, value: number) => values.map((old, k) => (k === i ? value : old)) as [number, number, number];
    return html`<div class="fields" role="group" aria-label="Own numbers">
      <span id="order" class="soft">order</span>
      <span class="either" role="group" aria-labelledby="order">
        ${(["RGB", "BGR"] as const).map((order) => html`<button type="button" aria-pressed=${channels === order} @click=${() => this.#change({ channels: order })}>${order}</button>`)}
      </span>
      <span class="soft">black and white</span>
      <span class="numbers">${field("black becomes", range[0], (low) => ({ range: [low, range[1]] }))}${field("white becomes", range[1], (high) => ({ range: [range[0], high] }))}</span>
      <span class="soft">minus</span>
      <span class="numbers">${letters.map((letter, i) => field(`mean of ${letter}`, mean[i], (value) => ({ mean: three(mean, i, value) })))}</span>
      <span class="soft">times</span>
      <span class="numbers">${letters.map((letter, i) => field(`scale of ${letter}`, scales[i], (value) => ({ scale: three(scales, i, value) }), Number.MIN_VALUE))}</span>
    </div>`;
  }

  readonly #choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    this.own = value === OWN;
    if (value !== OWN) this.draft = INPUTS[value as keyof typeof INPUTS].input;
  };

  #change(change: Partial<InputSpec>): void {
    this.draft = { ...(this.draft ?? this.network!.card.input), ...change };
  }

  readonly #leave = () => {
    this.draft = null;
    this.own = knownName(this.network!.card.input) === OWN;
    this.#focusChoice();
  };

  readonly #apply = async () => {
    const { desk, network, draft } = this;
    if (!desk || !network || !draft) return;
    this.#focusChoice();
    try {
      await readPixelsAs(desk, network, draft);
      this.problem = "";
    } catch (error) {
      this.problem = (error as Error).message;
    }
  };

  /** The button that was pressed goes. */
  #focusChoice(): void {
    this.renderRoot.querySelector("select")?.focus();
  }

  static override styles = [
    ...networkStyles,
    css`
      label {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
      }
      label,
      select {
        max-width: 100%;
      }
      .fields {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px 14px;
        align-items: center;
        margin-top: 12px;
        font-size: 13px;
      }
      .either {
        width: fit-content;
      }
      .numbers {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      nst-number-field {
        --field-width: 6.5em;
      }
      @media (max-width: 560px) {
        .fields {
          grid-template-columns: minmax(0, 1fr);
          gap: 2px;
        }
        .numbers,
        .either {
          margin-bottom: 8px;
        }
      }
      .change {
        margin-top: 12px;
        padding: 10px 12px;
        border-radius: 7px;
        background: var(--code);
      }
    `,
  ];
}

/** Changes how a network reads pixels, and measures anew whether it answers as it should. @throws Error if it could not be kept */
export async function readPixelsAs({ networks, checks }: NetworkDesk, network: KeptNetwork, input: InputSpec): Promise<void> {
  const card = { ...network.card, input, notes: { ...network.card.notes, input: "You chose this." } };
  await networks.update(network.id, { card, sanity: undefined });
  void checks.reading({ ...network, card });
}

/** Which of INPUTS it is; "own" if none. */
function knownName(input: InputSpec): string {
  return Object.entries(INPUTS).find(([, known]) => sameInput(known.input, input))?.[0] ?? OWN;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-input": NetworkInput;
  }
}
