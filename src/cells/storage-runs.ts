import { html, nothing, type TemplateResult } from "lit";
import type { RunUsage } from "../runs/room";
import type { RunStore } from "../runs/run-store";
import type { Freeing } from "./storage-panel";
import { formatBytes } from "./value-facts";

/**
 * What kept runs take in the storage panel, and what can be freed of it.
 * @param button asks for what it frees: shows a button, and beneath the list what would be lost
 * @param confirmation the question, where it is being asked
 */
export function storageRuns(store: RunStore, usage: RunUsage, button: (freeing: Freeing, label: string) => TemplateResult, confirmation: (id: string) => TemplateResult | typeof nothing) {
  const { runs, bytes, cap, checkpoints, unstarred } = usage;
  if (runs === 0) return nothing;
  return html`<section class="runs">
    <h3>Runs <span class="soft number">${formatBytes(bytes)}</span></h3>
    <p class="soft">${runs === 1 ? "One run is" : `${runs} runs are`} kept, with pictures, costs and steps on the way. Together they may take ${formatBytes(cap)}; beyond that the oldest without a star give way, first their steps, then the runs.</p>
    <div class="controls">
      ${checkpoints > 0 ? button(freeSteps(store, checkpoints), `Delete steps on the way (${formatBytes(checkpoints)})…`) : nothing}
      ${unstarred.runs > 0 ? button(freeUnstarred(store, unstarred), `Delete runs without a star (${unstarred.runs})…`) : nothing}
    </div>
    ${confirmation("run steps")} ${confirmation("runs without a star")}
  </section>`;
}

function freeSteps(store: RunStore, bytes: number): Freeing {
  return {
    id: "run steps",
    lost: `Every run keeps its costs, its small pictures and its newest picture, and can go on from there. Other steps will be computed again from the run's start when you look at them, which takes longer. ${formatBytes(bytes)} will be free. This cannot be undone.`,
    action: "Delete steps",
    undo: false,
    free: async () => `${formatBytes(await store.free("checkpoints"))} are free again.`,
  };
}

function freeUnstarred(store: RunStore, { runs, bytes }: RunUsage["unstarred"]): Freeing {
  return {
    id: "runs without a star",
    lost: `${runs === 1 ? "One run" : `${runs} runs`} without a star will be deleted, ${formatBytes(bytes)}. What is being computed stays. This cannot be undone; save as files first what you want to keep.`,
    action: runs === 1 ? "Delete the run" : `Delete ${runs} runs`,
    undo: false,
    free: async () => `${formatBytes(await store.free("unstarred"))} are free again.`,
  };
}
