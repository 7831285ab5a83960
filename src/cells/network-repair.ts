import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Importer, KeptNetwork } from "../models/client";
import { Listening } from "./listening";
import "./network-job";
import { networkStyles } from "./network-styles";

/** Compares the numbers of a kept network with what was recorded when they came, and has those fetched again that are damaged. */
@customElement("nst-network-repair")
export class NetworkRepair extends LitElement {
  @property({ attribute: false }) importer: Importer | null = null;
  @property({ attribute: false }) network: KeptNetwork | null = null;

  constructor() {
    super();
    new Listening(this, () => this.importer, (importer, signal) => importer.addEventListener("jobs", () => this.requestUpdate(), { signal }));
  }

  override render() {
    const { importer, network } = this;
    if (!importer || !network) return nothing;
    const job = importer.jobs.findLast(({ task }) => task.kind === "repair" && task.id === network.id);
    const source = /^https:/.test(network.origin) ? "What is damaged is fetched again, and nothing else." : "What is damaged is named.";
    return html`<div class="controls">
        <button type="button" ?disabled=${job && !job.over} @click=${() => importer.repair(network.id)}>Check and repair</button>
      </div>
      <p class="small soft">Compares every tensor with the SHA-256 that was recorded when it came. ${source}</p>
      ${job ? html`<nst-network-job .importer=${importer} .job=${job}></nst-network-job>` : nothing}`;
  }

  static override styles = [
    ...networkStyles,
    css`
      :host {
        display: block;
        margin-top: 16px;
      }
      p {
        margin: 8px 0 12px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-repair": NetworkRepair;
  }
}
