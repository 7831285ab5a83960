import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { NotebookUsage, PictureUsage, Usage } from "../notebook/usage";
import type { Workspace } from "../notebook/workspace";
import type { NetworkStore } from "../models/client";
import type { RunUsage } from "../runs/room";
import type { RunStore } from "../runs/run-store";
import { freeNetworks, networkUsage, storageNetworks, type NetworkUsage } from "./storage-networks";
import { storageRuns } from "./storage-runs";
import { storageStyles } from "./storage-styles";
import { controlStyles } from "./theme";
import { formatBytes } from "./value-facts";

/** Something that can be freed: what will be lost, and what does it. */
export interface Freeing {
  /** tells rows apart */
  id: string;
  /** what will be lost, in whole sentences */
  lost: string;
  /** on the button that does it */
  action: string;
  /** does it; returns what was done, in a sentence */
  free: () => Promise<string>;
  /** it can be taken back as long as the page is open */
  undo: boolean;
}

/**
 * What the browser keeps of the person's work, how much room that takes, and ways to free it.
 *
 *     html`<nst-storage .workspace=${workspace} .runs=${runs} .networks=${networks}></nst-storage>`
 */
@customElement("nst-storage")
export class StoragePanel extends LitElement {
  @property({ attribute: false }) workspace: Workspace | null = null;
  /** where runs are kept; null: there are none to speak of */
  @property({ attribute: false }) runs: RunStore | null = null;
  /** where networks are kept that were brought along; null: there are none to speak of */
  @property({ attribute: false }) networks: NetworkStore | null = null;
  @state() private usage: Usage | null = null;
  @state() private runUsage: RunUsage | null = null;
  @state() private networkUsage: NetworkUsage | null = null;
  /** what the person is asked to confirm */
  @state() private asked: Freeing | null = null;
  @state() private busy = false;
  @state() private done: { text: string; undo: boolean } | null = null;
  @state() private problem = "";
  /** addresses of small previews, by `src` */
  #previews = new Map<string, string>();
  #listening: AbortController | null = null;

  static override styles = [controlStyles, storageStyles];

  protected override willUpdate(changed: PropertyValues): void {
    if (["workspace", "runs", "networks"].some((name) => changed.has(name))) this.#listen();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening?.abort();
    for (const address of this.#previews.values()) URL.revokeObjectURL(address);
    this.#previews.clear();
  }

  #listen(): void {
    this.#listening?.abort();
    if (!this.workspace || !this.isConnected) return;
    const { signal } = (this.#listening = new AbortController());
    const read = () => void this.#read();
    this.workspace.addEventListener("entries", read, { signal });
    this.workspace.store.addEventListener("room", read, { signal });
    this.runs?.addEventListener("runs", read, { signal });
    this.networks?.addEventListener("changed", read, { signal });
    read();
  }

  async #read(): Promise<void> {
    const { store } = this.workspace!;
    try {
      const usage = await store.usage();
      for (const { src } of usage.pictures) {
        if (this.#previews.has(src)) continue;
        const kept = await store.pictures.get(src);
        if (kept && this.isConnected) this.#previews.set(src, URL.createObjectURL(kept.file));
      }
      this.runUsage = (await this.runs?.usage()) ?? null;
      this.networkUsage = this.networks && (await networkUsage(this.networks));
      this.usage = usage;
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }

  override render() {
    const problem = this.problem || this.workspace?.store.problem || this.runs?.problem || this.networks?.problem;
    return html`${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      <p class="done" role="status">${this.done?.text}${this.done?.undo ? html` <button class="plain" @click=${this.#undo}>Undo</button>` : nothing}</p>
      ${this.usage ? this.#view(this.usage) : this.problem ? nothing : html`<p class="soft">Looking …</p>`}`;
  }

  #view(usage: Usage): TemplateResult {
    const { notebooks, pictures, bytes } = usage;
    const runs = this.runUsage?.runs ?? 0;
    const { networks, drafts } = this.networkUsage ?? { networks: [], drafts: [] };
    if (notebooks.length + pictures.length + runs + networks.length + drafts.length === 0) return html`<p>Nothing is kept yet: no notebook of your own, no change of another one, no picture, no run, no network.</p>${this.#browser(usage)}`;
    const unused = pictures.filter(({ usedBy }) => usedBy.length === 0);
    return html`<p class="sum"><b>${formatBytes(bytes + (this.runUsage?.bytes ?? 0) + (this.networkUsage?.bytes ?? 0))}</b> of your work is kept in this browser, on this computer, and nowhere else.</p>
      ${this.#browser(usage)}
      <div class="lists">
        ${this.#list("Notebooks", notebooks, (notebook) => this.#notebook(notebook))}
        ${this.#list("Pictures", pictures, (picture) => this.#picture(picture))}
        ${this.networks && this.networkUsage ? storageNetworks(this.networks, this.networkUsage, (...row) => this.#row(...row)) : nothing}
      </div>
      ${this.runs && this.runUsage ? storageRuns(this.runs, this.runUsage, (freeing, label) => this.#button(freeing, label), (id) => this.#confirmation(id)) : nothing}
      <div class="all">
        <div class="controls">
          ${unused.length > 0 ? this.#button(this.#unused(unused), `Delete unused pictures (${formatBytes(sum(unused))})…`) : nothing}
          ${this.#button(this.#everything(usage), "Delete everything…")}
        </div>
        ${this.#confirmation("unused")} ${this.#confirmation("everything")}
      </div>`;
  }

  #list<T extends { bytes: number }>(title: string, items: readonly T[], row: (item: T) => TemplateResult) {
    if (items.length === 0) return nothing;
    return html`<section>
      <h3 id=${title}>${title} <span class="soft number">${formatBytes(sum(items))}</span></h3>
      <ul aria-labelledby=${title}>
        ${items.map(row)}
      </ul>
    </section>`;
  }

  #browser({ browser: { usage, quota, persisted } }: Usage) {
    const room = usage !== null && quota !== null ? html`With the files of the workbench itself, this page takes ${formatBytes(usage)} of the ${formatBytes(quota)} that the browser allows it. ` : nothing;
    const promise = persisted === null ? nothing : persisted ? "The browser has promised not to delete it by itself." : "The browser may delete it by itself when the disk is nearly full, or when you have not been here for weeks; save as a file what must last.";
    return html`<p class="soft">${room}${promise}</p>`;
  }

  #notebook({ name, title, origin, bytes }: NotebookUsage) {
    const shipped = this.workspace!.shippedText(name) !== null;
    const freeing: Freeing = {
      id: `notebook ${name}`,
      lost: shipped
        ? `What you changed and set in “${title}” will be lost. It will be as it comes with the workbench.`
        : `“${title}” will be deleted, with all that is written and set in it. Pictures in it stay, until you delete them too.`,
      action: shipped ? "Reset" : "Delete",
      undo: true,
      free: async () => {
        if (shipped) await this.workspace!.reset(name);
        else await this.workspace!.remove(name);
        return shipped ? `“${title}” is as it comes with the workbench.` : `“${title}” was deleted.`;
      },
    };
    const kind = shipped ? "your changes" : { own: "your own", shipped: "your own", link: "from a link", import: "from a file" }[origin];
    return this.#row(freeing, title, kind, bytes, shipped ? "Reset…" : "Delete…");
  }

  #picture({ src, name, bytes, usedBy }: PictureUsage) {
    const users = usedBy.map((user) => `“${this.#title(user)}”`).join(", ");
    const freeing: Freeing = {
      id: src,
      lost: `The picture “${name}” will be deleted${users ? `. ${users} will ask for another one` : ""}. This cannot be undone; the file that it was made from stays where it is.`,
      action: "Delete",
      undo: false,
      free: async () => {
        await this.workspace!.store.free([src]);
        return `The picture “${name}” was deleted.`;
      },
    };
    return this.#row(freeing, name, users ? `in ${users}` : "in no notebook", bytes, "Delete…", this.#previews.get(src));
  }

  #unused(unused: readonly PictureUsage[]): Freeing {
    const which = unused.map(({ name }) => `“${name}”`).join(", ");
    return {
      id: "unused",
      lost: `${which} will be deleted, because no notebook shows ${unused.length === 1 ? "it" : "them"}. This cannot be undone.`,
      action: "Delete",
      undo: false,
      free: async () => `${formatBytes(await this.workspace!.freeUnused())} are free again.`,
    };
  }

  #everything({ notebooks, pictures }: Usage): Freeing {
    const runs = this.runUsage?.runs ?? 0;
    const networks = (this.networkUsage?.networks.length ?? 0) + (this.networkUsage?.drafts.length ?? 0);
    const more = [count(pictures.length, "picture"), ...(runs > 0 ? [count(runs, "run")] : []), ...(networks > 0 ? [count(networks, "network")] : [])];
    const last = more.pop()!;
    return {
      id: "everything",
      lost: `All of this will be lost for good: ${[`${count(notebooks.length, "notebook")} of your own or with your changes`, ...more].join(", ")}${more.length > 0 ? "" : ","} and ${last}. Save as files first what you want to keep.`,
      action: "Delete everything",
      undo: false,
      free: async () => {
        await this.workspace!.freeAll();
        await this.runs?.free("all");
        if (this.networks) await freeNetworks(this.networks);
        return "Nothing is kept any more.";
      },
    };
  }

  #row(freeing: Freeing, title: string, about: string, bytes: number, label: string, preview?: string) {
    return html`<li>
      <div class="row">
        ${preview === undefined ? nothing : html`<img src=${preview} alt="" />`}
        <span class="what"><b>${title}</b> <span class="soft">${about}</span></span>
        <span class="number size">${formatBytes(bytes)}</span>
        ${this.#button(freeing, label, `${label.replace("…", "")} ${title}`)}
      </div>
      ${this.#confirmation(freeing.id)}
    </li>`;
  }

  #button(freeing: Freeing, label: string, spoken: string = label) {
    return html`<button aria-label=${spoken} aria-expanded=${this.asked?.id === freeing.id} ?disabled=${this.busy} @click=${(event: Event) => this.#ask(freeing, event.currentTarget as HTMLElement)}>${label}</button>`;
  }

  #confirmation(id: string) {
    if (this.asked?.id !== id) return nothing;
    const { lost, action } = this.asked;
    return html`<div class="confirm" role="group" aria-label="Are you sure?" @keydown=${this.#key}>
      <p>${lost}</p>
      <div class="controls">
        <button @click=${this.#cancel}>Cancel</button>
        <button class="danger" ?disabled=${this.busy} @click=${this.#free}>${action}</button>
      </div>
    </div>`;
  }

  #from: HTMLElement | null = null;

  #ask(freeing: Freeing, from: HTMLElement): void {
    if (this.asked?.id === freeing.id) return this.#cancel();
    this.asked = freeing;
    this.done = null;
    this.#from = from;
    // what is to be lost is read before the finger is on the button
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".confirm button")?.focus());
  }

  readonly #cancel = (): void => {
    this.asked = null;
    this.#from?.focus();
  };

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    // this question is answered, the dialog around stays open
    event.preventDefault();
    event.stopPropagation();
    this.#cancel();
  }

  async #free(): Promise<void> {
    const { free, undo } = this.asked!;
    await this.#do(async () => ({ text: await free(), undo }));
    this.asked = null;
  }

  async #undo(): Promise<void> {
    await this.#do(async () => {
      const name = await this.workspace!.undoRemove();
      return { text: name === null ? "There is nothing to take back." : `“${this.#title(name)}” is back.`, undo: false };
    });
  }

  async #do(work: () => Promise<{ text: string; undo: boolean }>): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      this.done = await work();
    } catch (error) {
      this.problem = (error as Error).message;
    } finally {
      this.busy = false;
    }
    await this.#read();
    await this.updateComplete;
    // the button that was pressed is gone
    this.renderRoot.querySelector<HTMLElement>("button")?.focus();
  }

  #title(name: string): string {
    return this.workspace!.entries.find((entry) => entry.name === name)?.title ?? name;
  }
}

function sum(sized: readonly { bytes: number }[]): number {
  return sized.reduce((total, { bytes }) => total + bytes, 0);
}

function count(n: number, what: string): string {
  return n === 1 ? `one ${what}` : `${n} ${what}s`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-storage": StoragePanel;
  }
}
