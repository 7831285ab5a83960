import { NOT_FITTED } from "../nst/fitted-defaults";
import type { ModelCard } from "../nst/model-card";
import { WeightsError } from "../nst/safetensors";
import type { WeightArchive } from "./archive";
import { type Fitted, fit, isConv } from "./architectures";
import type { KnownFile } from "./known-files";
import { type Named, readNames } from "./namings";
import { CARD_KEY } from "./network-file";
import { originOf } from "./origin";
import { dtypeOf, recogniseOwn } from "./own-card";
import type { Recognised } from "./recognised";
import { areMeasured, defaultsFor } from "./recommended";
import { refusal } from "./resembles";
import { modulesOf } from "./tensor-names";

export type { Architecture, Recognised, RecognisedLayer, RecognisedNorm } from "./recognised";

/** Added to the variance before the root: PyTorch's and Keras' defaults, which all of these networks were trained with. */
const EPSILON = { torch: 1e-5, keras: 1e-3 } as const;

/**
 * Tells from names and shapes alone which network a weights file holds.
 * @param archive opened; none of its numbers are read
 * @param known what `knownFile` made of the file's bytes, if anything
 * @throws WeightsError saying what was found and what would be needed
 */
export function recognise(archive: WeightArchive, known: KnownFile | null = null): Recognised {
  if (archive.metadata[CARD_KEY] !== undefined) return recogniseOwn(archive);
  const ofTensorFlow = archive.format === "hdf5" || archive.format === "tfjs";
  let nearMiss = "";
  for (const named of readNames(modulesOf(archive.tensors))) {
    // what this workbench names is laid out as TensorFlow has it, whatever the file
    const fitted = fit(named, ofTensorFlow || named.naming === "own" ? "HWIO" : "OIHW");
    if (typeof fitted === "string") nearMiss ||= `By its names it is ${NAMES[named.architecture]}, but ${fitted}${hint(named)}`;
    else if (ofTensorFlow && fitted.layout === "OIHW") throw new WeightsError(turnedRound(archive.name, named));
    else return found(archive, named, fitted, known);
  }
  throw new WeightsError(refusal(archive.name, archive.tensors, nearMiss));
}

const NAMES: Record<Named["architecture"], string> = {
  vgg11: "VGG-11", vgg13: "VGG-13", vgg16: "VGG-16", vgg19: "VGG-19", squeezenet1_0: "SqueezeNet 1.0", squeezenet1_1: "SqueezeNet 1.1", alexnet: "AlexNet",
};

function found(archive: WeightArchive, named: Named, { card, layout, published }: Fitted, known: KnownFile | null): Recognised {
  const { architecture, convs, norms, naming } = named;
  const layers = card.layers.filter(isConv).map(({ name }) => {
    const { kernel, bias } = convs.get(name)!;
    const norm = norms.get(name);
    const folded = norm && {
      norm: { gamma: norm.gamma!.name, beta: norm.bias!.name, mean: norm.mean!.name, variance: norm.variance!.name, epsilon: naming === "keras" ? EPSILON.keras : EPSILON.torch },
    };
    return { layer: name, kernel: kernel!.name, bias: bias?.name ?? null, ...folded };
  });
  const used = new Set(layers.flatMap(({ kernel, bias, norm }) => [kernel, bias, ...(norm ? [norm.gamma, norm.beta, norm.mean, norm.variance] : [])]));
  const origin = originOf(archive, named, known, published);
  const normalised = norms.size > 0;
  const thin = published ? "" : "-thin";
  const features = [...(normalised ? ["batch normalisation"] : []), ...(published ? [] : [`${widths(card)} filters`])];
  const title = `${NAMES[architecture]}${features.length > 0 ? ` with ${features.join(" and ")}` : ""}${origin.from ? ` (${origin.from})` : ""}`;
  const id = `${architecture}${normalised ? "-bn" : ""}${thin}${origin.suffix}`;
  return {
    architecture, title, id,
    card: {
      ...card, id, title,
      input: origin.input,
      weights: { file: card.weights.file, kernelLayout: layout, dtype: normalised ? "F32" : dtypeOf(archive, layers.map(({ kernel }) => kernel)) },
      defaults: defaultsFor(card, architecture, origin.input, published),
      notes: { ...(normalised ? { normalisation: "Batch normalisation is folded into the convolutions before it; it is taken to stand between a convolution and its ReLU." } : {}), input: origin.inputFrom, ...(areMeasured(architecture, origin.input, published) ? {} : { settings: NOT_FITTED }) },
      credits: { weights: archive.name, licence: origin.licence },
    },
    layers,
    ignored: archive.tensors.map(({ name }) => name).filter((name) => !used.has(name)),
    inputFrom: origin.inputFrom,
    licence: origin.licence,
  };
}

/** Filters from block to block, or of every convolution where they are fewer. */
function widths({ layers }: ModelCard): string {
  const convs = layers.filter(isConv);
  const shown = convs.filter(({ name }) => /^block\d_conv1$|^conv\d$|_squeeze$/.test(name));
  return shown.map(({ channels }) => channels).join(", ");
}

function turnedRound(name: string, { architecture }: Named): string {
  return `“${name}” holds ${NAMES[architecture]} with its kernels in Theano’s order (filters first), as files named “…_th_dim_ordering_…” do. Theano turns kernels round, and nothing in the file says whether these are. Take the file in TensorFlow’s order, “…_tf_dim_ordering_tf_kernels…”.`;
}

/** What often is the reason when names fit and shapes do not. */
function hint({ architecture, convs }: Named): string {
  const second = architecture === "alexnet" ? convs.get("conv2")?.kernel?.shape : undefined;
  return second?.includes(48) ? ". These are the kernels of the original AlexNet, whose filters are in two groups; torchvision’s AlexNet has one" : "";
}
