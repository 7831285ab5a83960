import type { LayerWeights, Pooling } from "./settings";

/**
 * A layer of a network as data. `input` names the layer(s) it reads; without it, the layer before in the list.
 *
 * A convolution's `padding`: zeros on each side of what it reads, as PyTorch counts them; "valid" is 0, "same" is
 * (kernel − 1) / 2 and belongs to stride 1. A pool takes windows of size × size, `stride` apart: side by side where both
 * are equal, overlapping where the stride is less. With `ceil` the last window may reach beyond the border, and only
 * what lies inside counts (PyTorch's ceil_mode, Caffe's rule); without it a rest of the border is left out.
 */
export type LayerSpec =
  | { name: string; kind: "conv"; channels: number; kernel: number; stride: number; padding: "same" | "valid" | number; activation: "relu" | "linear"; input?: string }
  | { name: string; kind: "pool"; size: number; stride: number; ceil?: boolean; input?: string }
  | { name: string; kind: "relu"; input?: string }
  | { name: string; kind: "concat"; input: string[] };

/** How pixels become the numbers that the first layer reads: (lo + pixel · (hi − lo) − mean) · scale, channel by channel. */
export interface InputSpec {
  /** order in which the network reads the colour channels; `mean` and `scale` are in this order */
  channels: "RGB" | "BGR";
  /** [lo, hi]: the numbers that black and white become before the mean is subtracted */
  range: [number, number];
  mean: [number, number, number];
  scale: number | [number, number, number];
}

/**
 * Where ε stands. "keras" adds it to √v before the bias correction (ε̂ of Kingma & Ba 2015, end of section 2; Keras),
 * "pytorch" to √v̂ after it (algorithm 1; PyTorch and tfjs). With ε of 0.1, as in TensorFlow's tutorial, the first steps
 * differ a lot; with 1e-8 hardly, unless gradients are that small.
 */
export type EpsilonPlace = "keras" | "pytorch";

export interface AdamOptions {
  kind: "adam";
  /** in units of pixels in [0, 1] */
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** without it "keras" */
  epsilonPlace?: EpsilonPlace;
}

/** Gradient descent: G ← G − learningRate · ∂J/∂G, pixels in [0, 1]. */
export interface DescentOptions {
  kind: "descent";
  learningRate: number;
  /** v ← momentum · v + ∂J/∂G, and v moves the picture instead of the gradient (as PyTorch's SGD); in [0, 1), without it 0 */
  momentum?: number;
  /** the learning rate of step k (from 0) is learningRate · rate^(k / every), as Keras' ExponentialDecay; without it constant */
  decay?: { rate: number; every: number };
}

/** L-BFGS (Nocedal 1980) as torch.optim.LBFGS without a line search, one evaluation a step. */
export interface LbfgsOptions {
  kind: "lbfgs";
  /** share of the step that the curvature suggests; 1 is usual */
  learningRate: number;
  /** pairs of steps and changes of the gradient that are remembered; 10 is usual here, each needs twice the memory of the picture */
  history: number;
}

/** How a gradient becomes a step. */
export type OptimiserOptions = AdamOptions | DescentOptions | LbfgsOptions;

/** What a network's model.json recommends; every control's default is one of these numbers. */
export interface TransferDefaults {
  pooling: Pooling;
  contentLayer: string;
  styleLayers: LayerWeights;
  beta: number;
  /** α·M, with M the positions of the content layer: keeps its meaning when the picture grows */
  alphaTimesM: number;
  totalVariation: number;
  initialisation: "content" | "noise" | "blend";
  /** side of the picture, in pixels */
  size: number;
  steps: number;
  optimiser: AdamOptions;
}

/** public/models/<id>/model.json */
export interface ModelCard {
  id: string;
  title: string;
  layers: LayerSpec[];
  input: InputSpec;
  /** `dtype`: how kernels are stored; "I8" comes with one scale an output channel, `<layer>.kernel_scale` */
  weights: { file: string; sha256?: string; kernelLayout: "HWIO" | "OIHW"; dtype: "I8" | "F16" | "F32" };
  defaults: TransferDefaults;
  notes?: Record<string, string>;
  credits: Record<string, string>;
}
