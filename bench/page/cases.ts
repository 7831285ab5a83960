import type { BackendName } from "../../src/kernel/protocol";

export type BenchPath = "seed" | "tape" | "ours";

export interface BenchCase {
  backend: BackendName;
  /** wasm threads asked for; 1 on other backends */
  threads: number;
  /** vgg19: the architecture with seeded random weights; vgg19-slim: the default network */
  network: "vgg19" | "vgg19-slim";
  /** side of the square pictures, in pixels */
  size: number;
  /**
   * seed: the loop as a newcomer writes it, content and style features recomputed in every step, gradients by tfjs' tape;
   * tape: these targets computed once, gradients by tfjs' tape;
   * ours: src/nst
   */
  path: BenchPath;
}

export interface BenchResult extends BenchCase {
  /** median of the timed steps, reading J back included */
  secondsPerStep: number;
  /** steps that were timed */
  steps: number;
  /** whether a full step had been done before the timed ones (not where one takes longer than `WARM_LIMIT_MS`) */
  warm: boolean;
  /** most bytes in tensors at any moment of the timed steps, weights included, as tfjs counts them */
  peakBytes: number;
  /** of these, what was there before the first step: weights, targets, pictures, the optimiser's state */
  residentBytes: number;
  /** what the backward pass needs at the least: the output of every convolution up to the deepest layer that counts, float32 */
  activationBytes: number;
  /** size of the wasm heap at the end, in bytes: its high-water mark, for it never shrinks; 0 on other backends */
  heapBytes: number;
  /** J before the first step, and before the second where there was one: all paths must agree */
  costs: number[];
}

/** A first full step longer than this counts as the measurement, a shorter one as the warm-up. */
export const WARM_LIMIT_MS = 5_000;
/** Further steps are timed until this much time has passed, … */
export const TIMED_MS = 6_000;
/** … or so many were done. */
export const MOST_STEPS = 10;

const paths: readonly BenchPath[] = ["seed", "tape", "ours"];
const each = (one: Omit<BenchCase, "path">): BenchCase[] => paths.map((path) => ({ ...one, path }));

export const cases: BenchCase[] = [
  ...[1, 2].flatMap((threads) => each({ backend: "wasm", threads, network: "vgg19", size: 128 })),
  ...[1, 2].flatMap((threads) => each({ backend: "wasm", threads, network: "vgg19", size: 256 })),
  ...[1, 2].flatMap((threads) => each({ backend: "wasm", threads, network: "vgg19-slim", size: 256 })),
  ...each({ backend: "webgl", threads: 1, network: "vgg19-slim", size: 128 }),
];
