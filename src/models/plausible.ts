/** Whether numbers can be a network's weights at all: what a wrong byte order, a wrong place in the file or a damage makes of them cannot. */
import { WeightsError } from "../nst/safetensors";

export interface TensorStatistics {
  mean: number;
  /** standard deviation */
  deviation: number;
  /** largest absolute value */
  largest: number;
}

interface Measured extends TensorStatistics {
  /** share of the numbers that are 0 */
  zeros: number;
}

/**
 * Bounds, wide on purpose: a network that works is never refused.
 *
 * Kernels are held against He's √(2 / fan-in) (He et al. 2015), which keeps activations of one size from layer to layer.
 * Measured: the deviations of SqueezeNet 1.1 as published are 0.28 to 1.26 times that, those of this project's slim VGG-19
 * 0.035 (its first layer, which reads 0 … 255) to 2.2 times; means are at most 0.24 of the deviation, biases at most 23.
 * Filters that were rescaled to a mean activation of 1 divide by activations of up to some hundreds and multiply by the
 * like. Floats or halves whose bytes are swapped, or that are read from a wrong place, are off by many powers of ten
 * instead. Pruned networks are mostly zeros, but never all; bytes taken for numbers have a mean above their deviation.
 */
export const USUAL = { heLeast: 1e-4, heMost: 1e3, meanMost: 3, zerosMost: 0.999, biasMost: 1e5 } as const;

/** Statistics of a tensor in one pass that loses no precision where the mean is large beside the deviation (Welford 1962). */
export function statisticsOf(numbers: ArrayLike<number>): Measured {
  let mean = 0;
  let squares = 0;
  let largest = 0;
  let zeros = 0;
  for (let i = 0; i < numbers.length; i++) {
    const x = numbers[i];
    const delta = x - mean;
    mean += delta / (i + 1);
    squares += delta * (x - mean);
    if (Math.abs(x) > largest) largest = Math.abs(x);
    if (x === 0) zeros++;
  }
  return { mean, deviation: Math.sqrt(squares / numbers.length), largest, zeros: zeros / numbers.length };
}

/**
 * Measures a tensor and refuses what cannot be weights.
 * @param name as the file calls it, for the message
 * @param fanIn numbers that one output of a kernel is a sum over, k² · c_in; null for a bias
 * @throws WeightsError naming the tensor, what was measured and what is usual
 */
export function checked(numbers: ArrayLike<number>, name: string, fanIn: number | null): TensorStatistics {
  for (let i = 0; i < numbers.length; i++)
    if (!Number.isFinite(numbers[i])) throw new WeightsError(`“${name}” holds ${numbers[i]} as its number ${i + 1} of ${numbers.length}; every weight has to be finite. The file is damaged, or belongs to a training that failed.`);
  const { zeros, ...stats } = statisticsOf(numbers);
  const fail = (measured: string, usual: string): never => {
    throw new WeightsError(`“${name}” holds numbers that are no weights: ${measured}; ${usual}. The file is damaged, or its numbers are of another format than it says. Fetch or export it again.`);
  };
  if (fanIn === null) {
    if (stats.largest > USUAL.biasMost) fail(`the largest is ${short(stats.largest)}`, `biases are usually below 30, and never above ${USUAL.biasMost}`);
    return stats;
  }
  const he = Math.sqrt(2 / fanIn);
  const usual = `in a layer of this size it is usually about ${short(he)}`;
  if (zeros > USUAL.zerosMost) fail(zeros === 1 ? "all are 0" : `${(100 * zeros).toFixed(2)} % of them are 0`, "even in a pruned network a tenth or more of them are not");
  // a kernel of a single number has no deviation
  if (numbers.length > 1 && stats.deviation === 0) fail(`all are ${short(numbers[0])}`, "filters differ from one another");
  if (numbers.length > 1 && (stats.deviation < USUAL.heLeast * he || stats.deviation > USUAL.heMost * he)) fail(`their standard deviation is ${short(stats.deviation)}`, usual);
  if (numbers.length >= MANY && Math.abs(stats.mean) > USUAL.meanMost * stats.deviation) fail(`their mean is ${short(stats.mean)} and their standard deviation ${short(stats.deviation)}`, "the mean is usually a quarter of the deviation or less");
  return stats;
}

/** Of fewer numbers the mean may well lie above the deviation. */
const MANY = 64;

const short = (x: number) => String(Number(x.toPrecision(2)));
