/** What is shown of one compared run, and in which words. */
import { type RunEntry, runTitle } from "../runs/kept-run";
import type { ComparedRun } from "./compared-runs";
import type { ExactPicture } from "./compare-runs-exact";
import type { Preview } from "./compare-runs-preview";
import type { PlacedStep } from "./compare-runs-steps";
import { formatNumber } from "./numbers";

export interface ShownRun {
  run: ComparedRun;
  placed: PlacedStep;
  /** null while it is not there */
  exact: ExactPicture | null;
  /** stands in for it; null where there is none */
  preview: Preview | null;
  /** why the exact picture cannot be had; "" */
  problem: string;
}

/** What it is called beside others, which may be of the same two pictures: by its person, else with its cell or its place in a sweep. */
export function titleOf(entry: Pick<RunEntry, "name" | "cell" | "group" | "content" | "style">): string {
  const { name, cell, group } = entry;
  const where = group?.label ?? cell;
  return name || !where ? runTitle(entry) : `${where}: ${runTitle(entry)}`;
}

const after = (step: number): string => `step ${formatNumber(step)}`;

/** Which picture it is: "step 40", "step 38 of its filmstrip". */
export function pictureWords({ exact, preview }: Pick<ShownRun, "exact" | "preview">): string {
  if (exact) {
    if (exact.difference === null) return after(exact.step);
    if (exact.difference === 0) return `${after(exact.step)}, computed again bit for bit`;
    return `${after(exact.step)}, computed again; its costs differ by ${formatNumber(exact.difference, 2)} of themselves`;
  }
  if (!preview) return "no picture yet";
  return `${after(preview.step)}${"frame" in preview ? " of its filmstrip" : ", a checkpoint"}`;
}

/**
 * Why it is not the step that the slider stands at; "" where it is.
 * @param parent mark of the run that it went on from, if that is compared as well
 */
export function insteadWords({ step, instead }: PlacedStep, parent = "another run"): string {
  if (instead === "end") return `its last: it ended after ${formatNumber(step)} ${step === 1 ? "step" : "steps"}`;
  if (instead === "so far") return "its newest so far";
  if (instead === "begins") return `its first: it went on from step ${formatNumber(step)} of ${parent}`;
  return "";
}

/** The picture for people who do not see it. */
export function pictureLabel({ run, placed, exact, preview }: Pick<ShownRun, "run" | "placed" | "exact" | "preview">): string {
  const step = exact?.step ?? preview?.step;
  const total = step === undefined ? NaN : run.history.at(step, "total");
  const instead = insteadWords(placed);
  return `${run.mark}, ${titleOf(run.entry)}: ${pictureWords({ exact, preview })}${instead ? `, ${instead}` : ""}${Number.isNaN(total) ? "" : `; J is ${formatNumber(total)}`}`;
}

/** The two that are looked at as a pair, by their marks: those chosen, else the first that there are. Null where there are no two. */
export function pairOf<T extends { run: Pick<ComparedRun, "mark"> }>(shown: readonly T[], first: string, second: string): readonly [T, T] | null {
  if (shown.length < 2) return null;
  const find = (mark: string) => shown.find(({ run }) => run.mark === mark);
  const a = find(first) ?? shown.find(({ run }) => run.mark !== second)!;
  const b = find(second);
  return [a, b && b !== a ? b : shown.find((one) => one !== a)!];
}

/** A picture that runs were made of, and the marks of those runs; "" where all were. */
export interface SharedPicture {
  kind: "content" | "style";
  marks: string;
  run: ComparedRun;
}

/** The content pictures and the style pictures, each once. */
export function sharedPictures(runs: readonly ComparedRun[]): SharedPicture[] {
  return (["content", "style"] as const).flatMap((kind) => {
    const hashes = [...new Set(runs.map(({ entry }) => entry[kind].hash))];
    return hashes.map((hash) => {
      const of = runs.filter(({ entry }) => entry[kind].hash === hash);
      return { kind, marks: hashes.length > 1 ? of.map(({ mark }) => mark).join(", ") : "", run: of[0] };
    });
  });
}
