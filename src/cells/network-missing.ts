import { html, nothing, type TemplateResult } from "lit";
import { SOURCES, type Importer, type WeightsSource } from "../models/client";
import type { LibraryActionDetail } from "./library-list";
import "./network-job";
import { NO_NETWORKS } from "./network-words";
import type { NetworkEntry } from "./networks";
import { formatBytes } from "./value-facts";

/** Public files of which the page can fetch the convolutions, by the id that the network gets. */
export const sourceNamed = (id: string): WeightsSource | null => Object.values(SOURCES).find((source) => source.id === id) ?? null;

/**
 * Which network a cell takes: the one that the notebook names, else the one that it names for as long as that is not here.
 * @param wanted empty: the first
 * @param or empty: none
 * @param canGet networks can be brought along here
 * @throws Error that says what is not here, and what to do
 */
export function chosenNetwork(entries: readonly NetworkEntry[], wanted: string, or: string, canGet: boolean): NetworkEntry {
  const find = (id: string) => entries.find((entry) => entry.id === id);
  const chosen = wanted === "" ? entries[0] : (find(wanted) ?? find(or));
  if (chosen) return chosen;
  const source = sourceNamed(wanted);
  const there = entries.map(({ id }) => id).join(", ");
  if (source && canGet) throw new Error(`${source.title} is not in this browser yet. Get it here (${formatBytes(source.bytes)}), or choose another network. There are: ${there}.`);
  throw new Error(`There is no network "${wanted}". There are: ${there}. ${canGet ? "Bring it along under “Networks…”, or choose another one." : NO_NETWORKS}`);
}

/** Beside the choice: get what can be had, and see all networks. */
export function networkButtons({ entries, wanted, importer }: { entries: readonly NetworkEntry[]; wanted: string; importer: Importer | null }): TemplateResult {
  const source = sourceNamed(wanted) ?? SOURCES.vgg19;
  const missing = importer !== null && entries.length > 0 && !entries.some(({ id }) => id === source.id);
  const job = missing ? downloadOf(importer, source) : undefined;
  const show = (event: Event) =>
    event.target!.dispatchEvent(new CustomEvent<LibraryActionDetail>("nst-action", { detail: { action: "networks", name: "" }, bubbles: true, composed: true }));
  return html`${missing && !job
      ? html`<button title="${formatBytes(source.bytes)} from ${source.from}, licence ${source.licence}" @click=${() => importer.download(source)}>Get ${source.title} (${formatBytes(source.bytes)})</button>`
      : nothing}<button class="plain" @click=${show}>Networks…</button>${job ? html`<nst-network-job .importer=${importer} .job=${job}></nst-network-job>` : nothing}`;
}

function downloadOf(importer: Importer, { id }: WeightsSource) {
  return importer.jobs.find(({ task, state }) => task.kind === "download" && task.source === id && state.phase !== "done");
}
