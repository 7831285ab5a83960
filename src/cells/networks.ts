/** The networks that come with the workbench. */
import type { NetworkSource } from "../kernel/protocol";
import { parseModelCard } from "../nst/card";

/** One entry of models/index.json: what there is to choose from. */
export interface NetworkEntry {
  id: string;
  title: string;
  /** said beneath the title: what the network is, and what it is not */
  note?: string;
}

/** @throws Error that says what is wrong with models/index.json, or that it cannot be had */
export async function networkEntries(signal?: AbortSignal): Promise<NetworkEntry[]> {
  return readIndex(await fetchJson(new URL("index.json", root()), signal));
}

/**
 * The card of a network, and where its weights are.
 * @param entries what there is
 * @throws Error if it is none of them, or its card cannot be had or read
 */
export async function openNetwork(id: string, entries: readonly NetworkEntry[], signal?: AbortSignal): Promise<NetworkSource & { id: string }> {
  if (!entries.some((entry) => entry.id === id)) throw new Error(`There is no network "${id}". There are: ${entries.map((entry) => entry.id).join(", ")}.`);
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
  return entries;
}
