/** The networks that are known: how their convolutions are ordered, and whether the shapes that a file holds fit. */
import { alexnetCard } from "../nst/alexnet";
import type { LayerSpec, ModelCard } from "../nst/model-card";
import { squeezenetCard, type SqueezeNetVersion } from "../nst/squeezenet";
import { vggCard } from "../nst/vgg";
import type { Architecture } from "./recognised";
import type { Module } from "./tensor-names";

export type KernelLayout = ModelCard["weights"]["kernelLayout"];
export type VggDepth = 11 | 13 | 16 | 19;
export const VGG_DEPTHS: readonly VggDepth[] = [11, 13, 16, 19];

export const isConv = (layer: LayerSpec): layer is LayerSpec & { kind: "conv" } => layer.kind === "conv";
/** Where a file's convolutions belong in a known network, before their shapes were looked at. */
export interface Placed {
  architecture: Exclude<Architecture, "own">;
  convs: ReadonlyMap<string, Module>;
  /** batch normalisations, by the convolution before them; empty without any */
  norms: ReadonlyMap<string, Module>;
  /** the layers' places say that a normalisation stands behind every convolution */
  normalised?: boolean;
}

export interface Fitted {
  card: ModelCard;
  layout: KernelLayout;
  /** every layer has as many filters as the published network */
  published: boolean;
}

const OUT: Record<KernelLayout, number> = { OIHW: 0, HWIO: 3 };

/**
 * Puts the shapes that a file holds on the layers of the network that its names speak of.
 * @param usual the order of a kernel's dimensions that such files have: tried first
 * @returns the card with the file's widths, or a sentence about what does not fit
 */
export function fit(placed: Placed, usual: KernelLayout): Fitted | string {
  const published = convsOf(PUBLISHED[placed.architecture]());
  const missing = published.map(({ name }) => name).filter((name) => !placed.convs.get(name)?.kernel);
  if (missing.length > 0) return `${missing.length === 1 ? "its convolution" : "its convolutions"} ${listed(missing)} ${missing.length === 1 ? "is" : "are"} missing`;
  const bare = published.find(({ name }) => (placed.normalised || placed.norms.has(name)) && !isComplete(placed.norms.get(name)));
  if (bare) return `the batch normalisation behind ${bare.name} lacks its mean, its variance, γ or β`;
  let problem = "";
  for (const layout of [usual, usual === "OIHW" ? "HWIO" : "OIHW"] as const) {
    const card = cardOf(placed, layout);
    const wrong = misfit(card, placed, layout);
    if (!wrong) return { card, layout, published: convsOf(card).every(({ channels }, i) => channels === published[i].channels) };
    problem ||= wrong;
  }
  return problem;
}

const isComplete = (norm: Module | undefined) => !!(norm?.gamma && norm.bias && norm.mean && norm.variance);
const convsOf = ({ layers }: ModelCard) => layers.filter(isConv);

/** Names of the convolutions of a known network, in order. */
export const convNames = (architecture: Placed["architecture"]): string[] => convsOf(PUBLISHED[architecture]()).map(({ name }) => name);

/** The network with as many filters in each layer as the file holds. */
function cardOf({ architecture, convs }: Placed, layout: KernelLayout): ModelCard {
  const card = PUBLISHED[architecture]();
  return { ...card, layers: card.layers.map((layer) => (isConv(layer) ? { ...layer, channels: convs.get(layer.name)!.kernel!.shape[OUT[layout]] } : layer)) };
}

const vgg = (depth: VggDepth) => () => vggCard(depth);
const squeezenet = (version: SqueezeNetVersion) => () => squeezenetCard(version);

const PUBLISHED: Record<Placed["architecture"], () => ModelCard> = {
  vgg11: vgg(11),
  vgg13: vgg(13),
  vgg16: vgg(16),
  vgg19: vgg(19),
  squeezenet1_0: squeezenet("1.0"),
  squeezenet1_1: squeezenet("1.1"),
  alexnet: alexnetCard,
};

/** The first tensor whose shape is not what the layer before and the card ask for, in words; "" when all fit. */
export function misfit(card: ModelCard, { convs, norms }: Pick<Placed, "convs" | "norms">, layout: KernelLayout): string {
  const channels = new Map<string, number>();
  let before = "";
  for (const layer of card.layers) {
    const sources = layer.input === undefined ? [before] : [layer.input].flat();
    const cin = sources.reduce((sum, name) => sum + (name === "" ? 3 : channels.get(name)!), 0);
    if (isConv(layer)) {
      const { name, kernel: k, channels: cout } = layer;
      const { kernel, bias, scale } = convs.get(name)!;
      const norm = norms.get(name);
      const wrong =
        unlike(kernel!, layout === "OIHW" ? [cout, cin, k, k] : [k, k, cin, cout]) ||
        [bias, scale, norm?.gamma, norm?.bias, norm?.mean, norm?.variance].map((tensor) => tensor && unlike(tensor, [cout])).find(Boolean);
      if (wrong) return `${name} ${wrong}${before === "" && kernel!.shape[layout === "OIHW" ? 1 : 2] !== 3 ? "; its first layer has to read the three colour channels" : ""}`;
      channels.set(name, cout);
    } else channels.set(layer.name, cin);
    before = layer.name;
  }
  return "";
}

function unlike(tensor: { name: string; shape: number[] }, shape: number[]): string {
  return tensor.shape.length === shape.length && tensor.shape.every((n, i) => n === shape[i]) ? "" : `(“${tensor.name}”) has the shape ${tensor.shape.join("×")} where ${shape.join("×")} is needed`;
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4);
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}` : shown.join();
}
