import type { Checkpoint } from "./protocol";

/** All the numbers of a checkpoint: what is transferred with it, and what its size is. */
export function checkpointArrays({ picture, moment1, moment2, memory = [] }: Checkpoint): Float32Array[] {
  return [picture, moment1, moment2, ...memory];
}
