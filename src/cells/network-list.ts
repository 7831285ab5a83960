import { html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { SOURCES, type Draft, type ImportJob } from "../models/client";
import type { ModelCard } from "../nst/model-card";
import { Listening } from "./listening";
import type { NetworkDesk } from "./network-desk";
import "./network-details";
import "./network-get";
import "./network-import";
import { networkListStyles } from "./network-list-styles";
import { networkRow } from "./network-list-row";
import { networkStyles } from "./network-styles";
import { networkEntries, openNetwork, type NetworkEntry } from "./networks";
import { formatBytes } from "./value-facts";

/**
 * All networks: those that can be had, those on their way, those that are here; and all about one of them, when it is chosen.
 *
 *     html`<nst-network-list .desk=${desk}></nst-network-list>`
 *
 * @fires nst-use - (detail: string) id of the network that the open notebook is to use
 */
@customElement("nst-network-list")
export class NetworkList extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  /** a notebook is open whose network could be another */
  @property({ type: Boolean }) usable = false;
  @state() private entries: readonly NetworkEntry[] = [];
  @state() private drafts: readonly Draft[] = [];
  @state() private problem = "";
  /** id of the network that is looked at; null: the list is */
  @state() private shown: string | null = null;
  /** of networks that come with the workbench, by id */
  private cards = new Map<string, ModelCard>();
  #reading = 0;

  static override styles = [...networkStyles, networkListStyles];

  constructor() {
    super();
    new Listening(this, () => this.desk, (desk, signal) => {
      desk.addEventListener("changed", () => this.requestUpdate(), { signal });
      desk.networks.addEventListener("changed", () => void this.#read(), { signal });
      void this.#read();
    });
  }

  /** Shows all about one network. */
  show(id: string): void {
    this.shown = id;
    // the button that was pressed is gone: the reader goes on at the top of what came
    void this.updateComplete.then(() => this.renderRoot.querySelector("nst-network-details")?.focus());
  }

  async #read(): Promise<void> {
    const { networks } = this.desk!;
    const turn = ++this.#reading;
    try {
      const [entries, drafts] = await Promise.all([networkEntries(undefined, networks), networks.drafts()]);
      if (turn !== this.#reading) return; // something newer is being read
      this.entries = entries;
      this.drafts = drafts;
      this.problem = "";
      for (const { id, kept } of entries) {
        if (kept || this.cards.has(id)) continue;
        this.cards.set(id, (await openNetwork(id, entries)).card);
        this.requestUpdate();
      }
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  override render() {
    const { desk } = this;
    if (!desk) return nothing;
    const entry = this.entries.find(({ id }) => id === this.shown);
    const problem = this.problem || desk.problem || desk.networks.problem;
    return html`${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing} ${this.#gone(desk)}
    ${entry
      ? html`<nst-network-details
          .desk=${desk} .entry=${entry} .card=${entry.kept?.card ?? this.cards.get(entry.id) ?? null} .entries=${this.entries} .usable=${this.usable}
          @nst-back=${this.#back} @nst-show=${this.#chosen}
        ></nst-network-details>`
      : this.#all(desk)}`;
  }

  #all(desk: NetworkDesk) {
    const { vgg19 } = SOURCES;
    const jobs = desk.importer?.jobs ?? [];
    const download = jobs.find(({ task, state }) => task.kind === "download" && task.source === vgg19.id && state.phase !== "done");
    const here = this.entries.some(({ id }) => id === vgg19.id);
    return html`<div class="ways">
        ${!here && this.entries.length > 0 && desk.importer
          ? html`<nst-network-get .importer=${desk.importer} .source=${vgg19} .job=${download ?? null} .draft=${this.drafts.find(({ source }) => source === vgg19.id) ?? null}></nst-network-get>`
          : nothing}
        <nst-network-import .desk=${desk} .jobs=${jobs.filter((job) => job !== download)} @nst-show=${this.#chosen}></nst-network-import>
      </div>
      ${this.#unfinished(desk, jobs)}
      <div class="heads"><h3 id="here">Networks that are here</h3><span>on disk</span><span>in use</span></div>
      <ul class="networks" aria-labelledby="here">
        ${repeat(this.entries, ({ id }) => id, (entry) => networkRow({ entry, card: entry.kept?.card ?? this.cards.get(entry.id) ?? null, open: (id) => this.show(id), remove: (id) => void this.#remove(id) }))}
      </ul>`;
  }

  /** What an earlier page has begun to read from a file: only the file itself can finish it. */
  #unfinished({ networks }: NetworkDesk, jobs: readonly ImportJob[]) {
    const going = jobs.some(({ over }) => !over);
    const drafts = this.drafts.filter(({ source }) => source === null);
    if (drafts.length === 0 || going) return nothing;
    return html`<ul class="drafts" aria-label="Not all of it has arrived">
      ${drafts.map(({ key, title, origin, done }) => html`<li>
        <span class="small">Of <b>${title}</b> (${origin}) only ${formatBytes(done)} have arrived. Drop its file again to go on.</span>
        <button type="button" class="plain" @click=${() => void networks.removeDraft(key)}>Forget it</button>
      </li>`)}
    </ul>`;
  }

  #gone({ removals }: NetworkDesk) {
    return html`<div role="status">
      ${removals.pending.map(({ id, card, bytes }) => html`<div class="gone">
        <p>“${card.title}” was removed. Its ${formatBytes(bytes)} will be free in a minute.</p>
        <button type="button" @click=${() => void removals.undo(id)}>Bring it back</button>
        <button type="button" class="plain" @click=${() => void removals.finish(id)}>Delete now</button>
      </div>`)}
    </div>`;
  }

  readonly #chosen = (event: CustomEvent<string>) => this.show(event.detail);

  readonly #back = () => {
    const from = this.shown;
    this.shown = null;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`li[data-id="${from}"] button`)?.focus());
  };

  async #remove(id: string): Promise<void> {
    const kept = this.entries.find((entry) => entry.id === id)?.kept;
    if (!kept) return;
    await this.desk!.removals.remove(kept);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".gone:last-child button")?.focus();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-list": NetworkList;
  }
}
