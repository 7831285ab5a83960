/** Names of tensors as the tools write them, taken apart into the module that they belong to and their part in it. */
import type { ArchiveTensor } from "./archive";

/** The tensors of a convolution, or of a batch normalisation. */
export interface Module {
  /** what stands before the part's name: `features.0`, `block1_conv1/block1_conv1` */
  path: string;
  /** of four dimensions */
  kernel?: ArchiveTensor;
  /** a convolution's bias, or a normalisation's β */
  bias?: ArchiveTensor;
  /** a normalisation's γ */
  gamma?: ArchiveTensor;
  mean?: ArchiveTensor;
  variance?: ArchiveTensor;
  /** of an 8-bit kernel */
  scale?: ArchiveTensor;
}

type Part = Exclude<keyof Module, "path">;

/** "weight" is a kernel or a γ: its dimensions decide. */
const PARTS: readonly { pattern: RegExp; part: Part | "weight" }[] = [
  { pattern: /^(.+)[./](?:weights?|kernel|filters|W)$/, part: "weight" },
  { pattern: /^(.+)[./](?:bias|biases|beta|b)$/, part: "bias" },
  { pattern: /^(.+)[./]gamma$/, part: "gamma" },
  { pattern: /^(.+)[./](?:running_mean|moving_mean)$/, part: "mean" },
  { pattern: /^(.+)[./](?:running_var|moving_variance)$/, part: "variance" },
  { pattern: /^(.+)[./]kernel_scale$/, part: "scale" },
  // graph models of TensorFlow.js name what reads the variable
  { pattern: /^(.+)\/Conv2D\/ReadVariableOp(?:_\d+)?$/, part: "weight" },
  { pattern: /^(.+)\/BiasAdd\/ReadVariableOp(?:_\d+)?$/, part: "bias" },
  // Keras 1 and MXNet join with an underscore; what Keras 1 calls running_std is a variance
  { pattern: /^(.+)_(?:W|weights?)(?:_\d+)?$/, part: "weight" },
  { pattern: /^(.+)_(?:b|bias|biases|beta)(?:_\d+)?$/, part: "bias" },
  { pattern: /^(.+)_gamma(?:_\d+)?$/, part: "gamma" },
  { pattern: /^(.+)_running_mean(?:_\d+)?$/, part: "mean" },
  { pattern: /^(.+)_running_std(?:_\d+)?$/, part: "variance" },
];

/** Keras 3 numbers a layer's variables: those of a normalisation in this order, a convolution's kernel and bias. */
const NUMBERED = /^(.+)[./]vars[./](\d+)$/;
const NORM_PARTS: readonly Part[] = ["gamma", "bias", "mean", "variance"];

/** Names beyond this are nobody's, and taking them apart would take long. */
export const LONGEST_NAME = 300;

/** Modules by path, in the file's order. Tensors whose names say nothing of this kind belong to none. */
export function modulesOf(tensors: readonly ArchiveTensor[]): Module[] {
  const modules = new Map<string, Module>();
  const add = (path: string, part: Part, tensor: ArchiveTensor) => {
    const module = modules.get(path) ?? { path };
    module[part] ??= tensor;
    modules.set(path, module);
  };

  const numbered = new Map<string, ArchiveTensor[]>();
  for (const tensor of tensors) {
    if (tensor.name.length > LONGEST_NAME) continue;
    const name = tensor.name.replace(/:\d+$/, "");
    const variable = NUMBERED.exec(name);
    if (variable) {
      const variables = numbered.get(variable[1]) ?? [];
      variables[Number(variable[2])] = tensor;
      numbered.set(variable[1], variables);
      continue;
    }
    for (const { pattern, part } of PARTS) {
      const path = pattern.exec(name)?.[1];
      if (path === undefined) continue;
      const decided = part !== "weight" ? part : tensor.shape.length === 4 ? "kernel" : tensor.shape.length === 1 ? "gamma" : null;
      if (decided) add(path, decided, tensor);
      break;
    }
  }
  for (const [path, variables] of numbered) {
    if (variables[0]?.shape.length === 4) {
      add(path, "kernel", variables[0]);
      if (variables[1]?.shape.length === 1) add(path, "bias", variables[1]);
    } else if (variables.length === 4) {
      variables.forEach((tensor, i) => tensor.shape.length === 1 && add(path, NORM_PARTS[i], tensor));
    }
  }
  return [...modules.values()];
}
