/** The methods of the protocol that take one step apart, operation by operation. */
import type * as tf from "@tensorflow/tfjs";
import { layerShapes } from "../nst/layer-shapes";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { Term } from "../nst/terms";
import { disposeTransfer, transferStepWalk } from "../nst/transfer";
import { breathe } from "./breathe";
import { type KernelCall, KernelWatch, type SeeCall } from "./kernel-watch";
import type { Checkpoint, Methods, RunConfig, StepOperation } from "./protocol";
import { costColumns, costRow } from "./run-costs";
import { beginning, TermSource } from "./transfer-setup";
import { heapBytes, wasmThreads } from "./wasm";

type Context = { signal: AbortSignal };

interface Watched {
  calls: KernelCall[];
  /** where each call belongs */
  places: Pick<StepOperation, "direction" | "layer">[];
  terms: Term[];
  /** unweighted, one a term */
  values: ArrayLike<number>;
  milliseconds: number;
}

/** One step, given way between layers; nothing is left of it but numbers. */
const watchedStep = (config: RunConfig, from: Checkpoint | undefined, signal: AbortSignal, see?: SeeCall): Promise<Watched> =>
  TermSource.lend(config, async (source) => {
    const terms = await source.terms(config.settings);
    const state = beginning(config, from);
    const watch = new KernelWatch(see);
    const places: Watched["places"] = [];
    let milliseconds = 0;
    const walk = transferStepWalk(source.network, state, terms, config.settings);
    try {
      for (;;) {
        signal.throwIfAborted();
        const begun = performance.now();
        const { done, value } = watch.during(() => walk.next());
        milliseconds += performance.now() - begun;
        // what runs after the last part of the walk is the optimiser
        const { direction, layer } = done ? { direction: "update" as const, layer: "" } : value;
        while (places.length < watch.calls.length) places.push({ direction, layer });
        if (done) return { calls: watch.calls, places, terms, values: await read(value), milliseconds };
        await breathe();
      }
    } finally {
      walk.return(undefined as never);
      disposeTransfer(state);
    }
  });

async function read({ values, state }: { values: tf.Tensor1D; state: Parameters<typeof disposeTransfer>[0] }): Promise<ArrayLike<number>> {
  try {
    return await values.data();
  } finally {
    values.dispose();
    disposeTransfer(state);
  }
}

/** Bytes of the feature maps of every layer from the first to the deepest that a term reads. */
function activationBytes(card: ModelCard, terms: readonly Term[], { width, height }: Picture): number {
  const read = new Set(terms.flatMap((term) => (term.kind === "tv" ? [] : [term.layer])));
  const shapes = [...layerShapes(card, width, height)];
  const deepest = shapes.findLastIndex(([name]) => read.has(name));
  return shapes.slice(0, deepest + 1).reduce((sum, [, layer]) => sum + 4 * layer.width * layer.height * layer.channels, 0);
}

export const stepMethods = {
  "step.record": async ({ config, from }: Methods["step.record"]["args"], { signal }: Context): Promise<Methods["step.record"]["result"]> => {
    const { calls, places, terms, values, milliseconds } = await watchedStep(config, from, signal);
    return {
      operations: calls.map(({ name, inputs, outputs, ...call }, i) => ({
        name, ...places[i], inputs: inputs.map(({ shape, from: maker }) => ({ shape, from: maker })), shape: outputs[0].shape,
        milliseconds: call.milliseconds, bytes: call.bytes, alive: call.alive,
      })),
      milliseconds,
      peak: Math.max(0, ...calls.map(({ alive }) => alive)),
      activations: activationBytes(config.network.card, terms, config.content),
      heap: heapBytes(),
      columns: costColumns(terms),
      costs: costRow(terms, values),
      threads: wasmThreads(),
    };
  },

  "step.output": async ({ config, from, operation }: Methods["step.output"]["args"], { signal }: Context): Promise<Methods["step.output"]["result"]> => {
    let found: Methods["step.output"]["result"] | null = null;
    let count = 0;
    await watchedStep(config, from, signal, (_, __, [output], copy) => {
      if (count++ === operation) found = { shape: [...output.shape], data: Float32Array.from(copy(output)) };
    });
    if (!found) throw new Error(`The step has no operation ${operation}: it has ${count}, counted from 0.`);
    return found;
  },
};
