/** The stream `replay`: steps of a run again, exactly as it took them. */
import type * as tf from "@tensorflow/tfjs";
import { evaluateWalk } from "../nst/evaluate";
import type { LiveSettings } from "../nst/settings";
import type { Term } from "../nst/terms";
import { disposeTransfer, transferStepWalk } from "../nst/transfer";
import { gpuIsLost, GpuLostError, lossBehind } from "./backends";
import { checkpointOf } from "./checkpoint";
import { checkpointArrays } from "./checkpoint-arrays";
import { driveInTurn } from "./drive";
import type { StreamContext } from "./endpoint";
import { FollowedPixels } from "./follow-pixels";
import type { PixelSteps, ReplayItem, Streams } from "./protocol";
import { costColumns, costRow } from "./run-costs";
import { beginning, TermSource } from "./transfer-setup";

type Args = Streams["replay"]["args"];
type Context = Pick<StreamContext, "signal" | "emit">;

/** Computes the steps in turn with the runs of this worker, an item a step; frees all it held, also when it is aborted. */
export async function replayRun(args: Args, context: Context): Promise<void> {
  const { from, to, follow } = args;
  if (from && from.step > to) throw new Error(`Step ${to} cannot be computed from step ${from.step}: the way leads forward only.`);
  if (follow && from && from.step > 0) throw new Error(`Pixels are followed from the start of a run, not from step ${from.step}: what the optimiser remembers of the steps before is not known term by term.`);
  try {
    await TermSource.lend(args.config, (source) => replaySteps(source, args, context));
  } catch (error) {
    throw await lossBehind(error);
  }
}

async function replaySteps(source: TermSource, { config, from, changes, to, follow }: Args, { signal, emit }: Context): Promise<void> {
  const { pooling } = config.settings;
  const { network } = source;
  const settingsAt = (step: number): LiveSettings => changes.findLast((change) => change.step <= step)?.settings ?? config.settings;
  let state = beginning(config, from);
  try {
    const [height, width] = state.picture.shape;
    const followed = follow && new FollowedPixels({ network, pooling, settings: [settingsAt(0), ...changes.map(({ settings }) => settings)], width, height, pixels: follow });
    let pixels: PixelSteps | undefined;
    for (;;) {
      const { step } = state;
      const settings = settingsAt(step);
      const terms = await source.terms(settings);
      if (step >= to) {
        const { values } = await driveInTurn(evaluateWalk(network, state.picture, terms, { pooling, gradient: false }), signal);
        const item = { ...(await measuredItem(step, terms, values)), pixels, checkpoint: await checkpointOf(state) };
        return emit(item, checkpointArrays(item.checkpoint).map(({ buffer }) => buffer as ArrayBuffer));
      }
      const { values, state: next } = await driveInTurn(transferStepWalk(network, state, terms, { pooling, optimiser: settings.optimiser }), signal);
      try {
        emit({ ...(await measuredItem(step, terms, values)), pixels } satisfies ReplayItem);
        pixels = await followed?.step(state, next, terms, settings, signal);
      } catch (error) {
        disposeTransfer(next);
        throw error;
      }
      disposeTransfer(state);
      state = next;
    }
  } finally {
    disposeTransfer(state);
  }
}

/** @param values unweighted costs; taken over */
async function measuredItem(step: number, terms: readonly Term[], values: tf.Tensor1D): Promise<ReplayItem> {
  const numbers = await values.data().finally(() => values.dispose());
  // a lost context reads as zeros
  if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");
  return { step, columns: costColumns(terms), costs: Float64Array.from(costRow(terms, numbers)) };
}
