import type { RunView } from "./run-view";
import { saveBlob } from "./save-blob";

/** Saves the picture of a run as PNG, named after its two pictures and its step. */
export async function downloadPng(view: RunView, names: { content: string; style: string }, step: number): Promise<void> {
  const blob = await view.toPng();
  const stem = (name: string) => name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
  saveBlob(blob, `${stem(names.content)}--${stem(names.style)}--step-${step}.png`);
}
