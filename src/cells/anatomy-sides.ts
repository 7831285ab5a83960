/** The same step computed twice, compared. Pure. */
import type { AnatomyValue } from "./anatomy-model";

/** A step as a code cell gives it. */
export interface EagerStep {
  milliseconds: number;
  /** bytes alive at once, above those before the step */
  peak: number;
  /** how many kernels ran */
  operations: number;
  /** what each term adds to J, by the names of AnatomyValue.terms; those that it leaves out are not compared */
  terms: Record<string, number>;
}

/** The value of a comparison. */
export interface StepComparison {
  /** the largest difference of a cost, as a share of the engine's */
  difference: number;
  /** the code's over the engine's: time, memory at its peak, number of operations */
  time: number;
  memory: number;
  operations: number;
  terms: { name: string; engine: number; other: number; /** as a share of the engine's, 0 where both are 0 */ difference: number }[];
}

/**
 * @param names what the two are called, for messages
 * @throws Error where `other` is no step, or no cost of it has a name that the engine knows
 */
export function compareSteps(engine: AnatomyValue, other: EagerStep, names: readonly [string, string]): StepComparison {
  const numbers = ["milliseconds", "peak", "operations"] as const;
  const wrong = numbers.find((name) => typeof other?.[name] !== "number");
  if (wrong || typeof other.terms !== "object")
    throw new Error(`“${names[1]}” has no ${wrong ?? "terms"}. A step to be compared is { milliseconds, peak, operations, terms }, with terms named as in “${names[0]}”.`);
  const shared = Object.keys(engine.terms).filter((name) => typeof other.terms[name] === "number");
  if (shared.length === 0) throw new Error(`“${names[1]}” has none of the costs of “${names[0]}”, which are ${Object.keys(engine.terms).join(", ")}.`);
  const terms = shared.map((name) => {
    const [a, b] = [engine.terms[name], other.terms[name]];
    return { name, engine: a, other: b, difference: a === b ? 0 : Math.abs(b - a) / Math.abs(a) };
  });
  return {
    difference: Math.max(...terms.map(({ difference }) => difference)),
    time: other.milliseconds / engine.milliseconds,
    memory: other.peak / engine.peak,
    operations: other.operations / engine.operations,
    terms,
  };
}
