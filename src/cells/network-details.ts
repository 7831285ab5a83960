import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { KeptNetwork, NetworkFile } from "../models/client";
import type { ModelCard } from "../nst/model-card";
import "./network-copies";
import type { NetworkDesk } from "./network-desk";
import { tensorTable } from "./network-details-tensors";
import "./network-details-input";
import "./network-details-sanity";
import "./network-repair";
import { networkStyles } from "./network-styles";
import { diskOf, formatText, inputWords, layersText, madeText, memoryOf, sizeText } from "./network-words";
import type { NetworkEntry } from "./networks";
import { whenText } from "./run-list-words";
import { saveBlob } from "./save-blob";
import { formatBytes } from "./value-facts";

/**
 * All about one network: what it is, how it reads pixels, whether it answers as it should, its copies, its tensors.
 *
 * @fires nst-back - the list is wanted again
 * @fires nst-show - (detail: string) id of another network to show
 * @fires nst-use - (detail: string) id of the network that the open notebook is to use
 */
@customElement("nst-network-details")
export class NetworkDetails extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  @property({ attribute: false }) entry: NetworkEntry | null = null;
  /** null until it has been read */
  @property({ attribute: false }) card: ModelCard | null = null;
  /** all networks: copies of this one are among them */
  @property({ attribute: false }) entries: readonly NetworkEntry[] = [];
  /** a notebook is open whose network could be another */
  @property({ type: Boolean }) usable = false;
  @state() private problem = "";
  @state() private saving = "";
  @query("h3") private heading!: HTMLElement;

  override focus(): void {
    void this.updateComplete.then(() => this.heading?.focus());
  }

  override render() {
    const { desk, entry, card } = this;
    if (!desk || !entry) return nothing;
    const { kept, id, title, note } = entry;
    return html`<button type="button" class="back" @click=${() => this.#fire("nst-back", "")}>← All networks</button>
      <h3 class="title" tabindex="-1">${title} <span class="chip">${id}</span></h3>
      ${note ? html`<p class="note">${note}</p>` : nothing}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${card ? this.#facts(card, kept) : html`<p class="soft">Reading its card …</p>`}
      <div class="controls does">
        ${this.usable ? html`<button type="button" @click=${() => this.#fire("nst-use", id)}>Use it in this notebook</button>` : nothing}
        ${kept
          ? html`${this.#save(kept, "weights.safetensors")}${this.#save(kept, "model.json")}
              <button type="button" class="plain" @click=${() => this.#remove(kept)}>Remove</button>`
          : nothing}
      </div>
      ${kept ? html`<p class="small soft">The safetensors file holds all of it and can be dropped on another workbench. Both files in <code>public/models/${id}/</code> put the network beside a workbench that you host.</p>` : nothing}
      ${kept
        ? html`<nst-network-input .desk=${desk} .network=${kept}></nst-network-input>
            <nst-network-sanity .desk=${desk} .network=${kept}></nst-network-sanity>
            <nst-network-copies .desk=${desk} .network=${kept} .entries=${this.entries}></nst-network-copies>
            ${tensorTable(kept)}<nst-network-repair .importer=${desk.importer} .network=${kept}></nst-network-repair>`
        : card
          ? html`<p class="small"><span class="soft">Reads</span> ${inputWords(card.input)}</p>`
          : nothing}`;
  }

  #facts(card: ModelCard, kept: KeptNetwork | undefined) {
    const { sha256 } = card.weights;
    return html`<dl>
      <dt>Layers</dt>
      <dd>${sizeText(card)}: ${layersText(card)}</dd>
      <dt>Weights</dt>
      <dd>${formatText(card)}; ${formatBytes(kept?.bytes ?? diskOf(card))} on disk, ${formatBytes(kept?.memory ?? memoryOf(card))} of memory while in use: it is computed in 32 bits, and each kernel is there a second time, turned about, for the way back</dd>
      ${kept
        ? html`<dt>Origin</dt>
            <dd>${kept.copyOf ? `${madeText(kept)}, made here of ${kept.copyOf}` : kept.origin}</dd>
            <dt>Licence</dt>
            <dd>${kept.licence || "not known"}</dd>
            <dt>Here since</dt>
            <dd>${whenText(kept.added)}</dd>`
        : Object.entries(card.credits).map(([what, text]) => html`<dt class="credit">${what === "weights" ? "origin" : what}</dt><dd>${text}</dd>`)}
      ${card.notes?.["settings"] ? html`<dt>Settings</dt><dd>${card.notes["settings"]}</dd>` : nothing}
      ${sha256 ? html`<dt>SHA-256</dt><dd class="mono">${sha256}</dd>` : nothing}
    </dl>`;
  }

  #save(kept: KeptNetwork, file: NetworkFile) {
    const busy = this.saving === file;
    return html`<button type="button" ?disabled=${this.saving !== ""} @click=${() => void this.#download(kept, file)}>${busy ? "Reading it …" : `Save ${file}`}</button>`;
  }

  async #download({ id }: KeptNetwork, file: NetworkFile): Promise<void> {
    this.saving = file;
    this.problem = "";
    try {
      saveBlob(await this.desk!.networks.file(id, file), file === "model.json" ? file : `${id}.safetensors`);
    } catch (error) {
      this.problem = `It could not be saved: ${(error as Error).message}`;
    } finally {
      this.saving = "";
    }
  }

  #remove(kept: KeptNetwork): void {
    void this.desk!.removals.remove(kept);
    this.#fire("nst-back", "");
  }

  #fire(type: "nst-back" | "nst-use", detail: string): void {
    this.dispatchEvent(new CustomEvent<string>(type, { detail, bubbles: true, composed: true }));
  }

  static override styles = [
    ...networkStyles,
    css`
      .back {
        margin-bottom: 10px;
      }
      .title {
        font: 600 18px/1.4 var(--serif);
        overflow-wrap: anywhere;
      }
      .title .chip {
        vertical-align: 2px;
      }
      .note {
        font: 15px/1.5 var(--serif);
        color: var(--soft);
      }
      .credit::first-letter {
        text-transform: uppercase;
      }
      .does {
        margin: 14px 0 8px;
      }
      nst-network-input,
      nst-network-sanity,
      nst-network-copies,
      .tensors {
        margin-top: 18px;
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      .tensors summary {
        width: fit-content;
        font: 600 13px/1.4 var(--sans);
        cursor: pointer;
      }
      .scroller {
        margin-top: 8px;
        overflow-x: auto;
      }
      table {
        border-collapse: collapse;
        font: 12px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      th,
      td {
        padding: 2px 16px 2px 0;
        text-align: right;
        white-space: nowrap;
      }
      th {
        color: var(--soft);
        font-weight: 400;
      }
      :is(th, td):first-child {
        font-family: var(--mono);
        text-align: left;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-details": NetworkDetails;
  }
}
