import type { AdamOptions } from "./model-card";

/**
 * Adam's move, divided among the terms of J. The first moment is linear in the gradients, so each term has one of its own,
 * and all of them together are Adam's; the second moment, which says how long the move is, belongs to all in common.
 * Arithmetic in double precision, for some numbers of a picture. Plain arrays, no tensors.
 */
export class AdamParts {
  private readonly moments: Float64Array[];

  /**
   * @param terms number of terms
   * @param size numbers followed
   */
  constructor(terms: number, private readonly size: number) {
    this.moments = Array.from({ length: terms }, () => new Float64Array(size));
  }

  /**
   * One step: takes in the gradients, gives the moves.
   * @param gradients of each term, weighted, [size]; null: this term has no say in this step, what it said before still moves
   * @param moment2 Adam's second moment after the step, of all terms together, [size]
   * @param rate what `adamRate` gives for the step
   * @returns of each term, −rate · m / (√v + floor), [size]
   */
  step(gradients: readonly (ArrayLike<number> | null)[], moment2: ArrayLike<number>, { beta1 }: Pick<AdamOptions, "beta1">, { rate, floor }: { rate: number; floor: number }): Float64Array[] {
    return this.moments.map((moment, term) => {
      const gradient = gradients[term];
      const move = new Float64Array(this.size);
      for (let i = 0; i < this.size; i++) {
        moment[i] = beta1 * moment[i] + (gradient ? (1 - beta1) * gradient[i] : 0);
        move[i] = (-rate * moment[i]) / (Math.sqrt(moment2[i]) + floor);
      }
      return move;
    });
  }
}
