import { RunRecord } from "../kernel/client";
import type { Checkpoint, RunBatch, RunConfig } from "../kernel/protocol";
import type { Database } from "../notebook/database";
import type { Picture } from "../nst/picture";
import { CostHistory } from "./cost-history";
import { absoluteBase, keyOf, partsOf, type KeptConfig, type KeptCosts, type KeptEntry } from "./kept-data";
import type { Frame, RunEntry } from "./kept-run";

/** Everything that is kept of a run. */
export interface OpenedRun {
  entry: RunEntry;
  /** settings, their changes and checkpoints: replay() works on it, and a run goes on from its last checkpoint */
  record: RunRecord;
  history: CostHistory;
  frames: Frame[];
}

/** The parts of a run, as they were kept. */
export interface RunParts {
  config: KeptConfig;
  content: Picture;
  style: Picture;
  /** in order */
  costs: readonly KeptCosts[];
  /** by step */
  checkpoints: readonly Checkpoint[];
  frames: Frame[];
}

/** Reads the parts of a run and puts them together. @throws Error where a part is missing */
export async function openRun(database: Database, entry: RunEntry, kept: KeptEntry): Promise<OpenedRun> {
  const values = async <T>(prefix: string) => (await database.entries(prefix)).map(([, value]) => value as T);
  const [config, content, style, costs, checkpoints, frames] = await Promise.all([
    database.get(keyOf.config(entry.id)) as Promise<KeptConfig | undefined>,
    database.get(keyOf.picture(entry.content.hash)) as Promise<Picture | undefined>,
    database.get(keyOf.picture(entry.style.hash)) as Promise<Picture | undefined>,
    values<KeptCosts>(partsOf.costs(entry.id)),
    readCheckpoints(database, entry.id),
    values<Frame>(partsOf.frames(entry.id)),
  ]);
  if (!config || !content || !style) throw new Error(`${!config ? "what it was made with" : !content ? "its content picture" : "its style picture"} is missing`);
  return { entry, ...assemble(kept, { config, content, style, costs, checkpoints, frames }) };
}

/** One by one: all of them at once would keep the page from anything else for a while. */
async function readCheckpoints(database: Database, id: string): Promise<Checkpoint[]> {
  const checkpoints: Checkpoint[] = [];
  for (const key of await database.keys(partsOf.checkpoints(id))) {
    const checkpoint = (await database.get(key)) as Checkpoint | undefined;
    // the run may be going on in another tab
    if (checkpoint) checkpoints.push(checkpoint);
  }
  return checkpoints;
}

/** A record and a history as they were when the run was kept. */
export function assemble(entry: Pick<KeptEntry, "settings" | "changes" | "from">, { config, content, style, costs, checkpoints, frames }: RunParts): Omit<OpenedRun, "entry"> {
  const { card, base, random } = config.network;
  const run: RunConfig = { network: { card, base: absoluteBase(base), ...(random === undefined ? {} : { random }) }, content, style, settings: entry.settings };
  const from = entry.from === null ? undefined : checkpoints.find(({ step }) => step === entry.from);
  const record = new RunRecord(run, from);
  const history = new CostHistory();
  for (const chunk of costs) history.append(chunk);
  // each as a batch that brings nothing else; what a record has not got to yet cannot take it back
  const batch: Pick<RunBatch, "state" | "costs" | "columns"> = { state: "running", costs: new Float64Array(0), columns: [] };
  for (const change of entry.changes) record.take({ ...batch, first: change.step, change });
  for (const checkpoint of checkpoints) if (checkpoint !== from) record.take({ ...batch, first: checkpoint.step, checkpoint });
  record.last = history.step;
  return { record, history, frames };
}
