/** Runs of a sweep that were kept: found again, so that they need not be computed once more. */
import type { Checkpoint } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import type { Picture } from "../nst/picture";
import type { CostHistory } from "../runs/cost-history";
import type { RunEntry, RunGroup } from "../runs/kept-run";
import { pictureHash } from "../runs/picture-hash";
import type { RunStore } from "../runs/run-store";
import type { SweepPlace } from "./sweep-places";

export interface KeptPlace {
  key: string;
  run: string;
  group: Omit<RunGroup, "label">;
  history: CostHistory;
  picture: Picture;
}

/** Where the sweep stands: only what was made there is found. */
export interface SweepAddress {
  notebook: string | null;
  cell: string | null;
}

/**
 * Of places that are not done, those whose run stands finished in the store, the newest where there are several: the same
 * pictures, network and settings, and the same start.
 */
export async function keptPlaces(runs: RunStore, { notebook, cell }: SweepAddress, places: readonly SweepPlace[], signal: AbortSignal): Promise<KeptPlace[]> {
  const all = await runs.list();
  const entries = all.filter((entry) => entry.group !== null && entry.notebook === notebook && entry.cell === cell && entry.state === "finished" && entry.step === entry.settings.steps);
  const found: KeptPlace[] = [];
  for (const place of entries.length > 0 ? places : []) {
    for (const entry of await matching(entries, place)) {
      if (signal.aborted) return [];
      const opened = await runs.open(entry.id).catch(() => null);
      const last = opened?.record.checkpoints.at(-1);
      if (!opened || !last || last.step !== entry.step || !startsAs(place, opened.record.from)) continue;
      const { width, height, picture: data } = last;
      found.push({ key: place.cell.key, run: entry.id, group: { id: entry.group!.id, title: entry.group!.title }, history: opened.history, picture: { width, height, data } });
      break;
    }
  }
  return found;
}

async function matching(entries: readonly RunEntry[], { cell, whole: { config } }: SweepPlace): Promise<RunEntry[]> {
  const { card, random = null } = cell.network;
  const same = entries.filter(({ settings, network }) => equal(settings, config.settings) && network.id === card.id && network.random === random && network.sha256 === (card.weights.sha256 ?? null));
  if (same.length === 0) return [];
  const [content, style] = await Promise.all([pictureHash(config.content), pictureHash(config.style)]);
  return same.filter((entry) => entry.content.hash === content && entry.style.hash === style);
}

/** Begun from the enlarged picture of half size, or from the picture that the settings name. */
function startsAs({ whole: { enlarges, offset } }: SweepPlace, from: Checkpoint | undefined): boolean {
  return enlarges ? from?.step === offset : from === undefined;
}
