/** "Show as code": the few lines that compute what a cell of the workbench computes. */
import type { CropRect } from "../kernel/protocol";
import { publicNames } from "../notebook/graph-errors";
import type { ModelCard } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";
import { KernelValue } from "../sandbox/client";
import { anatomyCode } from "./as-code-anatomy";
import { boardCode } from "./as-code-board";
import { contentCostCode } from "./as-code-content";
import { featuresCode, sideBySideCode } from "./as-code-features";
import { gramCode, gramCompareCode, shuffleCode } from "./as-code-gram";
import { ascentCode, growthCode } from "./as-code-growth";
import { kernelsCode, layersCode, layerStatisticsCode } from "./as-code-network";
import { blobsCode, pixelsCode, sameGramCode } from "./as-code-pixels";
import { balanceCode, descendCode, pullsCode } from "./as-code-pulls";
import { recipeCode } from "./as-code-recipe";
import { sweepCode } from "./as-code-sweep";
import { imageCode, networkCode, runCode, settingsCode } from "./as-code-texts";
import { termsCode } from "./as-code-terms";
import { AnatomyCell } from "./anatomy";
import { AscentCell } from "./ascent";
import { BalanceCell } from "./balance";
import { bindings } from "./bindings";
import { BlobsCell } from "./blobs";
import { BoardCell } from "./board";
import { Cell } from "./cell";
import { ContentCostCell } from "./content-cost";
import { type Aspect, centredCrop, ratioOf } from "./crop-geometry";
import { DescendCell } from "./descend";
import { FeaturesCell } from "./features";
import { GramCell } from "./gram";
import { GramCompareCell } from "./gram-compare";
import { GrowthCell } from "./growth-cell";
import { ImageCell, type ImageValue } from "./image";
import { KernelsCell } from "./kernels";
import { LayerStatisticsCell } from "./layer-statistics";
import { LayersCell } from "./layers";
import { MatchCell } from "./match";
import { NetworkCell, type NetworkValue } from "./network";
import { PixelsCell } from "./pixels";
import { PullsCell } from "./pulls";
import { RecipeCell } from "./recipe";
import { RunCell } from "./run";
import { SameGramCell, SEED as SAME_GRAM_SEED } from "./same-gram";
import { SettingsCell } from "./settings";
import { ShuffleCell } from "./shuffle";
import { SideBySideCell } from "./side-by-side";
import { SweepGrid } from "./sweep";
import { TermsCell } from "./terms";

/** What code can read by its name. */
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * A code cell, fences included, that computes what `element` does with what is chosen in it now, under a name of its own. Null
 * if there is no such code: for another kind of cell, one that has no value yet, a picture that no code can open, or a
 * name that code cannot read.
 */
export function asCode(element: Element): string | null {
  if (!(element instanceof Cell) || !element.context) return null;
  const { graph } = element.context;
  const taken = new Set(publicNames(graph.describe().flatMap(({ name }) => name ?? [])));
  if (element instanceof ImageCell) return image(element, taken);
  if (element instanceof NetworkCell) {
    const value = element.value as NetworkValue | undefined;
    return value ? networkCode({ name: fresh(element.name ?? "network", taken), id: value.id, random: value.random }) : null;
  }
  if (element instanceof SettingsCell || element instanceof MatchCell) {
    const { network } = bound(element);
    if (!IDENTIFIER.test(network)) return null;
    const card = (graph.peek(network) as NetworkValue | undefined)?.card as ModelCard | undefined;
    const value = element.value as TransferSettings | undefined;
    return value && card ? settingsCode({ name: fresh(element.name ?? "settings", taken), network, settings: value, card }) : null;
  }
  if (element instanceof RunCell) {
    const { content, style, network, settings } = bound(element);
    if (![content, style, network, settings].every((name) => IDENTIFIER.test(name))) return null;
    const picture = (name: string) => ({ name, tensor: graph.peek(name) instanceof KernelValue });
    return runCode({ name: fresh(element.name ?? "G", taken), content: picture(content), style: picture(style), network, settings });
  }
  if (element instanceof ContentCostCell) {
    const { FC, FG } = bound(element);
    const [P, F] = [FC, FG].map((name) => ({ name, tensor: graph.peek(name) instanceof KernelValue }));
    return IDENTIFIER.test(FC) && IDENTIFIER.test(FG) ? contentCostCode({ name: fresh(element.name ?? "cost", taken), P, F }) : null;
  }
  if (element instanceof FeaturesCell) return features(element, taken);
  if (element instanceof SideBySideCell) return sideBySide(element, taken);
  if (element instanceof GramCell || element instanceof GramCompareCell || element instanceof ShuffleCell) return gram(element, taken);
  if (element instanceof PixelsCell || element instanceof BlobsCell || element instanceof SameGramCell) return pixels(element, taken);
  if (element instanceof GrowthCell || element instanceof AscentCell) return growth(element, taken);
  if (element instanceof SweepGrid) return sweep(element, taken);
  if (element instanceof AnatomyCell) return anatomy(element, taken);
  if (element instanceof TermsCell) return terms(element, taken);
  if (element instanceof BoardCell) return board(element, taken);
  if (element instanceof RecipeCell) return recipe(element, taken);
  if (element instanceof PullsCell || element instanceof DescendCell || element instanceof BalanceCell) return pulls(element, taken);
  if (element instanceof LayersCell || element instanceof KernelsCell || element instanceof LayerStatisticsCell) return networkView(element, taken);
  return null;
}

function networkView(element: LayersCell | KernelsCell | LayerStatisticsCell, taken: ReadonlySet<string>): string | null {
  const { picture, network } = bound(element);
  if (element instanceof LayersCell) return element.value ? layersCode({ name: fresh(element.name ?? "layer", taken), layer: element.value }) : null;
  if (!element.value || !IDENTIFIER.test(network)) return null;
  if (element instanceof KernelsCell) return kernelsCode({ name: fresh(element.name ?? "kernels", taken), network, layer: element.value.layer });
  const layers = Object.keys(element.value);
  if (layers.length === 0 || !IDENTIFIER.test(picture)) return null;
  const tensor = element.context!.graph.peek(picture) instanceof KernelValue;
  return layerStatisticsCode({ name: fresh(element.name ?? "statistics", taken), picture: { name: picture, tensor }, network, layers });
}

function growth(element: GrowthCell | AscentCell, taken: ReadonlySet<string>): string | null {
  const { network, content, style } = bound(element);
  const picture = content ?? style;
  if (!IDENTIFIER.test(network)) return null;
  if (element instanceof AscentCell) return element.plans.length > 0 ? ascentCode({ name: fresh(element.name ?? "drawn", taken), network, plans: element.plans }) : null;
  if (element.plans.length === 0 || !IDENTIFIER.test(picture)) return null;
  const tensor = element.context!.graph.peek(picture) instanceof KernelValue;
  return growthCode({ name: fresh(element.name ?? "grown", taken), picture: { name: picture, tensor }, network, plans: element.plans, resized: element.resized });
}

function sweep(element: SweepGrid, taken: ReadonlySet<string>): string | null {
  const { content, style, network } = bound(element);
  const stages = element.chosenStages;
  const source = element.ownNetwork ? network : `${element.name ?? ""}.network`;
  if (stages.length === 0 || ![content, style, source.split(".")[0]].every((name) => IDENTIFIER.test(name))) return null;
  const picture = (name: string) => ({ name, tensor: element.context!.graph.peek(name) instanceof KernelValue });
  return sweepCode({ name: fresh(element.name ?? "grown", taken), content: picture(content), style: picture(style), network: source, stages });
}

/** What reads the pictures, the network and the settings, and takes the gradient of J. */
function pulls(element: PullsCell | DescendCell | BalanceCell, taken: ReadonlySet<string>): string | null {
  const { G, content, style, network, settings } = bound(element);
  if (!element.value || ![content, style, network, settings].every((name) => IDENTIFIER.test(name))) return null;
  const name = (kind: string) => fresh(element.name ?? kind, taken);
  if (element instanceof BalanceCell) {
    const { alphaTimesM, beta } = element.value;
    return balanceCode({ name: name("balanced"), settings, weights: { alphaTimesM, beta } });
  }
  if (!IDENTIFIER.test(G)) return null;
  const picture = (name: string) => ({ name, tensor: element.context!.graph.peek(name) instanceof KernelValue });
  const facts = { picture: picture(G), content: picture(content), style: picture(style), network, settings };
  if (element instanceof PullsCell) return pullsCode({ name: name("pulls"), ...facts });
  return Number.isFinite(element.rate) ? descendCode({ name: name("stepped"), ...facts, rate: element.rate, method: element.method, adam: element.ownAdam }) : null;
}

function anatomy(element: AnatomyCell, taken: ReadonlySet<string>): string | null {
  const { content, style, network, settings, from } = bound(element);
  const begins = element.hasAttribute("from");
  if (!element.value || ![content, style, network, settings, ...(begins ? [from] : [])].every((name) => IDENTIFIER.test(name))) return null;
  const picture = (name: string) => ({ name, tensor: element.context!.graph.peek(name) instanceof KernelValue });
  return anatomyCode({ name: fresh(element.name ?? "step", taken), content: picture(content), style: picture(style), network, settings, from: begins ? picture(from) : null });
}

function terms(element: TermsCell, taken: ReadonlySet<string>): string | null {
  const { settings } = bound(element);
  if (!element.read || !IDENTIFIER.test(settings)) return null;
  return termsCode({ name: fresh(element.name ?? "kept", taken), settings, read: element.read, erased: element.erased });
}

function board(element: BoardCell, taken: ReadonlySet<string>): string | null {
  const { settings } = bound(element);
  const { read, value } = element;
  return read && value && IDENTIFIER.test(settings) ? boardCode({ name: fresh(element.name ?? "chosen", taken), settings, read, chosen: value }) : null;
}

function recipe(element: RecipeCell, taken: ReadonlySet<string>): string | null {
  const { network } = bound(element);
  const { input, value } = element;
  return value && IDENTIFIER.test(network) ? recipeCode({ name: fresh(element.name ?? "recipe", taken), title: value.name, network, settings: value.settings, input }) : null;
}

function pixels(element: PixelsCell | BlobsCell | SameGramCell, taken: ReadonlySet<string>): string | null {
  if (!element.value) return null;
  if (element instanceof BlobsCell) return blobsCode({ name: fresh(element.name ?? "blobs", taken), ...element.maps() });
  const read = bound(element);
  const named = (name: string) => ({ name, tensor: element.context!.graph.peek(name) instanceof KernelValue });
  if (element instanceof PixelsCell) {
    const { picture, "network.card": network } = read;
    const known = IDENTIFIER.test(picture) && IDENTIFIER.test(network);
    return known ? pixelsCode({ name: fresh(element.name ?? "pixels", taken), picture: named(picture), network }) : null;
  }
  // the toy alone is drawn, not computed from anything
  if (!element.value.maps || !IDENTIFIER.test(read.maps)) return null;
  return sameGramCode({ name: fresh(element.name ?? "same", taken), maps: named(read.maps), seed: SAME_GRAM_SEED, angle: element.param("angle") });
}

function features(element: FeaturesCell, taken: ReadonlySet<string>): string | null {
  const { picture, network } = bound(element);
  const { value } = element;
  if (!value?.from || !IDENTIFIER.test(picture) || !IDENTIFIER.test(network)) return null;
  const tensor = element.context!.graph.peek(picture) instanceof KernelValue;
  return featuresCode({ name: fresh(element.name ?? "F", taken), picture: { name: picture, tensor }, network, layer: value.layer, options: value.from.options });
}

/** Maps of different sizes have no difference. */
function sideBySide(element: SideBySideCell, taken: ReadonlySet<string>): string | null {
  if (!element.value || element.value.change === null) return null;
  const [a, b] = element.value.sides.map(({ name }) => ({ name, tensor: element.context!.graph.peek(name) instanceof KernelValue }));
  return IDENTIFIER.test(a.name) && IDENTIFIER.test(b.name) ? sideBySideCode({ name: fresh("change", taken), a, b }) : null;
}

/** What reads feature maps; a Gram matrix that it reads instead is code already. */
function gram(element: GramCell | GramCompareCell | ShuffleCell, taken: ReadonlySet<string>): string | null {
  const { graph } = element.context!;
  const read = Object.values(bound(element)).map((name) => ({ name, value: graph.peek(name), tensor: graph.peek(name) instanceof KernelValue }));
  if (!read.every(({ name, value, tensor }) => IDENTIFIER.test(name) && (tensor || (typeof value === "object" && value !== null && "height" in value)))) return null;
  const [maps, other] = read;
  // a tensor may be [h, w, n] or [1, h, w, n]: of the functions below only nst.gram reads both
  if (!(element instanceof GramCell) && read.some(({ tensor }) => tensor)) return null;
  const name = (kind: string) => fresh(element.name ?? kind, taken);
  if (element instanceof GramCell) return gramCode({ name: name("A"), maps });
  if (element instanceof ShuffleCell) return shuffleCode({ name: name("shuffled"), maps: maps.name, seed: element.seed });
  return gramCompareCode({ name: name("styleCost"), style: maps.name, other: other.name });
}

function image(element: ImageCell, taken: ReadonlySet<string>): string | null {
  const value = element.value as ImageValue | undefined;
  const src = element.param<string>("src");
  if (!value || src === "") return null;
  const chosen = element.param<CropRect | null>("crop");
  const fits = chosen && chosen.x + chosen.width <= value.source.width && chosen.y + chosen.height <= value.source.height;
  const crop = fits ? chosen : centredCrop(value.source, ratioOf(element.param<Aspect>("aspect"), value.source));
  const { width, height } = value.picture;
  return imageCode({ name: fresh(element.name ?? "picture", taken), src, crop, width, height });
}

/** What each role of a cell reads, by the name of the value. */
function bound(element: HTMLElement): Record<string, string> {
  const { roles } = element.constructor as typeof Cell;
  return Object.fromEntries(bindings(roles, (attribute) => element.getAttribute(attribute)).map(({ role, name }) => [role, name]));
}

/** A name that nothing has yet: G, G2, G3 … */
function fresh(name: string, taken: ReadonlySet<string>): string {
  const stem = IDENTIFIER.test(name) ? name.replace(/\d+$/, "") || name : "value";
  for (let n = 2; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
}
