/**
 * Our numbers beside PyTorch's (test/fixtures). The same code measures in Node and in a browser page; what is tolerable on
 * which backend is the tests' business.
 */
import * as tf from "@tensorflow/tfjs";
import * as nst from "../../src/nst";
import type { ModelCard, Pooling, StoredTensor, Term } from "../../src/nst";

export interface Measurement {
  name: string;
  kind: "features" | "Gram matrix" | "cost" | "gradient" | "picture" | "Adam";
  pooling: Pooling | null;
  /** ‖ours − theirs‖₂ / ‖theirs‖₂ */
  error: number;
}

export interface Fixture {
  json: any;
  tensors: Map<string, StoredTensor>;
}

export function relativeError(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} numbers beside ${theirs.length}`);
  let [difference, norm] = [0, 0];
  for (let i = 0; i < ours.length; i++) {
    difference += (ours[i] - theirs[i]) ** 2;
    norm += theirs[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

const STYLE = [1, 2, 3, 4, 5].map((b) => `block${b}_conv1`);

export function tensorOf({ tensors }: Fixture, key: string): tf.Tensor3D {
  const stored = tensors.get(key);
  if (!stored) throw new Error(`the fixture has no tensor "${key}"`);
  return tf.tensor3d(Float32Array.from(stored.data), stored.shape as [number, number, number]);
}

/** Features, Gram matrices, costs and gradients of the narrow VGG with random weights, both poolings. */
export async function measureSmallVgg(fixture: Fixture): Promise<Measurement[]> {
  const { json, tensors } = fixture;
  const network = nst.createNetwork(json.model as ModelCard, tensors);
  const results: Measurement[] = [];
  for (const pooling of ["average", "maximum"] as const) {
    const { constants, costs } = json[pooling];
    const note = async (name: string, kind: Measurement["kind"], ours: tf.Tensor, theirs: ArrayLike<number>) => {
      results.push({ name, kind, pooling, error: relativeError(await ours.data(), theirs) });
      ours.dispose();
    };
    const stored = (key: string) => tensors.get(`${pooling}/${key}`)!.data;
    const generated = tensorOf(fixture, "generated");
    const content = tensorOf(fixture, "content");

    const layers = [...STYLE, "block4_conv2"];
    const maps = nst.features(network, generated, layers, { pooling });
    for (const layer of layers) await note(layer, "features", maps[layer].clone(), stored(`features/${layer}`));
    for (const layer of STYLE) await note(layer, "Gram matrix", nst.gram(maps[layer]), stored(`gram/generated/${layer}`));
    tf.dispose(maps);
    const before = nst.features(network, generated, ["block3_conv1"], { pooling, tap: "before" });
    await note("block3_conv1 before its ReLU", "features", before["block3_conv1"], stored("features-before/block3_conv1"));

    const contentTarget = nst.features(network, content, [constants.contentLayer], { pooling })[constants.contentLayer];
    const single = async (name: string, term: Term, cost: number, key: string) => {
      const { values, gradient } = nst.evaluate(network, generated, [{ ...term, weight: 1 } as Term], { pooling });
      await note(name, "cost", values, [cost]);
      await note(name, "gradient", gradient!, stored(`gradient/${key}`));
    };
    const contentTerm: Term = { kind: "content", layer: constants.contentLayer, weight: constants.alpha, target: contentTarget };
    const tvTerm: Term = { kind: "tv", weight: constants.totalVariation };
    await single("content", contentTerm, costs.content, "content");
    await single("total variation", tvTerm, costs.totalVariation, "totalVariation");
    const { layer, channel } = json.activation;
    await single("activation", { kind: "activation", layer, channel, weight: 1 }, costs.activation, "activation");

    for (const style of ["style", "style-equal"]) {
      const picture = tensorOf(fixture, style);
      const grams = nst.finish(nst.styleTargets(network, picture, STYLE, { pooling }));
      const terms: Term[] = STYLE.map((name) => ({ kind: "gram", layer: name, weight: constants.beta * constants.styleWeights[name], target: grams[name] }));
      const values = style === "style" ? costs.style : costs.styleEqual;
      if (style === "style") for (const [i, name] of STYLE.entries()) await single(`style at ${name}`, terms[i], values[name], `style/${name}`);
      const all = [contentTerm, ...terms, tvTerm];
      const evaluation = nst.evaluate(network, generated, all, { pooling });
      const total = tf.tidy(() => evaluation.values.mul(tf.tensor1d(all.map((t) => t.weight))).sum());
      evaluation.values.dispose();
      await note(`total, ${style}`, "cost", total, [style === "style" ? costs.total : costs.totalEqual]);
      await note(`total, ${style}`, "gradient", evaluation.gradient!, stored(style === "style" ? "gradient/total" : "gradient/total-equal"));
      tf.dispose([grams, picture]);
    }
    const styled = tensorOf(fixture, "style");
    const inner = nst.finish(nst.styleTargets(network, styled, ["block3_conv1"], { pooling, tap: "before" }));
    await single("style before the ReLU", { kind: "gram", layer: "block3_conv1", tap: "before", weight: 1, target: inner["block3_conv1"] }, costs.styleBefore.block3_conv1, "style-before/block3_conv1");
    tf.dispose([inner, styled, contentTarget, generated, content]);
  }
  nst.disposeNetwork(network);
  return results;
}

/**
 * The default network with its card's defaults, and five steps of Adam with it.
 * @param brief average pooling and two steps alone: a GPU that is computed in software takes half a minute for all
 */
export async function measureSlim(fixture: Fixture, card: ModelCard, weights: Map<string, StoredTensor>, brief = false): Promise<Measurement[]> {
  const { json, tensors } = fixture;
  const network = nst.createNetwork(card, weights);
  const results: Measurement[] = [];
  for (const pooling of brief ? (["average"] as const) : (["average", "maximum"] as const)) {
    const { costs } = json[pooling];
    const note = async (name: string, kind: Measurement["kind"], ours: tf.Tensor, theirs: ArrayLike<number>) => {
      results.push({ name, kind, pooling, error: relativeError(await ours.data(), theirs) });
      ours.dispose();
    };
    const generated = tensorOf(fixture, "generated");
    const maps = nst.features(network, generated, STYLE, { pooling });
    for (const layer of STYLE) {
      const theirs = tensors.get(`${pooling}/features/${layer}`);
      if (theirs) await note(layer, "features", maps[layer].clone(), theirs.data);
      const gram = tensors.get(`${pooling}/gram/generated/${layer}`);
      if (gram) await note(layer, "Gram matrix", nst.gram(maps[layer]), gram.data);
    }
    tf.dispose([maps, generated]);

    const content = tensorOf(fixture, "content");
    const style = tensorOf(fixture, "style");
    const settings = { ...card.defaults, pooling, tap: "after" as const };
    const targets: nst.Targets = {
      content: nst.finish(nst.contentTargets(network, content, [settings.contentLayer], settings)),
      style: nst.finish(nst.styleTargets(network, style, STYLE, settings)),
    };
    const terms = nst.transferTerms(network, settings, targets);
    const again = tensorOf(fixture, "generated");
    const { values, gradient } = nst.evaluate(network, again, terms, { pooling });
    const numbers = await values.data();
    const theirs = [costs.content, ...STYLE.map((layer) => costs.style[layer]), costs.totalVariation];
    terms.forEach((term, i) => results.push({ name: "layer" in term ? `${term.kind} at ${term.layer}` : term.kind, kind: "cost", pooling, error: relativeError([numbers[i]], [theirs[i]]) }));
    const total = terms.reduce((sum, term, i) => sum + term.weight * numbers[i], 0);
    results.push({ name: "total", kind: "cost", pooling, error: relativeError([total], [costs.total]) });
    await note("total", "gradient", gradient!, tensors.get(`${pooling}/gradient/total`)!.data);
    tf.dispose([values, again]);

    if (pooling === "average") {
      let state = nst.transferStart(content.clone());
      for (let step = 1; step <= (brief ? 2 : json.average.run.steps); step++) {
        const { values: costsNow, state: next } = nst.transferStep(network, state, terms, settings);
        nst.disposeTransfer(state);
        costsNow.dispose();
        state = next;
        await note(`picture after ${step} steps`, "picture", state.picture.clone(), tensors.get(`average/run/picture/${step}`)!.data);
      }
      nst.disposeTransfer(state);
    }
    nst.disposeTargets(targets);
    tf.dispose([content, style]);
  }
  nst.disposeNetwork(network);
  return results;
}

/**
 * SqueezeNet and AlexNet, narrow, with random weights: features, costs, gradient of both poolings, and where five steps lead.
 * @param brief SqueezeNet 1.0 alone, and no steps: for GPUs that are computed in software
 */
export async function measureOtherNetworks(fixture: Fixture, brief = false): Promise<Measurement[]> {
  const { json, tensors } = fixture;
  const results: Measurement[] = [];
  const pictureOf = (name: string) => tf.tidy(() => tensorOf(fixture, name).div(255) as tf.Tensor3D);
  const [content, style, generated] = ["content", "style", "generated"].map(pictureOf);
  for (const [id, { model: card, run, ...facts }] of Object.entries<any>(json.networks)) {
    if (brief && id !== "squeezenet1_0") continue;
    const weights = new Map([...tensors].filter(([key]) => key.startsWith(`${id}/`)).map(([key, stored]) => [key.slice(id.length + 1), stored]));
    const network = nst.createNetwork(nst.parseModelCard(card), weights);
    for (const pooling of ["average", "maximum"] as const) {
      const note = async (what: string, kind: Measurement["kind"], ours: tf.Tensor, theirs: ArrayLike<number>) => {
        results.push({ name: `${what} of ${id}`, kind, pooling, error: relativeError(await ours.data(), theirs) });
        ours.dispose();
      };
      const prefix = `${pooling}/features/`;
      const layers = [...weights.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
      const maps = nst.features(network, generated, layers, { pooling });
      for (const layer of layers) await note(layer, "features", maps[layer], weights.get(prefix + layer)!.data);

      const settings = { ...card.defaults, pooling, tap: "after" as const };
      const styleLayers = nst.styleLayersInOrder(network, settings);
      const targets: nst.Targets = {
        content: nst.finish(nst.contentTargets(network, content, [settings.contentLayer], settings)),
        style: nst.finish(nst.styleTargets(network, style, styleLayers, settings)),
      };
      const terms = nst.transferTerms(network, settings, targets);
      const { values, gradient } = nst.evaluate(network, generated, terms, { pooling });
      const { costs } = facts[pooling];
      const theirs = [costs.content, ...styleLayers.map((layer) => costs.style[layer]), costs.totalVariation];
      const numbers = await values.data();
      terms.forEach((term, i) => results.push({ name: `${term.kind}${"layer" in term ? ` at ${term.layer}` : ""} of ${id}`, kind: "cost", pooling, error: relativeError([numbers[i]], [theirs[i]]) }));
      await note("total", "gradient", gradient!, weights.get(`${pooling}/gradient`)!.data);
      values.dispose();
      if (pooling === "average" && !brief) {
        let state = nst.transferStart(content.clone());
        for (let step = 1; step <= run.steps; step++) {
          const { values: costsNow, state: next } = nst.transferStep(network, state, terms, settings);
          nst.disposeTransfer(state);
          costsNow.dispose();
          state = next;
        }
        await note(`picture after ${run.steps} steps`, "picture", state.picture.clone(), weights.get(`run/picture/${run.steps}`)!.data);
        nst.disposeTransfer(state);
      }
      nst.disposeTargets(targets);
    }
    nst.disposeNetwork(network);
  }
  tf.dispose([content, style, generated]);
  return results;
}

/** Adam alone, fed recorded gradients, in both places of ε. */
export async function measureAdam(fixture: Fixture): Promise<Measurement[]> {
  const { json } = fixture;
  const results: Measurement[] = [];
  for (const [form, place] of [["keras", "keras"], ["torch", "pytorch"]] as const)
    for (const epsilon of json.epsilons as string[]) {
      let parameter = tensorOf(fixture, "start");
      let state = nst.adamStart(parameter.shape);
      for (let step = 1; step <= json.steps; step++) {
        const gradient = tensorOf(fixture, `gradient/${step}`);
        const next = nst.adamStep(parameter, gradient, state, { kind: "adam", ...json.options, epsilon: Number(epsilon), epsilonPlace: place });
        tf.dispose([parameter, gradient, state.moment1, state.moment2]);
        ({ parameter, state } = next);
      }
      const theirs = fixture.tensors.get(`${form}/${epsilon}/${json.steps}`)!.data;
      results.push({ name: `${form}, ε = ${epsilon}`, kind: "Adam", pooling: null, error: relativeError(await parameter.data(), theirs) });
      tf.dispose([parameter, state.moment1, state.moment2]);
    }
  return results;
}

/** The largest error tolerated, by backend: floats on a GPU are rounded more freely. */
export function limit({ kind, pooling }: Measurement, backend: string): number {
  const gpu = backend === "webgl" || backend === "webgpu";
  switch (kind) {
    case "gradient": return pooling === "maximum" ? 5e-3 : gpu ? 1e-3 : 1e-4;
    case "picture": return 1e-4;
    case "Adam": return 1e-6;
    default: return gpu ? 1e-3 : 1e-5;
  }
}
