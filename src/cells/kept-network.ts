import type { NetworkSource } from "../kernel/protocol";
import type { RunEntry } from "../runs/kept-run";
import type { NetworkValue } from "./network";
import { type KeptNetworks, networkEntries, openNetwork } from "./networks";

/**
 * The network that a run was computed with, as it can be had here: under the same name, or the same weights under another
 * one. Its card stays that of the run, which may read pixels otherwise than the network's own does.
 * @param kept where networks that were brought along are listed
 * @throws Error that says which network it was, and why it cannot be had
 */
export async function networkOfRun({ card, random }: NetworkSource, { id, title, sha256 }: RunEntry["network"], signal?: AbortSignal, kept?: KeptNetworks | null): Promise<NetworkValue> {
  const entries = await networkEntries(signal, kept);
  const same = entries.find((entry) => sha256 && entry.kept?.card.weights.sha256 === sha256) ?? entries.find((entry) => entry.id === id);
  if (!same) throw new Error(`The network “${title}” (${id}), which this run was computed with, is not here. There is: ${entries.map((entry) => entry.title).join(", ")}.`);
  const here = await openNetwork(same.id, entries, signal);
  const now = here.card.weights.sha256;
  if (random === undefined && sha256 && now && sha256 !== now) throw new Error(`“${title}” has other weights here (${now.slice(0, 8)}) than this run was computed with (${sha256.slice(0, 8)}), so it cannot be computed on exactly.`);
  return { id: here.id, card, base: here.base, ...(random === undefined ? {} : { random }) };
}
