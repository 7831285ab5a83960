import { comparedRuns, type ComparedRun } from "../../src/cells/compared-runs";
import { RunRecord } from "../../src/kernel/client";
import type { RunConfig, SettingsChange } from "../../src/kernel/protocol";
import { liveSettings } from "../../src/nst/live-settings";
import type { ModelCard } from "../../src/nst/model-card";
import type { Picture } from "../../src/nst/picture";
import type { TransferSettings } from "../../src/nst/settings";
import { CostHistory } from "../../src/runs/cost-history";
import type { RunEntry } from "../../src/runs/kept-run";
import { slim } from "./fixtures";

/** The settings that the default network recommends. */
export const recommended: TransferSettings = {
  ...slim().card.defaults, initialisation: { kind: "content" }, tap: "after", seed: 0,
};

/** A picture of one grey, of the size given. */
export const grey = (value: number, width = 32, height = 32): Picture => ({ width, height, data: new Float32Array(width * height * 3).fill(value) });

export interface Made {
  /** what differs from the recommended settings */
  settings?: Partial<TransferSettings>;
  /** from a step on */
  changes?: { step: number; settings: Partial<TransferSettings> }[];
  entry?: Partial<RunEntry>;
  /** of another network than the default one; what it is called is for `entry` to say */
  card?: ModelCard;
  content?: Picture;
  style?: Picture;
  /** "total", "content", "style", "block1_conv1" of each step */
  costs?: [number, number, number, number][];
  /** step of the first of them */
  first?: number;
  going?: boolean;
}

/** Runs as a comparison holds them, in their order A, B, …; nothing is computed for them. */
export function compared(...made: Made[]): ComparedRun[] {
  return comparedRuns(
    made.map(({ card = slim().card, settings = {}, changes = [], entry = {}, content = grey(0.5), style = grey(0.2), costs = [], first = 0, going = false }, i) => {
      const config: RunConfig = { network: { card, base: "models/vgg19-slim/" }, content, style, settings: { ...recommended, ...settings } };
      const record = new RunRecord(config);
      const began: SettingsChange = { step: first, settings: liveSettings(config.settings) };
      record.changes.push(began, ...changes.map(({ step, settings }) => ({ step, settings: liveSettings({ ...config.settings, ...settings }) })));
      record.last = first + costs.length - 1;
      const history = new CostHistory();
      if (costs.length > 0) history.append({ columns: ["total", "content", "style", "block1_conv1"], costs: Float64Array.from(costs.flat()), first });
      const picture = (hash: string, name: string, { width, height }: Picture) => ({ hash: hash.repeat(16), name, width, height });
      return {
        id: `run-${i}`, record, history, frames: [], going,
        entry: {
          id: `run-${i}`, name: "", starred: false, notebook: null, cell: null, group: null, parent: null, created: 0, updated: 0, state: "finished", step: record.last, seconds: 1,
          network: { id: card.id, title: card.title, sha256: "ab12cd34ef", random: null },
          content: picture("c0a7", "cat.jpg", content), style: picture("57e1", "wave.jpg", style),
          settings: config.settings, changes: record.changes, backend: "wasm", threads: 2, version: "1.0", costs: { columns: [], first: [], last: [] }, thumbnail: null, bytes: 0,
          ...entry,
        },
      };
    }),
  );
}
