import type * as tf from "@tensorflow/tfjs";
import { type AdamState, adamStart, adamStep, disposeAdam } from "./adam";
import { type DescentState, descentStart, descentStep } from "./descent";
import { disposeLbfgs, lbfgsStart, lbfgsStep, type LbfgsState } from "./lbfgs";
import type { OptimiserOptions } from "./model-card";

/** What an optimiser remembers between two steps. */
export type OptimiserState = ({ kind: "adam" } & AdamState) | ({ kind: "descent" } & DescentState) | ({ kind: "lbfgs" } & LbfgsState);

/** @returns a state that remembers nothing, for a parameter of this shape; the caller disposes it */
export function optimiserStart(kind: OptimiserOptions["kind"], shape: [number, number, number]): OptimiserState {
  switch (kind) {
    case "adam": return { kind, ...adamStart(shape) };
    case "descent": return { kind, ...descentStart(shape) };
    case "lbfgs": return { kind, ...lbfgsStart() };
  }
}

/**
 * One step of any optimiser: pure, nothing is changed in place. The memory of another kind of optimiser is of no use to it:
 * it begins afresh.
 * @param parameter [h, w, 3]; borrowed, as are gradient and state
 * @returns the new parameter (not clipped) and the new state; the caller disposes both
 */
export function optimiserStep(parameter: tf.Tensor3D, gradient: tf.Tensor3D, state: OptimiserState, options: OptimiserOptions): { parameter: tf.Tensor3D; state: OptimiserState } {
  if (state.kind !== options.kind) {
    const fresh = optimiserStart(options.kind, parameter.shape);
    try {
      return optimiserStep(parameter, gradient, fresh, options);
    } finally {
      disposeOptimiser(fresh);
    }
  }
  if (state.kind === "adam" && options.kind === "adam") return withKind("adam", adamStep(parameter, gradient, state, options));
  if (state.kind === "descent" && options.kind === "descent") return withKind("descent", descentStep(parameter, gradient, state, options));
  return withKind("lbfgs", lbfgsStep(parameter, gradient, state as LbfgsState, options as Extract<OptimiserOptions, { kind: "lbfgs" }>));
}

function withKind<K extends OptimiserState["kind"], S extends object>(kind: K, { parameter, state }: { parameter: tf.Tensor3D; state: S }): { parameter: tf.Tensor3D; state: { kind: K } & S } {
  return { parameter, state: { kind, ...state } };
}

export function disposeOptimiser(state: OptimiserState): void {
  switch (state.kind) {
    case "adam": return disposeAdam(state);
    case "descent": return state.velocity.dispose();
    case "lbfgs": return disposeLbfgs(state);
  }
}
