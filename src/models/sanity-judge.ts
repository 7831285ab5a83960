/** Does a network answer as its family does? Judged by what its layers make of known pictures. No tensors here. */
import type { InputSpec, ModelCard } from "../nst/model-card";
import type { LayerAnswer, SanityResult } from "./kept-network";
import { type Family, familyOf } from "./sanity-usual";

/** What a layer answers to known pictures, and to an input of nothing but zeros. */
export interface LayerMeasure {
  layer: string;
  /** over all units and pictures, after the ReLU */
  mean: number;
  /** share of the units that answer at all, 0 … 1 */
  active: number;
  /** share of the answer that is there without a picture, 0 … 1: what the biases alone make of an input of zeros */
  biased: number;
}

/** A way of reading pixels, and what the layers answered. */
export interface MeasuredInput {
  /** as in INPUTS */
  name: string;
  title: string;
  input: InputSpec;
  measures: readonly LayerMeasure[];
}

/** One way of reading pixels against the others. */
export interface TriedInput extends MeasuredInput {
  /** of the sanity test with it */
  result: SanityResult;
  /** "best": the only one that passes; "as good": passes as others do; "worse": does not pass */
  stands: "best" | "as good" | "worse";
}

/**
 * Above this share in the deepest layer the picture is drowned by what the biases answer to any picture. Measured there with
 * the sample photographs, read rightly: SqueezeNet 1.1 0.03, VGG-19 slim 0.32; with pixels of 0 to 1 where 0 to 255 were
 * meant: 0.87 and 0.97; with torchvision's: 0.66 and 0.82.
 */
const DROWNED = 0.5;
/**
 * Below this share in the deepest layer biases have no say. SqueezeNet 1.1 comes there when its pixels are eight times too
 * large; by theory the same happens to weights for pixels of 0 to 1 that are given 0 to 255.
 */
const UNHEARD = 0.004;
/** So large a share of the layers may lie outside its range: ranges are known of few networks. */
const STRAYS = 0.2;

/**
 * Judges what a network answers to the sample photographs.
 * @param measures of its layers, as the lab's `network.answers` gives them with `sanityPooling`
 * @returns "broken" where nothing sensible can come of it; "unlike" where it answers otherwise than its family, or without
 *   regard to the picture; in `layers` all that layers behind them read: a fire module's expansions stand together
 */
export function judge(measures: readonly LayerMeasure[], card: ModelCard): SanityResult {
  const family = familyOf(card);
  const judged = judgedMeasures(measures, card);
  const layers = judged.map(({ layer, mean, active }): LayerAnswer => ({ layer, mean, active, usual: family.usual(layer) }));
  const broken = brokenLayers(judged);
  if (broken) return { verdict: "broken", says: [broken, "The file is damaged, or its tensors were put together wrongly: fetch or export it again, and bring it in anew."], layers };
  const [drowned, strays] = [pictureDrowned(judged), strayLayers(layers, family)];
  const says = [drowned ?? shareOfBiases(judged), `${strays ?? `The layers answer within the usual range for ${family.title}.`} ${family.source}`];
  if (drowned || strays) return { verdict: "unlike", says: [...says, "Try the other ways of reading pixels. If none fits, these are other weights than their names say."], layers };
  return { verdict: "fits", says: [...says, "The order of the colours, and whether a mean is subtracted, hardly show in these numbers: go by where the weights come from."], layers };
}

/** Layers whose answer other layers or costs read as it is: not those that a concatenation puts together. */
function judgedMeasures(measures: readonly LayerMeasure[], { layers }: ModelCard): LayerMeasure[] {
  const parts = new Set(layers.flatMap((layer) => (layer.kind === "concat" ? layer.input : [])));
  return measures.filter(({ layer }) => !parts.has(layer));
}

function brokenLayers(measures: readonly LayerMeasure[]): string | null {
  const bad = measures.find(({ mean }) => !Number.isFinite(mean));
  if (bad) return `${bad.layer} answers with numbers that are not finite.`;
  const silent = measures.find(({ active }) => active === 0);
  return silent ? `${silent.layer} answers nothing at all to any of the photographs, and so does what lies behind it.` : null;
}

/** What the biases make of no picture at all, in the deepest layer. */
export const biasedShare = (measures: readonly LayerMeasure[]): number => measures.at(-1)?.biased ?? 0;

export type Scale = "drowned" | "heard" | "unheard" | "untold";

/** What the biases say of the unit of the pixels; "untold" without any. */
export function scaleOf(measures: readonly LayerMeasure[]): Scale {
  if (measures.every(({ biased }) => biased === 0)) return "untold";
  const share = biasedShare(measures);
  if (share > DROWNED) return "drowned";
  return share < UNHEARD ? "unheard" : "heard";
}

function pictureDrowned(measures: readonly LayerMeasure[]): string | null {
  if (scaleOf(measures) !== "drowned") return null;
  return `${measures.at(-1)!.layer}, the deepest layer, gives ${percent(biasedShare(measures))} of its answer without any picture: the pixels come too small for these biases, as when numbers of 0 to 1 are given to weights for 0 to 255.`;
}

function shareOfBiases(measures: readonly LayerMeasure[]): string {
  const share = `Of what ${measures.at(-1)!.layer}, the deepest layer, answers, ${percent(biasedShare(measures))} is there without any picture`;
  switch (scaleOf(measures)) {
    case "untold": return "Its biases are all 0, so the unit of the pixels changes nothing but the unit of the answers.";
    case "unheard": return `${share}: its biases have hardly a say. The pixels may come larger than in training, or its biases never counted for much.`;
    default: return `${share}: the picture decides, and the biases have a say.`;
  }
}

function strayLayers(layers: readonly LayerAnswer[], { title }: Family): string | null {
  const strays = layers.filter(({ mean, usual }) => usual && (mean < usual[0] || mean > usual[1]));
  if (strays.length <= STRAYS * layers.length) return null;
  const [{ layer, mean, usual }] = strays;
  const [least, most] = usual!;
  return `${strays.length} of ${layers.length} layers lie outside the range that is usual for ${title}: ${layer} answers ${brief(mean)} on average, where ${brief(least)} to ${brief(most)} is usual.`;
}

/** A share as a text: 0.3 %, 66 %. */
export const percent = (share: number): string => `${brief(100 * share)} %`;

/** Two digits. */
const brief = (value: number): string => String(Number(value.toPrecision(2)));
