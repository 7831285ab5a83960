/** The stream `measure`: what each term of J says of pictures that somebody paints or steps through. */
import * as tf from "@tensorflow/tfjs";
import { cosines, norm, sumOf } from "../nst/angles";
import { evaluateWalk } from "../nst/evaluate";
import type { Network } from "../nst/network";
import type { Picture } from "../nst/picture";
import { pullsWalk } from "../nst/pulls";
import type { LiveSettings, Pooling } from "../nst/settings";
import { isStyle, type Term } from "../nst/terms";
import { drive } from "./drive";
import type { StreamContext } from "./endpoint";
import type { Measure, MeasureControl, RunConfig, TermMeasure } from "./protocol";
import { TermSource } from "./transfer-setup";

type Asked = Extract<MeasureControl, { kind: "measure" }>;

/** Measures pictures as they are asked for, until it is aborted. Of those that wait the newest is measured. */
export async function measure(config: RunConfig, { signal, emit, onControl }: StreamContext): Promise<void> {
  let settings: LiveSettings = config.settings;
  let asked: Asked | null = null;
  let wake = () => {};
  onControl((message) => {
    const control = message as MeasureControl;
    if (control.kind === "update") settings = control.settings;
    else asked = control;
    wake();
  });
  signal.addEventListener("abort", () => wake());
  await TermSource.lend(config, async (source) => {
    while (!signal.aborted) {
      const next = asked;
      asked = null;
      if (next) await answer(source, config, settings, next, { signal, emit });
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  });
}

async function answer(source: TermSource, config: RunConfig, settings: LiveSettings, { id, picture, gradients }: Asked, { signal, emit }: Pick<StreamContext, "signal" | "emit">): Promise<void> {
  try {
    if (settings.contentLayer !== null) requireSize(picture, config.content);
    const terms = await source.terms(settings);
    const found = await numbers(source.network, picture, terms, { pooling: config.settings.pooling, gradients }, signal);
    const result = measured(id, terms, found);
    const held = [result.gradient, ...result.terms.map(({ gradient }) => gradient)].flatMap((array) => (array ? [array.buffer as ArrayBuffer] : []));
    emit(result, held);
  } catch (error) {
    if (!signal.aborted) emit({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

function requireSize({ width, height }: Picture, content: Picture): void {
  if (width !== content.width || height !== content.height)
    throw new Error(`A picture of ${width} × ${height} px cannot be compared with a content picture of ${content.width} × ${content.height} px: both should have one size.`);
}

interface Numbers {
  /** unweighted, one a term */
  values: number[];
  /** weighted, one a term */
  gradients?: Float32Array[];
}

/** Values of the terms, and on request their gradients; no tensor is left. */
async function numbers(network: Network, { data, width, height }: Picture, terms: readonly Term[], { pooling, gradients: wanted }: { pooling: Pooling; gradients: boolean }, signal: AbortSignal): Promise<Numbers> {
  const picture = tf.tensor3d(data, [height, width, 3]);
  try {
    if (!wanted) {
      const { values } = await drive(evaluateWalk(network, picture, terms, { pooling, gradient: false }), signal);
      return { values: [...(await taken(values))] };
    }
    const pulls = await drive(pullsWalk(network, picture, terms, { pooling }), signal);
    const [values, ...gradients] = await Promise.all([pulls.values, ...pulls.gradients].map(taken));
    return { values: [...values], gradients };
  } finally {
    picture.dispose();
  }
}

/** Reads a tensor and disposes it. @returns a copy: the plain JavaScript backend would give the tensor's own numbers away */
async function taken(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return Float32Array.from(await tensor.data());
  } finally {
    tensor.dispose();
  }
}

/** A measure from the numbers of its terms. */
function measured(id: number, terms: readonly Term[], { values, gradients }: Numbers): Measure {
  const measures = terms.flatMap((term, i): TermMeasure[] => {
    if (term.kind === "activation") return [];
    const kind = isStyle(term) ? "gram" : term.kind;
    const { weight } = term;
    const gradient = gradients?.[i];
    return [{
      name: isStyle(term) ? term.layer : kind, kind, weight, value: values[i],
      // a term of weight 0 does not count, whatever its value
      cost: weight === 0 ? 0 : weight * values[i],
      ...(gradient && { gradient, norm: norm(gradient) }),
    }];
  });
  const total = measures.reduce((sum, { cost }) => sum + cost, 0);
  if (!gradients) return { id, terms: measures, total };
  const length = gradients[0]?.length ?? 0;
  const gradient = sumOf(gradients, length);
  const style = sumOf(gradients.filter((_, i) => isStyle(terms[i])), length);
  return { id, terms: measures, total, gradient, norm: norm(gradient), cosines: cosines([...gradients, style]) };
}
