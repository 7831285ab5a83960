import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { INPUTS, type KeptNetwork } from "../models/client";
import type { TriedInput } from "../models/sanity";
import "./network-answers";
import { Listening } from "./listening";
import { sourceOf } from "./network-checks";
import type { NetworkDesk } from "./network-desk";
import { readPixelsAs } from "./network-details-input";
import { tryInputs } from "./network-measures";
import { networkStyles } from "./network-styles";
import { sameInput, verdictText } from "./network-words";

const STANDS: Record<TriedInput["stands"], string> = { best: "fits best", "as good": "fits as well as any", worse: "fits worse" };

/** Whether a kept network answers known pictures as its family does, and how it would with other preprocessings. */
@customElement("nst-network-sanity")
export class NetworkSanity extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  @property({ attribute: false }) network: KeptNetwork | null = null;
  @state() private tried: Awaited<ReturnType<typeof tryInputs>> | null = null;
  @state() private trying: { done: number; of: number } | null = null;
  @state() private problem = "";
  /** what is being tried is given up when the element goes */
  #here: AbortSignal | null = null;

  constructor() {
    super();
    new Listening(this, () => this.desk, (desk, signal) => {
      this.#here = signal;
      desk.addEventListener("changed", () => this.requestUpdate(), { signal });
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get("network") as KeptNetwork | undefined;
    if (before && before.id !== this.network?.id) this.tried = null;
  }

  override render() {
    const { network, desk } = this;
    if (!network || !desk) return nothing;
    const { sanity } = network;
    const going = desk.checks.going.get(network.id)?.what === "sanity";
    const problem = this.problem || (going ? "" : desk.checks.problems.get(network.id));
    return html`<h3>Sanity test</h3>
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      ${sanity
        ? html`<p class="verdict ${sanity.verdict}"><b>It ${verdictText(sanity.verdict)}.</b></p>
            ${sanity.says.map((text) => html`<p class="small">${text}</p>`)}
            <nst-network-answers .layers=${sanity.layers}></nst-network-answers>`
        : html`<p class="small soft">${going ? "Reading the sample photographs with it …" : "Not tested yet."}</p>`}
      <div class="controls">
        <button type="button" ?disabled=${going} @click=${() => void desk.checks.sanity(network)}>${going ? "Testing …" : sanity ? "Test again" : "Test it"}</button>
        <button type="button" ?disabled=${this.trying !== null} @click=${this.#tryOthers}>${this.trying ? `Trying ${this.trying.done} of ${this.trying.of} …` : "Try the other preprocessings"}</button>
      </div>
      <div role="status">${this.tried ? this.#comparison(network, this.tried) : nothing}</div>`;
  }

  #comparison(network: KeptNetwork, { tried, says }: NonNullable<typeof this.tried>) {
    return html`<div class="tried">
      ${says.map((text) => html`<p class="small">${text}</p>`)}
      <ul aria-label="Preprocessings, the likeliest first">
        ${tried.map(({ title, input, stands, result }) => {
          const current = sameInput(input, network.card.input);
          return html`<li>
            <span class="what"><b>${title}</b> <span class="small soft">${STANDS[stands]}; it ${verdictText(result.verdict)}</span></span>
            ${current ? html`<span class="small soft">in use</span>` : html`<button type="button" aria-label="Read pixels as ${title}" @click=${() => void this.#use(network, { input })}>Read pixels so</button>`}
          </li>`;
        })}
      </ul>
    </div>`;
  }

  readonly #tryOthers = async () => {
    const { desk, network } = this;
    if (!desk || !network) return;
    this.trying = { done: 0, of: Object.keys(INPUTS).length };
    this.problem = "";
    const signal = this.#here!;
    try {
      this.tried = await tryInputs(desk.kernels, sourceOf(network), INPUTS, { signal, progress: (done, of) => (this.trying = { done, of }) });
    } catch (error) {
      if (!signal.aborted) this.problem = (error as Error).message;
    } finally {
      this.trying = null;
    }
  };

  async #use(network: KeptNetwork, { input }: Pick<TriedInput, "input">): Promise<void> {
    try {
      await readPixelsAs(this.desk!, network, input);
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  static override styles = [
    ...networkStyles,
    css`
      .verdict {
        margin-bottom: 4px;
      }
      .verdict:is(.unlike, .broken) {
        color: var(--error);
      }
      nst-network-answers {
        margin: 8px 0 12px;
      }
      .tried {
        margin-top: 12px;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-items: center;
        min-height: 40px;
        padding: 5px 0;
        border-bottom: 1px solid var(--line);
      }
      .what {
        flex: 1 1 240px;
        min-width: 0;
      }
      .what b {
        font-weight: 500;
      }
      .what .small {
        display: block;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-sanity": NetworkSanity;
  }
}
