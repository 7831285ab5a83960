/** The pulls of a cost's terms on a picture, as numbers. No DOM in here. */
import type { Measure, TermMeasure } from "../kernel/protocol";
import type { FeatureMaps } from "../nst/feature-maps";
import type { Picture } from "../nst/picture";

/** How hard a term pulls on a picture, and what it costs. */
export interface Pull {
  /** what it adds to J: weight · value */
  cost: number;
  /** unweighted */
  value: number;
  /** α, β·w_l or τ; NaN for the style as a whole */
  weight: number;
  /** Euclidean length of its weighted gradient with respect to all pixel values, in units of J per full range of one value */
  norm: number;
  /** norm as a share of ‖α∇J_content‖ + ‖β∇J_style‖, in [0, 1]; NaN where both are 0 */
  share: number;
}

/** All pulls on one picture. */
export interface Pulls {
  /** no pull at all where no content layer is chosen */
  content: Pull;
  /** the sum over the style layers */
  style: Pull;
  /** total variation */
  tv: Pull;
  /** by Keras name, from the first to the deepest */
  layers: Record<string, Pull>;
  /** J and the length of its gradient; share is of the same sum */
  total: Pull;
  /** between content's and style's pull, in degrees; NaN where one of them does not pull */
  angle: number;
  /** cos of that angle */
  cosine: number;
  /** what the rows of `cosines` are: "content", style layers, "tv", "style" */
  names: string[];
  /** [names.length ²], row by row; NaN where one of the two does not pull */
  cosines: Float64Array;
  /** weighted gradients by name: those of `names` and "total", [height, width, 3] with respect to pixels in [0, 1] */
  gradients: Record<string, FeatureMaps>;
}

const NONE: Pull = { cost: 0, value: 0, weight: 0, norm: 0, share: NaN };

/**
 * @param measure of `picture`, with gradients
 * @throws Error if it has none
 */
export function pullsOf(measure: Measure, picture: Picture): Pulls {
  const { terms, total, gradient, norm, cosines } = measure;
  if (!gradient || norm === undefined || !cosines || terms.some((term) => !term.gradient)) throw new Error("Pulls need a picture that was measured with its gradients.");
  const gram = terms.filter(({ kind }) => kind === "gram");
  const styleGradient = sum(gram.map((term) => term.gradient!), gradient.length);
  const styleNorm = length(styleGradient);
  const content = terms.find(({ kind }) => kind === "content");
  const both = (content?.norm ?? 0) + styleNorm;
  const share = (norm: number) => (both > 0 ? norm / both : NaN);
  const pull = ({ cost, value, weight, norm = 0 }: TermMeasure): Pull => ({ cost, value, weight, norm, share: share(norm) });
  const add = (key: "cost" | "value") => gram.reduce((all, term) => all + term[key], 0);
  const named = (name: string, data: Float32Array): FeatureMaps => ({ layer: name, height: picture.height, width: picture.width, channels: 3, data });
  const names = [...terms.map(({ name }) => name), "style"];
  const [i, j] = [names.indexOf("content"), names.length - 1];
  const cosine = content ? cosines[i * names.length + j] : NaN;
  const tv = terms.find(({ kind }) => kind === "tv");
  return {
    content: content ? pull(content) : { ...NONE, share: share(0) },
    style: { cost: add("cost"), value: add("value"), weight: NaN, norm: styleNorm, share: share(styleNorm) },
    tv: tv ? pull(tv) : { ...NONE, share: share(0) },
    layers: Object.fromEntries(gram.map((term) => [term.name, pull(term)])),
    total: { cost: total, value: total, weight: 1, norm, share: share(norm) },
    angle: degrees(cosine),
    cosine,
    names,
    cosines,
    gradients: Object.fromEntries([...terms.map(({ name, gradient }) => [name, named(name, gradient!)]), ["style", named("style", styleGradient)], ["total", named("total", gradient)]]),
  };
}

/** The pull of one of `names`, or of "total". */
export function pullNamed(pulls: Pulls, name: string): Pull {
  return name === "content" || name === "style" || name === "tv" || name === "total" ? pulls[name] : pulls.layers[name];
}

/** cos of the angle between two of `names`; NaN where one of them does not pull. */
export function cosineOf({ names, cosines }: Pick<Pulls, "names" | "cosines">, a: string, b: string): number {
  return cosines[names.indexOf(a) * names.length + names.indexOf(b)] ?? NaN;
}

/** An angle in degrees from its cosine, which rounding may have put beyond ±1. */
export function degrees(cosine: number): number {
  return (Math.acos(Math.max(-1, Math.min(1, cosine))) * 180) / Math.PI;
}

/**
 * ‖Σ g_i‖ from the lengths of the g_i and the cosines between them.
 * @param cosines [n, n]; NaN where one of the two is 0
 */
export function lengthOfSum(norms: readonly number[], cosines: (i: number, j: number) => number): number {
  let square = 0;
  for (const [i, a] of norms.entries()) for (const [j, b] of norms.entries()) if (a > 0 && b > 0) square += a * b * (i === j ? 1 : cosines(i, j));
  return Math.sqrt(Math.max(0, square));
}

/** Euclidean length; summed in float64. */
export function length(values: Float32Array): number {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i] * values[i];
  return Math.sqrt(square);
}

function sum(parts: readonly Float32Array[], count: number): Float32Array {
  const all = new Float32Array(count);
  for (const part of parts) for (let i = 0; i < count; i++) all[i] += part[i];
  return all;
}
