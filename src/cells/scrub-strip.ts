/** Which checkpoints make a filmstrip. */

/**
 * Of steps with pictures, about `most` that lie evenly over the run, in order and each once: the first and the last always.
 * @param steps ascending
 */
export function stripSteps(steps: readonly number[], most: number): number[] {
  if (steps.length <= most) return [...steps];
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const wanted = Array.from({ length: most }, (_, i) => nearestStep(steps, first + ((last - first) * i) / (most - 1))!);
  return [...new Set(wanted)];
}

/** The step nearest to another; undefined if there is none. */
export function nearestStep(steps: readonly number[], to: number): number | undefined {
  let best: number | undefined;
  for (const step of steps) if (best === undefined || Math.abs(step - to) < Math.abs(best - to)) best = step;
  return best;
}
