import * as tf from "@tensorflow/tfjs";

/** A convolution of stride 1 with its weights on the backend. Whoever made it disposes it with `disposeConv`. */
export interface Conv {
  kind: "conv";
  name: string;
  /** index of the node it reads; −1 is the preprocessed picture */
  inputs: number[];
  padding: "same" | "valid";
  relu: boolean;
  /** [k, k, c_in, c_out] */
  kernel: tf.Tensor4D;
  /** [c_out] */
  bias: tf.Tensor1D;
  /** [k, k, c_out, c_in]: turned by 180° in space, channels swapped. See `convBackward`. */
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
    tf.fused.conv2d({ x, filter: layer.kernel, strides: 1, pad: layer.padding, bias: layer.bias, activation }) as tf.Tensor4D;
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
 * @param dy [1, h', w', c_out]
 * @returns dx [1, h, w, c_in]; the caller disposes it
 */
export function convBackward(dy: tf.Tensor4D, layer: Conv): tf.Tensor4D {
  const pad = layer.padding === "same" ? "same" : layer.kernel.shape[0] - 1;
  return tf.conv2d(dy, layer.flipped, 1, pad);
}

/**
 * Flips a kernel for `convBackward`.
 * @param kernel [k, k, c_in, c_out], row-major
 * @returns [k, k, c_out, c_in]
 */
export function flipKernel(kernel: Float32Array, k: number, cin: number, cout: number): Float32Array {
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
