import * as tf from "@tensorflow/tfjs";
import type { AdamOptions } from "./model-card";

/** Adam's memory: can be saved, resumed and branched. Both moments have the parameter's shape. */
export type AdamState = {
  /** steps done since it was all zeros */
  step: number;
  moment1: tf.Tensor3D;
  moment2: tf.Tensor3D;
};

/**
 * What a step multiplies m / (√v + floor) by, m and v being the moments after it, not corrected for their bias: the
 * correction is in these two numbers.
 * @param step 1 for the first
 */
export function adamRate({ learningRate, beta1, beta2, epsilon, epsilonPlace = "keras" }: AdamOptions, step: number): { rate: number; floor: number } {
  const [correction1, correction2] = [1 - beta1 ** step, Math.sqrt(1 - beta2 ** step)];
  // with ε after the correction: lr/c1 · m / (√v/c2 + ε) = lr·c2/c1 · m / (√v + ε·c2)
  return { rate: (learningRate * correction2) / correction1, floor: epsilonPlace === "keras" ? epsilon : epsilon * correction2 };
}

/** @returns a state of zeros that the caller disposes */
export function adamStart(shape: [number, number, number]): AdamState {
  return { step: 0, moment1: tf.zeros(shape), moment2: tf.zeros(shape) };
}

/**
 * One step of Adam (Kingma & Ba 2015): pure, nothing is changed in place.
 * @param parameter [h, w, 3]; borrowed, as are gradient and state
 * @returns the new parameter (not clipped) and the new state; the caller disposes both
 */
export function adamStep(parameter: tf.Tensor3D, gradient: tf.Tensor3D, state: AdamState, options: AdamOptions): { parameter: tf.Tensor3D; state: AdamState } {
  const { beta1, beta2 } = options;
  const step = state.step + 1;
  const { rate, floor } = adamRate(options, step);
  const [moment1, moment2, moved] = tf.tidy(() => {
    const m = state.moment1.mul(beta1).add(gradient.mul(1 - beta1)) as tf.Tensor3D;
    const v = state.moment2.mul(beta2).add(gradient.square().mul(1 - beta2)) as tf.Tensor3D;
    return [m, v, parameter.sub(m.mul(rate).div(v.sqrt().add(floor))) as tf.Tensor3D];
  });
  return { parameter: moved, state: { step, moment1, moment2 } };
}

export function disposeAdam(state: AdamState): void {
  tf.dispose([state.moment1, state.moment2]);
}
