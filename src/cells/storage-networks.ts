import { html, nothing, type TemplateResult } from "lit";
import type { Draft, KeptNetwork, NetworkStore } from "../models/client";
import type { Freeing } from "./storage-panel";
import { formatBytes } from "./value-facts";

/** Networks that were brought along, and what has arrived of others. */
export interface NetworkUsage {
  networks: readonly KeptNetwork[];
  drafts: readonly Draft[];
  bytes: number;
}

export async function networkUsage(store: NetworkStore): Promise<NetworkUsage> {
  const [networks, drafts, bytes] = await Promise.all([store.list(), store.drafts(), store.usage()]);
  return { networks, drafts, bytes };
}

/**
 * What networks take in the storage panel, and what can be freed of it.
 * @param row shows something that can be freed as a line of a list, with what would be lost
 */
export function storageNetworks(store: NetworkStore, { networks, drafts, bytes }: NetworkUsage, row: (freeing: Freeing, title: string, about: string, bytes: number, label: string) => TemplateResult) {
  if (networks.length + drafts.length === 0) return nothing;
  return html`<section>
    <h3 id="Networks">Networks <span class="soft number">${formatBytes(bytes)}</span></h3>
    <ul aria-labelledby="Networks">
      ${networks.map((network) => row(freeNetwork(store, network), network.card.title, network.id, network.bytes, "Delete…"))}
      ${drafts.map((draft) => row(freeDraft(store, draft), draft.title, "not all of it has arrived", draft.done, "Delete…"))}
    </ul>
  </section>`;
}

/** Deletes all networks and all that has arrived of others. */
export async function freeNetworks(store: NetworkStore): Promise<void> {
  for (const { id } of await store.list()) await deleteNow(store, id);
  for (const { key } of await store.drafts()) await store.removeDraft(key);
}

function freeNetwork(store: NetworkStore, { id, card, bytes }: KeptNetwork): Freeing {
  return {
    id: `network ${id}`,
    lost: `“${card.title}” will be deleted. Cells that name it will say that it is not here; runs that were made with it stay, and go on when it is brought along again. This cannot be undone.`,
    action: "Delete",
    undo: false,
    free: async () => {
      await deleteNow(store, id);
      return `“${card.title}” was deleted. ${formatBytes(bytes)} are free again.`;
    },
  };
}

function freeDraft(store: NetworkStore, { key, title, done }: Draft): Freeing {
  return {
    id: `draft ${key}`,
    lost: `What has arrived of “${title}” will be deleted. Bringing it along begins anew then.`,
    action: "Delete",
    undo: false,
    free: async () => {
      await store.removeDraft(key);
      return `${formatBytes(done)} are free again.`;
    },
  };
}

async function deleteNow(store: NetworkStore, id: string): Promise<void> {
  await store.remove(id);
  await store.purge(id);
}
