import * as tf from "@tensorflow/tfjs";
import type { DescentOptions } from "./model-card";

/** What gradient descent remembers. */
export type DescentState = {
  /** steps done since it was fresh: the decay of the learning rate counts from there */
  step: number;
  /** gradients of earlier steps, each times momentum for every step since; zeros before the first, and without momentum */
  velocity: tf.Tensor3D;
};

/** @returns a state of zeros that the caller disposes */
export function descentStart(shape: [number, number, number]): DescentState {
  return { step: 0, velocity: tf.zeros(shape) };
}

/** The learning rate of a step, 0 for the first: learningRate · rate^(step / every). */
export function descentRate({ learningRate, decay }: DescentOptions, step: number): number {
  return decay ? learningRate * decay.rate ** (step / decay.every) : learningRate;
}

/**
 * One step of gradient descent, with momentum as PyTorch's SGD has it (v ← momentum · v + g, x ← x − rate · v): pure,
 * nothing is changed in place.
 * @param parameter [h, w, 3]; borrowed, as are gradient and state
 * @returns the new parameter (not clipped) and the new state; the caller disposes both
 */
export function descentStep(parameter: tf.Tensor3D, gradient: tf.Tensor3D, state: DescentState, options: DescentOptions): { parameter: tf.Tensor3D; state: DescentState } {
  const { momentum = 0 } = options;
  const [velocity, moved] = tf.tidy(() => {
    const v = momentum > 0 ? (state.velocity.mul(momentum).add(gradient) as tf.Tensor3D) : gradient;
    return [momentum > 0 ? v : (tf.zerosLike(gradient) as tf.Tensor3D), parameter.sub(v.mul(descentRate(options, state.step))) as tf.Tensor3D];
  });
  return { parameter: moved, state: { step: state.step + 1, velocity } };
}
