/** What an operation of a step does, in words. Pure. */
import type { StepOperation } from "../kernel/protocol";
import { paperName } from "../nst/names";
import { formatNumber } from "./numbers";
import { formatBytes, formatShape } from "./value-facts";

/** "0.2 ms", "13 ms", "< 0.01 ms" */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds > 0 && milliseconds < 0.01 ? "< 0.01 ms" : `${formatNumber(milliseconds, milliseconds < 10 ? 2 : 3)} ms`;
}

/** An operation in a line: "operation 17 of 224: FusedConv2D at conv2_1, forward". */
export function operationTitle({ name, layer, direction }: StepOperation, index: number, count: number): string {
  return `operation ${index + 1} of ${count}: ${name}${layer ? ` at ${paperName(layer)}` : ""}, ${direction}`;
}

/** The same with its numbers, for tooltips and for people who do not see the drawing. */
export function operationText(operation: StepOperation, index: number, count: number): string {
  const { shape, milliseconds, bytes, alive } = operation;
  const made = bytes > 0 ? `${formatBytes(bytes)} made` : "nothing copied";
  return `${operationTitle(operation, index, count)}. Gives ${formatShape(shape)} in ${formatMilliseconds(milliseconds)}, ${made}, ${formatBytes(alive)} alive after it.`;
}

/**
 * What the operation does and what for.
 * @param optimiser that made the step: what its operations are for is told of Adam alone
 */
export function operationMeaning(operation: StepOperation, optimiser = "Adam"): string {
  const { name, direction } = operation;
  if (direction === "update" && optimiser !== "Adam" && name !== "ClipByValue") return `A part of the step of ${optimiser}. ${KERNELS[name]?.(operation) ?? `The tfjs kernel “${name}”.`}`;
  return PURPOSES[`${direction} ${name}`]?.(operation) ?? KERNELS[name]?.(operation) ?? `The tfjs kernel “${name}”.`;
}

/** What an input is that no operation of the step has made. */
export function givenInput({ name, direction, layer, shape }: StepOperation, input: number): string {
  if (/Conv2D$/.test(name) && input === 1) return direction === "backward" ? "the filters, turned about" : "the filters";
  if (name === "FusedConv2D" && input === 2) return "the bias";
  if (name === "Sub" && layer !== "" && input === 1) return isSquare(shape) ? "the target: the style picture's Gram matrix" : "the target: the content picture's features";
  return "there before the step";
}

const RESHAPED = () => "The same numbers under another shape. Nothing is computed, and nothing is copied.";

/** By direction and kernel: what it is there for. */
const PURPOSES: Record<string, ((operation: StepOperation) => string) | undefined> = {
  "forward FusedConv2D": ({ inputs }) => {
    const [rows, columns, maps, filters] = inputs[1]?.shape ?? [];
    const cut = "the bias is added, and what is below 0 becomes 0 (ReLU)";
    return filters ? `${filters} filters of ${rows} × ${columns} × ${maps} go over the ${maps} maps of the layer before; ${cut}. All in one operation.` : `A convolution; ${cut}.`;
  },
  "forward Multiply": () => "Pixels from 0 to 1 become the numbers that the network was trained on: first their scale …",
  "forward Add": () => "… and then their mean, which is subtracted.",
  "costs BatchMatMul": () => "The Gram matrix: each map times each other, summed over all positions (equation 3 of the paper).",
  "costs Transpose": () => "Maps as rows instead of positions as rows, so that the product of the two is the Gram matrix.",
  "costs Sub": ({ shape }) =>
    isSquare(shape) ? "The Gram matrix of the picture minus that of the style picture, which was computed once, before the first step." : "What is there minus what should be there.",
  "costs Square": () => "Each difference times itself.",
  "costs Sum": ({ shape }) => (shape.length === 0 ? "The last sum: the cost is a single number now." : "Sums row by row. One long sum in float32 would lose digits."),
  "costs Pack": () => "All costs in one list, so that they are read back at once.",
  "backward Conv2D": ({ inputs }) => {
    const [, , from, to] = inputs[1]?.shape ?? [];
    return `The gradient goes back through the layer: a convolution again, with the filters turned by 180° and their ${from ?? ""} outputs and ${to ?? ""} inputs exchanged.`;
  },
  "backward BatchMatMul": () => "F (G − A): how the style cost changes with each feature (equation 6 of the paper).",
  "backward Step": () => "1 where the layer let something through, 0 elsewhere: what the ReLU does to a gradient.",
  "backward Sub": ({ layer }) => (layer ? "F − P: how the content cost changes with each feature (equation 2 of the paper)." : "A difference of neighbours, for the total variation."),
  "backward Add": ({ layer }) => (layer ? "The gradient that comes from the layers behind, and the one of this layer's own cost." : "Gradients with respect to the same pixels are added."),
  "backward Concat": () => "The gradient of a mean goes to all four positions alike: copies side by side.",
  "update Add": () => "Numbers are added: a part of Adam's running mean, or ε, which keeps a division from being one by 0.",
  "update Square": () => "The gradient times itself: Adam keeps a running mean of it.",
  "update Sqrt": () => "The root of the mean square: how large gradients of this pixel have been.",
  "update RealDiv": () => "Adam's step: the mean gradient over its mean size, so that each pixel moves by about the learning rate.",
  "update Sub": () => "Here the picture changes: minus the step, because the costs grow along the gradient.",
  "update ClipByValue": () => "What has left 0 … 1 goes back to the nearest colour that a screen has. This is the picture of the next step.",
};

/** By kernel alone. */
const KERNELS: Record<string, ((operation: StepOperation) => string) | undefined> = {
  Abs: () => "Each number without its sign.",
  Add: () => "Two tensors are added, number by number.",
  AddV2: () => "Two tensors are added, number by number.",
  AvgPool: () => "The mean of each block of positions: smaller maps.",
  BatchMatMul: () => "A product of two matrices.",
  Cast: () => "Copied as numbers of another kind.",
  ClipByValue: () => "Numbers outside of a range are set to its ends.",
  Concat: () => "Tensors one behind the other.",
  Conv2D: () => "A convolution, without bias and ReLU.",
  DepthToSpace: () => "Channels taken apart and put side by side: a larger map of fewer channels.",
  Equal: () => "1 where two numbers are the same, 0 elsewhere.",
  ExpandDims: RESHAPED,
  FusedConv2D: () => "A convolution with its bias and its ReLU.",
  Identity: RESHAPED,
  MaxPool: () => "The largest number of each block of positions: smaller maps.",
  Mean: () => "The mean.",
  Multiply: ({ inputs }) => (inputs.some(({ shape }) => shape.length === 0) ? "Every number times the same factor." : "Two tensors are multiplied, number by number."),
  Pack: () => "Tensors of one shape, stacked.",
  PadV2: () => "Zeros around the rim, where no block reached or no neighbour is.",
  RealDiv: () => "One tensor over the other, number by number.",
  Relu: () => "What is below 0 becomes 0.",
  Reshape: RESHAPED,
  Reverse: () => "The order of the channels turned about.",
  Slice: () => "A part of a tensor, copied.",
  SplitV: () => "A tensor in parts.",
  Sqrt: () => "The root of each number.",
  Square: () => "Each number times itself.",
  Squeeze: RESHAPED,
  Step: () => "1 where a number is above 0, 0 elsewhere.",
  Sub: () => "One tensor minus the other, number by number.",
  Sum: () => "A sum.",
  Transpose: () => "Rows become columns.",
  ZerosLike: () => "As many zeros.",
};

const isSquare = (shape: readonly number[]): boolean => shape.length === 2 && shape[0] === shape[1] && shape[0] > 1;
