/** Which way of reading pixels do a network's answers speak for? */
import type { ModelCard } from "../nst/model-card";
import { biasedShare, judge, type MeasuredInput, percent, scaleOf, type TriedInput } from "./sanity-judge";
import { inputDeviation } from "./sanity-usual";

/** Ways whose numbers spread alike within this factor have the same unit. */
const SAME_UNIT = 2;

/**
 * Compares ways of reading pixels for one network.
 * @param measured the same network with each of them; one of them may be the card's own
 * @returns those that pass first, of these those whose biases have a say, of these the card's own; `says` what the numbers tell, and what they cannot
 */
export function compareInputs(measured: readonly MeasuredInput[], card: ModelCard): { tried: TriedInput[]; says: string[] } {
  const judged = measured.map((one) => ({ ...one, result: judge(one.measures, { ...card, input: one.input }) }));
  const own = JSON.stringify(card.input);
  const isOwn = ({ input }: MeasuredInput) => JSON.stringify(input) === own;
  const passing = judged.filter(({ result }) => result.verdict === "fits");
  const tried = judged
    .map((one): TriedInput => ({ ...one, stands: one.result.verdict !== "fits" ? "worse" : passing.length === 1 ? "best" : "as good" }))
    .sort((a, b) => unlikeliness(a) - unlikeliness(b) || Number(isOwn(b)) - Number(isOwn(a)) || biasedShare(a.measures) - biasedShare(b.measures));
  return { tried, says: verdictOn(tried.filter(({ stands }) => stands !== "worse"), tried.length) };
}

function unlikeliness({ stands, measures }: TriedInput): number {
  if (stands === "worse") return 2;
  return scaleOf(measures) === "unheard" ? 1 : 0;
}

function verdictOn(passing: readonly TriedInput[], all: number): string[] {
  if (passing.length === 0) return ["None of these ways fits: the weights are others than their names say, or damaged."];
  if (passing.length === 1) return [`Only one of these ways fits: ${passing[0].title}.`];
  const units = passing.map(({ input }) => inputDeviation(input));
  const oneUnit = Math.max(...units) < SAME_UNIT * Math.min(...units);
  const which = `${passing.length} of ${all} fit.`;
  if (oneUnit) return [`${which} They give the network pixels of the same unit, and that is all that its answers can tell: the order of the colours, and whether a mean is subtracted, change them by less than one photograph differs from the next. Go by where the weights come from.`];
  if (passing.every(({ measures }) => scaleOf(measures) === "untold")) return [`${which} All its biases are 0, so nothing in it knows the unit of the pixels.`];
  const shares = passing.map(({ title, measures }) => `${percent(biasedShare(measures))} with ${title}`);
  return [`${which} They differ in how much the biases count in the deepest layer: ${shares.join("; ")}.`, "A network uses the biases that it has learnt: where they hardly count, the pixels are likely too large. More cannot be told: go by where the weights come from."];
}
