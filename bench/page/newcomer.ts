/**
 * Style transfer as one writes it from the formulas, in plain tfjs: `tf.conv2d`, its pooling, `tf.matMul` for the Gram
 * matrix, `tf.train.adam`, and tfjs' tape for the gradient. Of this project it takes the model's data and nothing else.
 */
import * as tf from "@tensorflow/tfjs";
import type { Problem, Stepper } from "./problem";

type Features = Record<string, tf.Tensor4D>;

/** @param cached true: the targets are computed once (`tape`); false: in every step (`seed`) */
export function newcomer(problem: Problem, cached: boolean): Stepper {
  const { settings } = problem;
  const vgg = network(problem);
  const [content, style, start] = [problem.content, problem.style, problem.start].map(({ data, height, width }) => tf.tensor4d(data, [1, height, width, 3]));
  const picture = tf.variable(start) as tf.Variable<tf.Rank.R4>;
  const { learningRate, beta1, beta2, epsilon } = settings.optimiser;
  const optimiser = tf.train.adam(learningRate, beta1, beta2, epsilon);

  const contentTarget = () => vgg.features(content)[settings.contentLayer];
  const styleTargets = () => {
    const features = vgg.features(style);
    return Object.fromEntries(Object.keys(settings.styleLayers).map((layer) => [layer, gram(features[layer])]));
  };
  const targets = cached ? tf.tidy(() => ({ content: contentTarget(), style: styleTargets() })) : null;

  const totalCost = (): tf.Scalar => {
    const generated = vgg.features(picture);
    const A = targets?.content ?? contentTarget();
    const G = targets?.style ?? styleTargets();
    const F = generated[settings.contentLayer];
    const alpha = settings.alphaTimesM / (F.shape[1] * F.shape[2]);
    let J: tf.Tensor = tf.sum(tf.square(tf.sub(F, A))).mul(alpha / 2);
    for (const [layer, weight] of Object.entries(settings.styleLayers)) {
      const [, h, w, n] = generated[layer].shape;
      const E = tf.sum(tf.square(tf.sub(gram(generated[layer]), G[layer]))).div(4 * n ** 2 * (h * w) ** 2);
      J = J.add(E.mul(settings.beta * weight));
    }
    return J.add(totalVariation(picture).mul(settings.totalVariation)) as tf.Scalar;
  };

  return {
    async step() {
      const cost = optimiser.minimize(totalCost, true, [picture])!;
      tf.tidy(() => picture.assign(tf.clipByValue(picture, 0, 1)));
      const [J] = await cost.data();
      cost.dispose();
      return J;
    },
    dispose() {
      tf.dispose([content, style, start, picture]);
      if (targets) tf.dispose([targets.content, targets.style]);
      optimiser.dispose();
      vgg.dispose();
    },
  };
}

function network({ card, weights, settings }: Problem) {
  const wanted = new Set([settings.contentLayer, ...Object.keys(settings.styleLayers)]);
  const tensors = new Map([...weights].map(([name, { data, shape }]) => [name, tf.tensor(data as Float32Array, shape, "float32")]));
  const mean = tf.tensor1d(card.input.mean);

  function features(image: tf.Tensor4D): Features {
    const found: Features = {};
    let x: tf.Tensor4D = image.mul(255).sub(mean);
    for (const layer of card.layers) {
      if (layer.kind === "conv") {
        const kernel = tensors.get(`${layer.name}.kernel`) as tf.Tensor4D;
        const bias = tensors.get(`${layer.name}.bias`) as tf.Tensor1D;
        x = tf.relu(tf.conv2d(x, kernel, layer.stride, layer.padding).add<tf.Tensor4D>(bias));
      } else if (layer.kind === "pool") {
        x = settings.pooling === "average" ? tf.avgPool(x, layer.size, layer.stride, "valid") : tf.maxPool(x, layer.size, layer.stride, "valid");
      } else throw new Error(`the newcomer's loop knows plain VGG networks only, not ${layer.kind} (${layer.name})`);
      if (wanted.has(layer.name)) found[layer.name] = x;
      if (Object.keys(found).length === wanted.size) break;
    }
    return found;
  }

  return { features, dispose: () => tf.dispose([[...tensors.values()], mean]) };
}

function gram(F: tf.Tensor4D): tf.Tensor2D {
  const rows = F.reshape([-1, F.shape[3]]) as tf.Tensor2D;
  return tf.matMul(rows, rows, true, false);
}

function totalVariation(image: tf.Tensor4D): tf.Scalar {
  const [, h, w] = image.shape;
  const across = tf.sub(image.slice([0, 0, 1, 0], [1, h, w - 1, 3]), image.slice([0, 0, 0, 0], [1, h, w - 1, 3]));
  const down = tf.sub(image.slice([0, 1, 0, 0], [1, h - 1, w, 3]), image.slice([0, 0, 0, 0], [1, h - 1, w, 3]));
  return tf.mean(tf.square(across)).add(tf.mean(tf.square(down))) as tf.Scalar;
}
