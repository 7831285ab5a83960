import type { InputSpec, ModelCard, TransferDefaults } from "../nst/model-card";
import { NORMALISED_SQUEEZENET } from "../nst/squeezenet";
import type { Architecture } from "./recognised";

/**
 * What Caffe's VGG needs instead of the card's usual numbers. It reads pixels of −128 … 128 where others read about
 * −2 … 2, so that its activations are some 55 times as large: content grows with their square, style with the fourth
 * power. The numbers are those of Johnson's neural-style and of PyTorch's tutorial, told in the formulas used here
 * (α·M about 0.3 and 10⁻⁴, each over the style weight of a deep layer), which differ by just that.
 */
const CAFFE_VGG: Partial<TransferDefaults> = { alphaTimesM: 0.3, totalVariation: 100 };

/**
 * Settings to begin with: the architecture's, for activations of the size that this input leads to.
 * @param published whether the network has the widths of the published one: only of that Caffe's weights exist
 */
export function defaultsFor(card: ModelCard, architecture: Architecture, { range, scale }: InputSpec, published: boolean): TransferDefaults {
  const wide = readsLargePixels(range, scale);
  if (architecture.startsWith("squeezenet") && !wide) return { ...card.defaults, ...NORMALISED_SQUEEZENET };
  return architecture.startsWith("vgg") && published && wide ? { ...card.defaults, ...CAFFE_VGG } : card.defaults;
}

/** Whether `defaultsFor` gives numbers that were found with these very weights. */
export const areMeasured = (architecture: Architecture, { range, scale }: InputSpec, published: boolean): boolean => architecture === "squeezenet1_1" && published && readsLargePixels(range, scale);

/** Numbers of 0 to 255 or the like. */
const readsLargePixels = ([lo, hi]: InputSpec["range"], scale: InputSpec["scale"]): boolean => typeof scale === "number" && (hi - lo) * scale > 64;
