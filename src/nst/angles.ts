/** Lengths of gradients and the angles between them, in double precision. Plain arrays, no tensors. */

/** Euclidean norm, √Σ g². */
export function norm(g: ArrayLike<number>): number {
  return Math.sqrt(dot(g, g));
}

/** Σ a·b over arrays of the same length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** The sum of arrays of the same length. @param length of the result, also when there is nothing to add */
export function sumOf(arrays: readonly Float32Array[], length: number): Float32Array {
  const sum = new Float64Array(length);
  for (const array of arrays) for (let i = 0; i < length; i++) sum[i] += array[i];
  return Float32Array.from(sum);
}

/**
 * Cosines of the angles between gradients.
 * @param gradients n arrays of the same length
 * @returns [n·n] row by row, in [−1, 1], 1 on the diagonal; NaN where a gradient is 0
 */
export function cosines(gradients: readonly Float32Array[]): Float64Array {
  const n = gradients.length;
  const norms = gradients.map(norm);
  const result = new Float64Array(n * n).fill(NaN);
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++) {
      if (!(norms[i] > 0 && norms[j] > 0)) continue;
      const cosine = i === j ? 1 : dot(gradients[i], gradients[j]) / norms[i] / norms[j];
      result[i * n + j] = result[j * n + i] = Math.min(1, Math.max(-1, cosine));
    }
  return result;
}
