/** Kernels that were made for Theano: other tools must not take them as they are. */
import { WeightsError } from "../nst/safetensors";
import { shapeText } from "./announced";

/** Sides of the windows that networks for pictures have. */
const WINDOWS = new Set([1, 2, 3, 5, 7, 9, 11]);

/**
 * Keras orders a kernel's axes [rows, columns, channels read, filters]; files for Theano have [filters, channels read,
 * rows, columns], or (saved by Keras 2 with Theano beneath) Keras' order with every window turned by 180°, because
 * Theano convolves where others correlate. Nothing in the first kind tells whether its windows are turned too: those
 * files exist in both kinds (`th_kernels` and `tf_kernels`), so they are refused instead of guessed.
 * @param backend what Keras noted in the file
 * @throws WeightsError saying which of both it is
 */
export function refuseTheano(file: string, tensors: readonly { name: string; shape: readonly number[] }[], backend: string | undefined): void {
  if (backend === "theano") throw new WeightsError(`“${file}” was saved by Keras with Theano beneath, which turns every window by 180°. Weights saved with TensorFlow beneath are needed: the file whose name says “tf_kernels”.`);
  // PyTorch's order looks alike; its names do not
  const kernels = tensors.filter(({ name, shape }) => shape.length === 4 && !/weight$/.test(name));
  const squareAt = (axis: number) => ({ shape }: { shape: readonly number[] }) => shape[axis] === shape[axis + 1] && WINDOWS.has(shape[axis]);
  if (kernels.length > 0 && kernels.every(squareAt(2)) && !kernels.every(squareAt(0))) {
    throw new WeightsError(`“${file}” has its kernels in Theano’s order: “${kernels[0].name}” is ${shapeText(kernels[0].shape)}, filters first. Whether their windows are turned as well cannot be seen. The file for TensorFlow is needed, with “tf_dim_ordering_tf_kernels” in its name.`);
  }
}
