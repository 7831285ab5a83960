import { parseModelCard } from "../nst/card";
import type { ModelCard } from "../nst/model-card";
import { WeightsError } from "../nst/safetensors";
import type { WeightArchive } from "./archive";
import { isConv, misfit } from "./architectures";
import { LICENCES } from "./licences";
import { CARD_KEY } from "./network-file";
import type { Recognised } from "./recognised";
import { modulesOf } from "./tensor-names";

/**
 * A weights file that this workbench has written: it brings its own card along.
 * @throws WeightsError when card and tensors do not belong together
 */
export function recogniseOwn(archive: WeightArchive): Recognised {
  const fail = (what: string): never => {
    throw new WeightsError(`“${archive.name}” says of itself that it was written by this workbench, but ${what}. Save it again from where it came from.`);
  };
  let card = {} as ModelCard;
  try {
    card = parseModelCard(JSON.parse(archive.metadata[CARD_KEY]));
  } catch (error) {
    fail(error instanceof WeightsError ? `its card is wrong: ${error.message.replace(/\.$/, "")}` : "its card is not JSON");
  }
  const modules = new Map(modulesOf(archive.tensors).map((module) => [module.path, module]));
  const convs = card.layers.filter(isConv).map(({ name }) => name);
  const lacking = convs.find((name) => !modules.get(name)?.kernel);
  if (lacking) fail(`the kernel of ${lacking} is missing`);
  if (convs.length === 0) fail("its card has no convolution");
  const wrong = misfit(card, { convs: modules, norms: new Map() }, card.weights.kernelLayout);
  if (wrong) fail(wrong);
  const unscaled = convs.find((name) => modules.get(name)!.kernel!.format === "I8" && !modules.get(name)!.scale);
  if (unscaled) fail(`the 8-bit kernel of ${unscaled} has no scale`);

  const layers = convs.map((layer) => {
    const { kernel, bias, scale } = modules.get(layer)!;
    return { layer, kernel: kernel!.name, bias: bias?.name ?? null, ...(kernel!.format === "I8" ? { scale: scale!.name } : {}) };
  });
  const id = card.id.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 60) || "own";
  const licence = (card.credits as Record<string, unknown> | undefined)?.["licence"];
  const used = new Set(layers.flatMap(({ kernel, bias, scale }) => [kernel, bias, scale]));
  return {
    architecture: "own",
    title: card.title.slice(0, 120),
    id,
    card: { ...card, id, title: card.title.slice(0, 120), weights: { file: card.weights.file, kernelLayout: card.weights.kernelLayout, dtype: dtypeOf(archive, layers.map(({ kernel }) => kernel)) } },
    layers,
    ignored: archive.tensors.map(({ name }) => name).filter((name) => !used.has(name)),
    inputFrom: "The file was written by this workbench and says so itself.",
    licence: typeof licence === "string" ? licence : LICENCES.unknown,
  };
}

/** How the kernels will be kept: as they are where all are halves or all are 8-bit, else in 32 bits. */
export function dtypeOf(archive: WeightArchive, kernels: readonly string[]): ModelCard["weights"]["dtype"] {
  const names = new Set(kernels);
  const formats = new Set(archive.tensors.filter(({ name }) => names.has(name)).map(({ format }) => format));
  const [only] = formats;
  return formats.size === 1 && (only === "F16" || only === "I8") ? only : "F32";
}
