/** The networks that a sweep compares: what the texts of its axis stand for. */
import type { NetworkValue } from "./network";
import { type KeptNetworks, networkEntries, openNetwork } from "./networks";
import type { SweepAxis } from "./sweep-axes";

/** "random", or "random:7" with another seed: the layers of the sweep's own network with weights that have learnt nothing */
const RANDOM = /^random(?::(\d+))?$/;

/** What an axis names as networks; nothing if it varies something else. */
export function namedNetworks({ name, entries }: SweepAxis): string[] {
  return name === "network" ? entries.map(({ value }) => value as string) : [];
}

/** Those of the texts `rows` and `columns` say that are names of the notebook's values, so that the sweep reads them. */
export function networkCells(texts: readonly string[], given: ReadonlySet<string>): string[] {
  const named = texts.flatMap((text) => /^\s*network\s*:(.*)$/is.exec(text)?.[1].split("|") ?? []).map((name) => name.trim());
  return [...new Set(named)].filter((name) => given.has(name) && !RANDOM.test(name));
}

/**
 * The networks by the texts that name them: "random" or "random:7", the name of a network cell, or the id of a network that
 * comes with the workbench or was brought along.
 * @param own what the sweep reads as its network
 * @param read values of the notebook that are named, by their names
 * @param kept where networks are that were brought along
 * @throws Error that says what is wrong with one of them
 */
export async function openNetworks(texts: readonly string[], own: NetworkValue, read: ReadonlyMap<string, unknown>, signal: AbortSignal, kept: KeptNetworks | null = null): Promise<Map<string, NetworkValue>> {
  const networks = new Map<string, NetworkValue>();
  for (const text of texts) {
    const random = RANDOM.exec(text);
    if (random) networks.set(text, { ...own, random: Number(random[1] ?? own.random ?? 1) });
    else if (read.has(text)) networks.set(text, networkOf(text, read.get(text)));
    else networks.set(text, text === own.id && own.random === undefined ? own : await named(text, signal, kept));
  }
  return networks;
}

function networkOf(name: string, value: unknown): NetworkValue {
  const { id, card, base } = (value ?? {}) as Partial<NetworkValue>;
  if (typeof id !== "string" || !card || typeof base !== "string") throw new Error(`“${name}” is no network. Take the name of a network cell, the id of a network, or “random”.`);
  return value as NetworkValue;
}

async function named(id: string, signal: AbortSignal, kept: KeptNetworks | null): Promise<NetworkValue> {
  const entries = await networkEntries(signal, kept);
  if (entries.some((entry) => entry.id === id)) return openNetwork(id, entries, signal);
  throw new Error(`There is no network “${id}”. There are: ${entries.map((entry) => entry.id).join(", ")}, “random”, and the names of the network cells of this notebook.`);
}
