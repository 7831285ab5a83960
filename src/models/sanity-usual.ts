/**
 * What the layers of a family of networks usually answer: mean activation after the ReLU, over all units, for the sample
 * photographs (middle squares of 112 px), with the pooling of `sanityPooling`.
 *
 * | family | range | where it is from |
 * |---|---|---|
 * | SqueezeNet 1.1, pixels 0–255 | a layer each, twofold wider than the ten sample pictures spread | measured: the original Caffe weights |
 * | SqueezeNet 1.0, pixels 0–255 | a kind of layer each, fourfold wider | taken over from 1.1 |
 * | filters rescaled to a mean of 1 | 0.3–3 | by construction; measured: 0.9–1.2 (VGG-19 slim), 0.7–1.1 (SqueezeNet 1.1 rescaled) |
 * | all others, VGG and AlexNet among them | 0.01–50 times the spread of what the first layer reads | theory: He's initialisation keeps the size of answers from layer to layer (He et al. 2015); the trained SqueezeNet was measured at 0.02–4 times. No weights of VGG or AlexNet were at hand to measure |
 *
 * The means say little of the unit of the pixels by themselves: a ReLU network without biases answers twice the pixels with
 * twice the activations. Only biases know the unit; `judge` looks at them.
 */
import type { InputSpec, ModelCard } from "../nst/model-card";
import type { Pooling } from "../nst/settings";

export interface Family {
  /** in a sentence: "for … " */
  title: string;
  /** of the ranges: measured on these very weights or not, in a sentence of its own */
  source: string;
  /** [least, most] mean activation of a layer */
  usual(layer: string): [number, number] | null;
}

/** Least and most mean activation of the ten sample pictures, SqueezeNet 1.1, 0–255 minus the mean. */
const SQUEEZENET: Readonly<Record<string, [number, number]>> = {
  conv1: [11.9, 24.6],
  fire2_squeeze: [71.9, 167], fire2: [20.7, 38.8],
  fire3_squeeze: [75.2, 154], fire3: [23, 42.2],
  fire4_squeeze: [126, 238], fire4: [29.2, 48.9],
  fire5_squeeze: [102, 186], fire5: [19.9, 35.9],
  fire6_squeeze: [127, 227], fire6: [25.2, 41.5],
  fire7_squeeze: [85.4, 149], fire7: [9, 20.2],
  fire8_squeeze: [30, 63.4], fire8: [9.1, 16.6],
  fire9_squeeze: [31.8, 54.7], fire9: [1.36, 3.12],
};

/** Standard deviation of the sample photographs' pixels in [0, 1]. */
const PIXEL_DEVIATION = 0.25;
/** Numbers that deviate by more than this are pixels of 0 to 255, in whatever order. */
const LARGE_PIXELS = 20;

/** The family of a network, by its layers and by how it reads pixels. */
export function familyOf(card: ModelCard): Family {
  const names = new Set(card.layers.map(({ name }) => name));
  const deviation = inputDeviation(card.input);
  if (isRescaled(card))
    return { title: "networks whose filters are rescaled to a mean of 1", source: "The range follows from that.", usual: () => [0.3, 3] };
  if (deviation > LARGE_PIXELS && names.has("fire9")) {
    if (names.has("pool3")) return { title: "SqueezeNet 1.1", source: "The range was measured on its original weights.", usual: (layer) => wider(SQUEEZENET[layer], 2) };
    return { title: "SqueezeNet 1.0", source: "The range is that of SqueezeNet 1.1, not measured on this network.", usual: (layer) => wider(kindRange(layer), 4) };
  }
  return {
    title: "networks with ReLUs", source: "The range is wide and comes from theory, not measured on this network.",
    usual: () => [0.01 * deviation, 50 * deviation],
  };
}

/**
 * The pooling with which a network is to be asked: maximum, as those were trained that ranges are known of; filters that were
 * rescaled answer with means of 1 only with the pooling that they were rescaled for (3 × 3 maxima raise fire9 thirtyfold).
 */
export const sanityPooling = (card: ModelCard): Pooling => (isRescaled(card) ? card.defaults.pooling : "maximum");

/** How much the numbers that the first layer reads spread, of photographs. */
export function inputDeviation({ range: [lo, hi], scale }: InputSpec): number {
  const scales = [scale].flat();
  return (PIXEL_DEVIATION * Math.abs(hi - lo) * scales.reduce((sum, s) => sum + s, 0)) / scales.length;
}

/** Its filters were divided by their mean activations (Gatys et al. 2015), so that it answers with about 1 everywhere. */
const isRescaled = ({ id, notes }: ModelCard): boolean => notes?.["rescaled"] !== undefined || id === "vgg19-slim";

const wider = (range: [number, number] | undefined, factor: number): [number, number] | null => range ? [range[0] / factor, range[1] * factor] : null;

/** Of all layers of the same kind. */
function kindRange(layer: string): [number, number] | undefined {
  const kind = (name: string) => name.replace(/\d+/, "");
  const ranges = Object.entries(SQUEEZENET).filter(([name]) => kind(name) === kind(layer)).map(([, range]) => range);
  return ranges.length === 0 ? undefined : [Math.min(...ranges.map(([least]) => least)), Math.max(...ranges.map(([, most]) => most))];
}
