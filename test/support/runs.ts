import { transferSettings, completeChoices } from "../../src/cells/transfer-settings";
import type { RunEntry } from "../../src/runs/kept-run";
import { slim } from "./fixtures";

const { card } = slim();

/** A run of the default network as a list shows it: finished after 150 steps, unless other things are said of it. */
export function runEntry(what: Partial<RunEntry> = {}): RunEntry {
  return {
    id: "run",
    name: "",
    starred: false,
    notebook: null,
    cell: null,
    group: null,
    parent: null,
    created: 0,
    updated: 0,
    state: "finished",
    step: 150,
    seconds: 20,
    network: { id: card.id, title: card.title, sha256: card.weights.sha256 ?? null, random: null },
    content: { hash: "c", name: "content.jpg", width: 96, height: 96 },
    style: { hash: "s", name: "style.jpg", width: 96, height: 96 },
    settings: { ...transferSettings(completeChoices({}, card), card), steps: 150 },
    changes: [],
    backend: "wasm",
    threads: 2,
    version: "1",
    costs: { columns: ["total"], first: [900], last: [300] },
    thumbnail: null,
    bytes: 0,
    ...what,
  };
}
