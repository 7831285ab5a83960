/** Cells that a sweep adds to its notebook: one of its pictures as a run of its own, and its runs side by side. */
import { addBelow } from "./add-cells";
import type { Cell } from "./cell";
import { freeName } from "./cell-tools-kinds";
import { duplicateText, element } from "./duplicate-run";
import type { SweepCell } from "./sweep-plans";

export interface FullRun {
  cell: SweepCell;
  /** names of the notebook that the sweep reads */
  content: string;
  style: string;
  /** null: the network is another than the one that the sweep reads, and none of the notebook */
  network: string | null;
  /** of the pictures: the longer side */
  size: number;
  /** at least so many steps */
  steps: number;
}

/**
 * The text of a settings cell and a run cell with the settings of one place, at the full size of the pictures; before them a
 * network cell where the notebook has none for it. α · M is the place's own, so the balance of content and style is as well.
 */
export function fullRunText({ cell, content, style, network, size, steps }: FullRun, taken: ReadonlySet<string>): string {
  const { settings, network: { card, id, random } } = cell;
  const name = network ?? freeName("network", taken);
  const made = duplicateText({ run: freeName("G", taken), settingsName: freeName("settings", taken), content, style, network: name, settings: { ...settings, size, steps: Math.max(steps, settings.steps) }, card }, [...taken, name]);
  if (network !== null) return made.text;
  const chosen: Record<string, string> = random === undefined ? {} : { weights: "random", seed: String(random) };
  return `${element("nst-network", { as: name, model: id, ...chosen })}\n\n${made.text}`;
}

/** Adds that text below the sweep. */
export function addFullRun(sweep: Cell<any>, full: FullRun): void {
  addBelow(sweep, (taken) => fullRunText(full, taken), "run a picture of the sweep in full size");
}

/** Leads the reader to the comparison of what is chosen in the sweep, and adds it below where there is none. */
export function addComparison(sweep: Cell<any>): void {
  const { name, context } = sweep;
  const of = `${name}.compared`;
  const slot = context?.session?.slots.find(({ cell }) => cell.kind === "element" && cell.tag === "nst-compare" && cell.attributes["of"]?.trim() === of);
  if (slot) sweep.closest("nst-notebook")!.goTo(slot.key);
  else addBelow(sweep, (taken) => element("nst-compare", { as: freeName("cmp", taken), of }), "compare runs of the sweep");
}
