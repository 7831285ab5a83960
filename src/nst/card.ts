import { layerShapes } from "./layer-shapes";
import type { LayerSpec, ModelCard } from "./model-card";
import { WeightsError } from "./safetensors";

/**
 * Checks that a model.json has everything that the workbench relies on, so that a mistake is named here and not as a
 * shape error deep inside a step.
 * @param json the parsed file
 * @throws WeightsError naming the field, what it holds and what it should hold
 */
export function parseModelCard(json: unknown): ModelCard {
  const card = json as ModelCard;
  const fail = (what: string): never => {
    throw new WeightsError(`model.json${typeof card?.id === "string" ? ` of ${card.id}` : ""}: ${what}.`);
  };
  if (!card || typeof card !== "object") return fail("is not an object");
  for (const key of ["id", "title"] as const) if (typeof card[key] !== "string" || !card[key]) fail(`"${key}" should be a text`);
  if (!Array.isArray(card.layers) || card.layers.length === 0) fail('"layers" should be a list of layers');

  const seen = new Set<string>();
  card.layers.forEach((layer, i) => checkLayer(layer, i, seen, fail));

  checkBranches(card, fail);

  const { input, weights, defaults } = card;
  if (!input || !["RGB", "BGR"].includes(input.channels)) fail('"input.channels" should be "RGB" or "BGR"');
  if (!isNumbers(input.range, 2)) fail('"input.range" should be two numbers');
  if (!isNumbers(input.mean, 3)) fail('"input.mean" should be three numbers');
  if (!(isPositive(input.scale) || (isNumbers(input.scale, 3) && (input.scale as number[]).every(isPositive)))) fail('"input.scale" should be one or three positive numbers');
  if (!weights || typeof weights.file !== "string" || /(^\/|\.\.|:)/.test(weights.file)) fail('"weights.file" should name a file beside model.json');
  if (!["HWIO", "OIHW"].includes(weights.kernelLayout)) fail('"weights.kernelLayout" should be "HWIO" or "OIHW"');
  if (!["I8", "F16", "F32"].includes(weights.dtype)) fail('"weights.dtype" should be "I8", "F16" or "F32"');
  checkDefaults(defaults, seen, fail);
  return card;
}

function checkLayer(layer: LayerSpec, i: number, seen: Set<string>, fail: (what: string) => never): void {
  const where = `layer ${i + 1}${typeof layer?.name === "string" ? ` (${layer.name})` : ""}`;
  if (typeof layer?.name !== "string" || !layer.name) fail(`${where} has no name`);
  if (seen.has(layer.name)) fail(`two layers are called ${layer.name}`);
  const inputs = layer.input === undefined ? [] : [layer.input].flat();
  for (const name of inputs) if (!seen.has(name)) fail(`${where} reads "${name}", which no earlier layer is called`);
  switch (layer.kind) {
    case "conv":
      if (!isCount(layer.channels) || !isCount(layer.kernel)) fail(`${where}: "channels" and "kernel" should be whole numbers above 0`);
      if (!isCount(layer.stride)) fail(`${where}: "stride" should be a whole number above 0, and is ${layer.stride}`);
      checkPadding(layer, where, fail);
      if (!["relu", "linear"].includes(layer.activation)) fail(`${where}: activation should be "relu" or "linear"`);
      break;
    case "pool":
      if (!isCount(layer.size) || !isCount(layer.stride)) fail(`${where}: "size" and "stride" should be whole numbers above 0`);
      if (layer.stride > layer.size) fail(`${where}: a stride of ${layer.stride} leaves gaps between windows of ${layer.size}; it should be ${layer.size} or less`);
      if (![undefined, true, false].includes(layer.ceil)) fail(`${where}: "ceil" should be true or false`);
      break;
    case "relu":
      break;
    case "concat":
      if (inputs.length < 1 || !Array.isArray(layer.input)) fail(`${where}: "input" should list the layers to concatenate`);
      break;
    default:
      fail(`${where} is of kind "${(layer as { kind: string }).kind}"; known are conv, pool, relu and concat`);
  }
  seen.add(layer.name);
}

/** Branches that meet again must have kept the same size, whatever the picture's. */
function checkBranches(card: ModelCard, fail: (what: string) => never): void {
  for (const side of [256, 255, 254, 253]) {
    const shapes = layerShapes(card, side, side);
    for (const { name, kind, input } of card.layers)
      if (kind === "concat" && new Set(input.map((source) => shapes.get(source)!.width)).size > 1)
        fail(`${name} puts together ${input.join(", ")}, whose maps differ in size: ${input.map((source) => shapes.get(source)!.width).join(", ")} for a picture of ${side} px`);
  }
}

function checkPadding({ padding, kernel, stride }: Extract<LayerSpec, { kind: "conv" }>, where: string, fail: (what: string) => never): void {
  if (padding === "valid") return;
  if (padding === "same") {
    if (kernel % 2 === 0) fail(`${where}: padding "same" needs an odd kernel. Say how many zeros lie on each side`);
    // TensorFlow and PyTorch do not agree where the zeros lie then
    if (stride > 1) fail(`${where}: padding "same" with stride ${stride} can be read in two ways. Say how many zeros lie on each side`);
  } else if (!(Number.isSafeInteger(padding) && padding >= 0 && padding < kernel)) fail(`${where}: padding should be "same", "valid", or the number of zeros on each side, from 0 to ${kernel - 1}`);
}

function checkDefaults(d: ModelCard["defaults"], layers: Set<string>, fail: (what: string) => never): void {
  if (!d || typeof d !== "object") fail('"defaults" is missing');
  if (!["average", "maximum"].includes(d.pooling)) fail('"defaults.pooling" should be "average" or "maximum"');
  if (!layers.has(d.contentLayer)) fail(`"defaults.contentLayer" names "${d.contentLayer}", which is no layer`);
  for (const [name, weight] of Object.entries(d.styleLayers ?? {})) {
    if (!layers.has(name)) fail(`"defaults.styleLayers" names "${name}", which is no layer`);
    if (!Number.isFinite(weight)) fail(`"defaults.styleLayers.${name}" should be a number`);
  }
  for (const key of ["beta", "alphaTimesM", "totalVariation"] as const) if (!Number.isFinite(d[key])) fail(`"defaults.${key}" should be a number`);
  for (const key of ["size", "steps"] as const) if (!isCount(d[key])) fail(`"defaults.${key}" should be a whole number above 0`);
  if (!["content", "noise", "blend"].includes(d.initialisation)) fail('"defaults.initialisation" should be "content", "noise" or "blend"');
  for (const key of ["learningRate", "beta1", "beta2", "epsilon"] as const) if (!Number.isFinite(d.optimiser?.[key])) fail(`"defaults.optimiser.${key}" should be a number`);
}

const isCount = (x: unknown): boolean => Number.isSafeInteger(x) && (x as number) > 0;
const isPositive = (x: unknown): boolean => Number.isFinite(x) && (x as number) > 0;
const isNumbers = (x: unknown, n: number): boolean => Array.isArray(x) && x.length === n && x.every(Number.isFinite);
