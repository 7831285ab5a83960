/** The networks that there are to choose from: those that come with the workbench, and those that were brought along. */
import type { NetworkSource } from "../kernel/protocol";
import { keptBase, type KeptNetwork } from "../models/client";
import { parseModelCard } from "../nst/card";

/** One entry of models/index.json, or a network that is kept in this browser: what there is to choose from. */
export interface NetworkEntry {
  id: string;
  title: string;
  /** said beneath the title: what the network is, and what it is not */
  note?: string;
  /** brought along by the person: all that is known of it */
  kept?: KeptNetwork;
}

/** Where networks that were brought along are listed: a NetworkStore. */
export interface KeptNetworks {
  list(): Promise<KeptNetwork[]>;
}

/**
 * Those that come with the workbench, then those that are kept, by title. A kept one with the id of one that comes with it
 * takes its place: the person brought it along on purpose.
 * @param kept null: none are kept
 * @throws Error that says what is wrong with models/index.json, or that it cannot be had
 */
export async function networkEntries(signal?: AbortSignal, kept?: KeptNetworks | null): Promise<NetworkEntry[]> {
  const [shipped, own] = await Promise.all([shippedEntries(signal), kept?.list() ?? []]);
  return mergeEntries(shipped, own);
}

/** Those that come with the workbench. @throws Error as `networkEntries` */
export async function shippedEntries(signal?: AbortSignal): Promise<NetworkEntry[]> {
  return readIndex(await fetchJson(new URL("index.json", root()), signal));
}

/** As `networkEntries` orders them. */
export function mergeEntries(shipped: readonly NetworkEntry[], own: readonly KeptNetwork[]): NetworkEntry[] {
  const ids = new Set(own.map(({ id }) => id));
  const entries = own.map((kept): NetworkEntry => ({ id: kept.id, title: kept.card.title, kept }));
  return [...shipped.filter(({ id }) => !ids.has(id)), ...entries.sort((a, b) => a.title.localeCompare(b.title, "en"))];
}

/**
 * The card of a network, and where its weights are.
 * @param entries what there is
 * @throws Error if it is none of them, or its card cannot be had or read
 */
export async function openNetwork(id: string, entries: readonly NetworkEntry[], signal?: AbortSignal): Promise<NetworkSource & { id: string }> {
  const entry = entries.find((entry) => entry.id === id);
  if (!entry) throw new Error(`There is no network "${id}". There are: ${entries.map((entry) => entry.id).join(", ")}.`);
  if (entry.kept) return { id, card: entry.kept.card, base: keptBase(id) };
  const base = new URL(`${id}/`, root());
  const card = parseModelCard(await fetchJson(new URL("model.json", base), signal));
  return { id, card, base: base.href };
}

const root = () => new URL("models/", document.baseURI);

async function fetchJson(url: URL, signal?: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(`${url.pathname} could not be fetched. Is the server still there?`);
  }
  if (!response.ok) throw new Error(`${url.pathname} could not be fetched: ${response.status} ${response.statusText}. Is the folder models/ where the page comes from?`);
  try {
    return await response.json();
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error(`${url.pathname} is not JSON: ${(error as Error).message}`);
  }
}

function readIndex(json: unknown): NetworkEntry[] {
  const entries = Array.isArray(json) ? (json as NetworkEntry[]) : [];
  if (entries.length === 0 || !entries.every((entry) => typeof entry?.id === "string" && /^[\w.-]+$/.test(entry.id) && typeof entry.title === "string"))
    throw new Error('models/index.json should be a list of networks, like [{ "id": "vgg19-slim", "title": "VGG-19 slim" }].');
  // whatever else an index holds, what is kept in the browser it cannot be
  return entries.map(({ id, title, note }) => ({ id, title, ...(typeof note === "string" ? { note } : {}) }));
}
