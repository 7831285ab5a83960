/** What a weights file turned out to hold. */
import type { ModelCard } from "../nst/model-card";

export type Architecture = "vgg11" | "vgg13" | "vgg16" | "vgg19" | "squeezenet1_0" | "squeezenet1_1" | "alexnet" | "own";

/** Names of the tensors of a batch normalisation, each with one number a filter. */
export interface RecognisedNorm {
  gamma: string;
  beta: string;
  mean: string;
  variance: string;
  /** added to the variance before the root */
  epsilon: number;
}

/** A convolution of the card, and the names of the archive's tensors that hold its numbers. */
export interface RecognisedLayer {
  layer: string;
  kernel: string;
  /** null: the convolution has none, it becomes zeros */
  bias: string | null;
  /** a batch normalisation right behind it, to be folded into it */
  norm?: RecognisedNorm;
  /** of an 8-bit kernel: one scale a filter */
  scale?: string;
}

export interface Recognised {
  architecture: Architecture;
  title: string;
  /** a proposal, as notebooks would name it: `vgg19`, `vgg19-keras`, `vgg16-bn` */
  id: string;
  /** complete but for `weights.sha256`; `weights.kernelLayout` is that of the file */
  card: ModelCard;
  /** in the card's order */
  layers: RecognisedLayer[];
  /** tensors that style transfer does not need: the classifier, counters, an optimiser's state */
  ignored: string[];
  /** a sentence: why this preprocessing */
  inputFrom: string;
  licence: string;
}
