import { WeightsError } from "../nst/safetensors";
import type { KernelLayout } from "./architectures";

/** Numbers of a batch normalisation, one each a filter. */
export interface BatchNorm {
  gamma: ArrayLike<number>;
  beta: ArrayLike<number>;
  mean: ArrayLike<number>;
  variance: ArrayLike<number>;
  /** added to the variance before the root */
  epsilon: number;
}

/**
 * Folds a batch normalisation, as it is used after training, into the convolution before it (Ioffe & Szegedy 2015,
 * section 3.1): γ·(W∗x + b − μ)/√(σ² + ε) + β = (g·W)∗x + g·(b − μ) + β with g = γ/√(σ² + ε).
 * @param kernel changed in place
 * @param bias of the convolution; null if it has none
 * @param name of the normalisation's variance, for the message
 * @returns the bias that belongs to the changed kernel
 * @throws WeightsError when a variance is negative
 */
export function foldBatchNorm(kernel: Float32Array, bias: ArrayLike<number> | null, { gamma, beta, mean, variance, epsilon }: BatchNorm, layout: KernelLayout, name: string): Float32Array {
  const filters = gamma.length;
  const gain = Float64Array.from({ length: filters }, (_, o) => {
    if (!(variance[o] >= 0)) throw new WeightsError(`“${name}” holds the variance ${variance[o]} for filter ${o + 1}; a variance is 0 or more. The file is damaged.`);
    return gamma[o] / Math.sqrt(variance[o] + epsilon);
  });
  const perFilter = kernel.length / filters;
  for (let i = 0; i < kernel.length; i++) kernel[i] *= gain[layout === "OIHW" ? Math.floor(i / perFilter) : i % filters];
  return Float32Array.from(gain, (g, o) => g * ((bias?.[o] ?? 0) - mean[o]) + beta[o]);
}
