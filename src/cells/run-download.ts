import type { RunView } from "./run-view";

/** Saves the picture of a run as PNG, named after its two pictures and its step. */
export async function downloadPng(view: RunView, names: { content: string; style: string }, step: number): Promise<void> {
  const blob = await view.toPng();
  const stem = (name: string) => name.replace(/\.[^.]*$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${stem(names.content)}--${stem(names.style)}--step-${step}.png`;
  link.click();
  // the browser reads the address after the click has returned
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
