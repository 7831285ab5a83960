import type * as tf from "@tensorflow/tfjs";
import type { CopyDifference } from "../models/kept-network";
import { evaluateWalk } from "../nst/evaluate";
import type { TransferSettings } from "../nst/settings";
import { disposeTransfer, transferStepWalk } from "../nst/transfer";
import { driveInTurn } from "./drive";
import type { StreamContext } from "./endpoint";
import type { NetworkSource, RunConfig, Streams } from "./protocol";
import { costRow } from "./run-costs";
import { beginning, TermSource } from "./transfer-setup";

type Args = Streams["network.difference"]["args"];

/** A short run: what it cost at its start and at its end, and the picture that it led to. */
interface ShortRun {
  start: number;
  end: number;
  picture: Float32Array;
}

/**
 * The stream `network.difference`: the same short run, from the content picture, with two networks, one after the other. Each
 * runs with the settings that its own card recommends: those of a copy with fewer bits are the same, those of a copy
 * with rescaled filters may not be.
 */
export async function networkDifference({ a, b, content, style, size, steps }: Args, { signal, emit }: Pick<StreamContext, "signal" | "emit">): Promise<void> {
  let done = 0;
  const step = () => emit({ done: ++done, of: 2 * (steps + 1) } satisfies Streams["network.difference"]["item"]);
  const run = (network: NetworkSource) => shortRun({ network, content, style, settings: settingsOf(network, size, steps) }, step, signal);
  const [first, second] = [await run(a), await run(b)];
  const difference: CopyDifference = {
    against: a.card.id, size, steps,
    costs: { start: [first.start, second.start], end: [first.end, second.end] },
    picture: levelsBetween(first.picture, second.picture),
  };
  emit({ done, of: done, difference } satisfies Streams["network.difference"]["item"]);
}

function settingsOf({ card: { defaults } }: NetworkSource, size: number, steps: number): TransferSettings {
  const { pooling, contentLayer, styleLayers, beta, alphaTimesM, totalVariation, optimiser } = defaults;
  return { pooling, contentLayer, styleLayers, beta, alphaTimesM, totalVariation, optimiser, tap: "after", initialisation: { kind: "content" }, seed: 0, size, steps };
}

/** @param tell called after every step, and after the last picture was measured */
function shortRun(config: RunConfig, tell: () => void, signal: AbortSignal): Promise<ShortRun> {
  const { pooling, optimiser, steps } = config.settings;
  return TermSource.lend(config, async (source) => {
    const terms = await source.terms(config.settings);
    const totals: number[] = [];
    const keepTotal = async (values: tf.Tensor1D) => {
      totals.push(costRow(terms, await values.data().finally(() => values.dispose()))[0]);
      tell();
    };
    let state = beginning(config);
    try {
      while (state.step < steps) {
        const { values, state: next } = await driveInTurn(transferStepWalk(source.network, state, terms, { pooling, optimiser }), signal);
        disposeTransfer(state);
        state = next;
        await keepTotal(values);
      }
      const { values } = await driveInTurn(evaluateWalk(source.network, state.picture, terms, { pooling, gradient: false }), signal);
      await keepTotal(values);
      return { start: totals[0], end: totals[totals.length - 1], picture: Float32Array.from(await state.picture.data()) };
    } finally {
      disposeTransfer(state);
    }
  });
}

/** In levels of 255: over all pixels and colours. @param a values in [0, 1], as many as of b */
function levelsBetween(a: Float32Array, b: Float32Array): { mean: number; largest: number } {
  let [sum, largest] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const levels = 255 * Math.abs(a[i] - b[i]);
    sum += levels;
    if (levels > largest) largest = levels;
  }
  return { mean: sum / a.length, largest };
}
