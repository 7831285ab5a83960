import * as tf from "@tensorflow/tfjs";
import { fitToShape } from "./pad";

/** A convolution with its weights on the backend. Whoever made it disposes it with `disposeConv`. */
export interface Conv {
  kind: "conv";
  name: string;
  /** index of the node it reads; −1 is the preprocessed picture */
  inputs: number[];
  stride: number;
  /** zeros on each side; "valid" is 0, "same" (kernel − 1) / 2 with stride 1 */
  padding: "same" | "valid" | number;
  relu: boolean;
  /** [k, k, c_in, c_out] */
  kernel: tf.Tensor4D;
  /** [c_out] */
  bias: tf.Tensor1D;
  /**
   * For the way back, see `convBackward`. With stride 1 [k, k, c_out, c_in]: turned by 180° in space, channels swapped.
   * With stride s [⌈k/s⌉, ⌈k/s⌉, c_out, s² · c_in]: the same for each of the s² places that a pixel can have in the grid.
   */
  flipped: tf.Tensor4D;
}

/**
 * y = x ∗ kernel + bias, then ReLU if the layer has one.
 * @param x [1, h, w, c_in]
 * @param keepBefore also return the numbers before the ReLU (costs one more map in memory)
 * @returns y [1, h', w', c_out]; the caller disposes both
 */
export function convForward(x: tf.Tensor4D, layer: Conv, keepBefore = false): { y: tf.Tensor4D; before: tf.Tensor4D | null } {
  const convolve = (activation: "relu" | "linear") =>
    tf.fused.conv2d({ x, filter: layer.kernel, strides: layer.stride, pad: layer.padding, bias: layer.bias, activation }) as tf.Tensor4D;
  if (!layer.relu || !keepBefore) return { y: convolve(layer.relu ? "relu" : "linear"), before: null };
  return tf.tidy(() => {
    const before = convolve("linear");
    return { y: tf.relu(before), before };
  });
}

/**
 * The gradient with respect to x, given the one with respect to the numbers before the ReLU. The transpose of a
 * stride-1 convolution is a convolution with the flipped kernel: the same fast forward kernel serves, where tfjs' own
 * conv2dBackpropInput is more than ten times slower on wasm.
 *
 * With stride s, a pixel is met by those entries of the kernel alone whose row and column have its own remainders
 * modulo s. So the transpose is s² small convolutions of dy, one for each pair of remainders, whose results lie
 * interleaved; they read the same numbers and are computed as one (Shi et al. 2016, "Is the deconvolution layer the same
 * as a convolutional layer?"). The usual way, zeros put between the numbers of dy, would compute s² times as much.
 * @param dy [1, h', w', c_out]
 * @param shape of x, [1, h, w, c_in]
 * @returns dx [1, h, w, c_in]; the caller disposes it
 */
export function convBackward(dy: tf.Tensor4D, layer: Conv, shape: number[]): tf.Tensor4D {
  const { stride, padding } = layer;
  if (stride === 1) return tf.conv2d(dy, layer.flipped, 1, padding === "same" ? "same" : layer.kernel.shape[0] - 1 - zerosAround(layer));
  return tf.tidy(() => {
    const phases = tf.conv2d(dy, layer.flipped, 1, layer.flipped.shape[0] - 1);
    const padded = tf.depthToSpace(phases, stride);
    phases.dispose();
    return fitToShape(padded, shape, { from: zerosAround(layer) });
  });
}

/** Zeros that a convolution reads on each side of its picture. */
function zerosAround({ kernel, padding }: Pick<Conv, "kernel" | "padding">): number {
  if (typeof padding === "number") return padding;
  return padding === "same" ? (kernel.shape[0] - 1) / 2 : 0;
}

/** The kernel as `convBackward` wants it. @param kernel [k, k, c_in, c_out], row-major */
export function flippedKernel(kernel: Float32Array, k: number, cin: number, cout: number, stride: number): tf.Tensor4D {
  if (stride === 1) return tf.tensor4d(flipKernel(kernel, k, cin, cout), [k, k, cout, cin]);
  const reach = Math.ceil(k / stride);
  const depth = stride * stride * cin;
  const flipped = new Float32Array(reach * reach * cout * depth);
  for (let row = 0; row < k; row++)
    for (let column = 0; column < k; column++) {
      // entry (row, column) serves the pixels of these remainders, from so many numbers of dy before them
      const phase = (row % stride) * stride + (column % stride);
      const place = (reach - 1 - Math.floor(row / stride)) * reach + (reach - 1 - Math.floor(column / stride));
      const from = (row * k + column) * cin * cout;
      for (let i = 0; i < cin; i++) for (let o = 0; o < cout; o++) flipped[(place * cout + o) * depth + phase * cin + i] = kernel[from + i * cout + o];
    }
  return tf.tensor4d(flipped, [reach, reach, cout, depth]);
}

/** @returns [k, k, c_out, c_in]: turned by 180° in space, channels swapped */
function flipKernel(kernel: Float32Array, k: number, cin: number, cout: number): Float32Array {
  const flipped = new Float32Array(kernel.length);
  for (let p = 0; p < k * k; p++) {
    const from = p * cin * cout;
    const to = (k * k - 1 - p) * cin * cout;
    for (let i = 0; i < cin; i++) for (let o = 0; o < cout; o++) flipped[to + o * cin + i] = kernel[from + i * cout + o];
  }
  return flipped;
}

export function disposeConv(layer: Conv): void {
  tf.dispose([layer.kernel, layer.bias, layer.flipped]);
}
