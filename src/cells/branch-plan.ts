/** What a branch goes on with: the checkpoint it begins at, and the settings from there. Pure. */
import type { Checkpoint } from "../kernel/protocol";
import type { ModelCard, OptimiserOptions } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import type { RunParent } from "../runs/kept-run";
import { choicesOf } from "./settings-attributes";
import { type ChoiceName, type Choices, completeChoices, optimiserChoices, transferSettings } from "./transfer-settings";

/** What of the settings can be another from a step on, by the names of the choices. */
export const BRANCH_CHOICES = ["contentLayer", "alphaTimesM", "beta", "styleLayers", "totalVariation", "optimiser", "learningRate", "steps"] as const;
export type BranchChoice = (typeof BRANCH_CHOICES)[number];
export type BranchChoices = Partial<Record<BranchChoice, unknown>>;

/**
 * The settings of a branch: those of its parent at the step where they part, and what was chosen otherwise. Where the parent has
 * no steps left, as many again are wanted.
 * @param chosen null, or nothing, where the parent's holds; a text is read as an attribute
 * @throws Error naming the attribute that cannot be read
 */
export function branchSettings(parent: TransferSettings, chosen: BranchChoices, card: ModelCard, at: number): TransferSettings {
  const own = Object.fromEntries(Object.entries(chosen).filter(([, choice]) => choice !== null && choice !== undefined)) as Choices;
  const there = choicesOf(parent);
  // another optimiser comes with numbers of its own
  if (own.optimiser !== undefined && own.optimiser !== parent.optimiser.kind) for (const name of Object.keys(optimiserChoices(parent.optimiser)) as ChoiceName[]) delete there[name];
  const settings = transferSettings(completeChoices({ ...there, ...own }, card), card);
  return own.steps === undefined && parent.steps <= at ? { ...settings, steps: at + parent.steps } : settings;
}

/** Whether the optimiser's state can go on: only with the same kind of optimiser. */
export function keepsOptimiser(wanted: RunParent["optimiser"], before: OptimiserOptions, after: OptimiserOptions): RunParent["optimiser"] {
  return before.kind === after.kind ? wanted : "fresh";
}

/**
 * Where a branch begins.
 * @param picture painted on, of the same size; null: the checkpoint's own
 */
export function branchStart(checkpoint: Checkpoint, optimiser: RunParent["optimiser"], picture: Picture | null): Checkpoint {
  const { step, width, height } = checkpoint;
  const data = (picture?.data ?? checkpoint.picture).slice();
  if (optimiser === "kept") return { ...checkpoint, picture: data };
  return { step, width, height, picture: data, moment1: new Float32Array(data.length), moment2: new Float32Array(data.length), taken: 0 };
}
