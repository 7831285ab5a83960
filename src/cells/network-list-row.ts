import { html, nothing, type TemplateResult } from "lit";
import type { ModelCard } from "../nst/model-card";
import { diskOf, madeText, memoryOf } from "./network-words";
import type { NetworkEntry } from "./networks";
import { whenText } from "./run-list-words";
import { formatBytes } from "./value-facts";

export interface NetworkRowLook {
  entry: NetworkEntry;
  /** of a network that comes with the workbench: null until it has been read */
  card: ModelCard | null;
  open(id: string): void;
  remove(id: string): void;
}

/** One network of the list: what it is, what it takes, where it came from. */
export function networkRow({ entry, card, open, remove }: NetworkRowLook): TemplateResult {
  const { id, title, kept } = entry;
  const disk = kept?.bytes ?? (card ? diskOf(card) : null);
  const memory = kept?.memory ?? (card ? memoryOf(card) : null);
  const suspicious = kept?.sanity && kept.sanity.verdict !== "fits";
  const about = kept
    ? [kept.copyOf ? `${madeText(kept)}, made of ${kept.copyOf}` : kept.origin, kept.licence, whenText(kept.added)]
    : ["comes with the workbench", card?.credits["licence"] ?? card?.credits["license"] ?? ""];
  return html`<li data-id=${id}>
    <span class="name">
      <button type="button" class="plain title" @click=${() => open(id)}>${title}</button> <span class="chip">${id}</span>
      ${suspicious ? html`<span class="warn">sanity test: look at it</span>` : nothing}
    </span>
    <span class="size number"><span class="word">on disk</span> ${disk === null ? "–" : formatBytes(disk)}</span>
    <span class="size number"><span class="word">in use</span> ${memory === null ? "–" : formatBytes(memory)}</span>
    <span class="about small soft">${about.filter(Boolean).join(" · ")}</span>
    <span class="can">
      <button type="button" aria-label="Details of ${title}" @click=${() => open(id)}>Details</button>
      ${kept ? html`<button type="button" class="plain" aria-label="Remove ${title}" @click=${() => remove(id)}>Remove</button>` : nothing}
    </span>
  </li>`;
}
