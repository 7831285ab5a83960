/** Between the state of a transfer, which is tensors, and a checkpoint, which is plain data. */
import * as tf from "@tensorflow/tfjs";
import type { LbfgsState } from "../nst/lbfgs";
import type { OptimiserState } from "../nst/optimiser";
import type { TransferState } from "../nst/transfer";
import { gpuIsLost, GpuLostError } from "./backends";
import type { Checkpoint } from "./protocol";

/**
 * A copy of a state's numbers.
 * @param state borrowed
 * @throws GpuLostError: a lost context reads as zeros, and nothing of that may get out
 */
export async function checkpointOf({ picture, step, optimiser }: TransferState): Promise<Checkpoint> {
  const [height, width] = picture.shape;
  const data = await numbers(picture);
  const zeros = () => new Float32Array(data.length);
  const checkpoint: Checkpoint = { step, width, height, picture: data, moment1: zeros(), moment2: zeros() };
  switch (optimiser.kind) {
    case "adam":
      [checkpoint.moment1, checkpoint.moment2] = await Promise.all([optimiser.moment1, optimiser.moment2].map(numbers));
      break;
    case "descent":
      checkpoint.moment1 = await numbers(optimiser.velocity);
      break;
    case "lbfgs":
      checkpoint.memory = await Promise.all(memoryOf(optimiser).map(numbers));
  }
  if (optimiser.kind !== "adam") checkpoint.optimiser = optimiser.kind;
  if (optimiser.step !== step) checkpoint.taken = optimiser.step;
  if (gpuIsLost()) throw new GpuLostError("The GPU was lost.");
  return checkpoint;
}

/** The state that a checkpoint is a copy of. @returns tensors that the caller disposes */
export function stateOf(checkpoint: Checkpoint): TransferState {
  const { step, width, height } = checkpoint;
  const tensor = (data: Float32Array): tf.Tensor3D => tf.tensor3d(data, [height, width, 3]);
  return { picture: tensor(checkpoint.picture), step, optimiser: optimiserOf(checkpoint, tensor) };
}

function optimiserOf({ step, taken = step, moment1, moment2, optimiser = "adam", memory = [] }: Checkpoint, tensor: (data: Float32Array) => tf.Tensor3D): OptimiserState {
  switch (optimiser) {
    case "adam": return { kind: "adam", step: taken, moment1: tensor(moment1), moment2: tensor(moment2) };
    case "descent": return { kind: "descent", step: taken, velocity: tensor(moment1) };
    case "lbfgs": return { kind: "lbfgs", step: taken, ...remembered(memory, tensor) };
  }
}

/**
 * What L-BFGS remembers, in the order of `Checkpoint.memory`: gradient and move of the last step, the scale, and move, change
 * and inverse of every pair, oldest first. Empty before the first step.
 */
function memoryOf({ last, pairs }: LbfgsState): tf.Tensor[] {
  return last ? [last.gradient, last.move, last.scale, ...pairs.flatMap(({ move, change, inverse }) => [move, change, inverse])] : [];
}

function remembered(memory: readonly Float32Array[], tensor: (data: Float32Array) => tf.Tensor3D): Pick<LbfgsState, "last" | "pairs"> {
  const [gradient, move, scale, ...rest] = memory;
  if (!gradient) return { last: undefined, pairs: [] };
  const pairs: LbfgsState["pairs"] = [];
  for (let i = 0; i + 2 < rest.length; i += 3) pairs.push({ move: tensor(rest[i]), change: tensor(rest[i + 1]), inverse: tf.scalar(rest[i + 2][0]) });
  return { last: { gradient: tensor(gradient), move: tensor(move), scale: tf.scalar(scale[0]) }, pairs };
}

/** @returns a copy: the plain JavaScript backend would give the tensor's own numbers away */
const numbers = async (tensor: tf.Tensor): Promise<Float32Array> => Float32Array.from(await tensor.data());
