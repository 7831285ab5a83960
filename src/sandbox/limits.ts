/** How long and how much code may take before it is stopped. */
export interface Limits {
  /** a kernel cell that neither computes a tensor nor gives way for so long is ended, in s */
  silence: number;
  /** a kernel cell that never gives way for so long is ended, in s */
  piece: number;
  /** a loop of a js cell that does not give way for so long is stopped, in s */
  loop: number;
  /** frames that do not answer for so long are started anew, in s */
  answer: number;
  /** tensors that one run of a kernel cell may hold, in bytes */
  bytes: number;
  /** an asynchronous kernel cell that only waits keeps others waiting for so long, in s */
  patience: number;
}

export const LIMITS: Limits = { silence: 15, piece: 120, loop: 3, answer: 8, bytes: 2 ** 30, patience: 5 };
