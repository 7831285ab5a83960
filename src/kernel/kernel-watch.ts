/** Watching tfjs at work: every kernel that a piece of code runs, with what went in, what came out, time and memory. */
import * as tf from "@tensorflow/tfjs";

/** One kernel, as it ran. */
export interface KernelCall {
  /** of the kernel: "FusedConv2D" */
  name: string;
  attrs: tf.NamedAttrMap | undefined;
  /** `from`: index of the call that made it, null for what was there before */
  inputs: { name: string; shape: number[]; dtype: tf.DataType; from: number | null }[];
  outputs: { shape: number[]; dtype: tf.DataType }[];
  milliseconds: number;
  /** of the outputs; 0 for one that is an input in another shape */
  bytes: number;
  /** bytes of all tensors after it, above those when the watch began */
  alive: number;
}

/** Sees a kernel's inputs and outputs while they are there. `read` copies one out; on wasm and cpu only. */
export type SeeCall = (call: KernelCall, inputs: tf.TensorInfo[], outputs: tf.TensorInfo[], read: (tensor: tf.TensorInfo) => tf.TypedArray) => void;

type Kernel = ReturnType<typeof tf.getKernelsForBackend>[number];
type Call = Parameters<Kernel["kernelFunc"]>[0];

/** who watches just now */
let watching: KernelWatch | null = null;
const watched = new Set<string>();

/** Puts a look-out before every kernel of a backend, once: it passes everything through while nobody watches. */
function watchBackend(name: string): void {
  if (watched.has(name)) return;
  watched.add(name);
  for (const kernel of tf.getKernelsForBackend(name)) {
    const { kernelFunc } = kernel;
    kernel.kernelFunc = (call) => (watching ? watching.run(kernel.kernelName, kernelFunc, call) : kernelFunc(call));
  }
}

/** Watches the kernels that run inside `during`, on the backend that is current when it is made. */
export class KernelWatch {
  readonly calls: KernelCall[] = [];
  private readonly makers = new Map<object, { index: number; shape: string }[]>();
  /** bytes alive when `during` was last left, above those at the beginning */
  private left = 0;
  private entered = 0;

  constructor(private readonly see?: SeeCall) {
    watchBackend(tf.getBackend());
  }

  /** Runs `work`, synchronously: what others compute between two calls of `during` is not seen. */
  during<T>(work: () => T): T {
    const outer = watching;
    watching = this;
    this.entered = tf.memory().numBytes;
    try {
      return work();
    } finally {
      this.left = this.alive();
      watching = outer;
    }
  }

  run(name: string, kernelFunc: Kernel["kernelFunc"], call: Call): tf.TensorInfo | tf.TensorInfo[] {
    const begun = performance.now();
    const result = kernelFunc(call);
    const milliseconds = performance.now() - begun;
    const outputs = Array.isArray(result) ? result : [result];
    const inputs = Object.entries(call.inputs).flatMap(([key, tensor]) => (tensor ? [{ key, tensor }] : []));
    const made = outputs.filter((output) => !inputs.some(({ tensor }) => tensor.dataId === output.dataId));
    const bytes = made.reduce((sum, { shape, dtype }) => sum + tf.util.sizeFromShape(shape) * tf.util.bytesPerElement(dtype), 0);
    const entry: KernelCall = {
      name, attrs: call.attrs, milliseconds, bytes,
      inputs: inputs.map(({ key, tensor: { shape, dtype, dataId } }) => ({ name: key, shape: [...shape], dtype, from: this.maker(dataId, shape) })),
      outputs: outputs.map(({ shape, dtype }) => ({ shape: [...shape], dtype })),
      // the engine counts the outputs when the kernel has returned
      alive: this.alive() + bytes,
    };
    const index = this.calls.push(entry) - 1;
    for (const { dataId, shape } of outputs) this.makers.set(dataId, [...(this.makers.get(dataId) ?? []), { index, shape: String(shape) }]);
    this.see?.(entry, inputs.map(({ tensor }) => tensor), outputs, ({ dataId }) => (call.backend as tf.KernelBackend).readSync(dataId) as tf.TypedArray);
    return result;
  }

  private alive(): number {
    return this.left + tf.memory().numBytes - this.entered;
  }

  /** Numbers may go by several shapes, each made by a call of its own: the one of this shape, else the last. */
  private maker(dataId: object, shape: number[]): number | null {
    const makers = this.makers.get(dataId);
    return (makers?.findLast((one) => one.shape === String(shape)) ?? makers?.at(-1))?.index ?? null;
  }
}
