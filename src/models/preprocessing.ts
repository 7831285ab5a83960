/** The known ways in which pixels become the numbers that a network reads. */
import type { InputSpec } from "../nst/model-card";

export type InputName = "torchvision" | "caffe-bgr" | "caffe-rgb" | "raw-0-1" | "raw-0-255" | "minus-one-to-one";

/**
 * Sources: torchvision's documentation of its ImageNet weights (mean and deviation of pixels in [0, 1]); Keras'
 * imagenet_utils.preprocess_input, modes "caffe" (also Simonyan & Zisserman 2015, section 2.1: only the mean is subtracted)
 * and "tf" (−1 to 1). The networks' own documentation says which of them applies; the others are what people feed them by
 * mistake.
 */
export const INPUTS: Readonly<Record<InputName, { title: string; input: InputSpec }>> = {
  torchvision: {
    title: "torchvision: RGB, 0 to 1, ImageNet’s mean and deviation",
    input: { channels: "RGB", range: [0, 1], mean: [0.485, 0.456, 0.406], scale: [1 / 0.229, 1 / 0.224, 1 / 0.225] },
  },
  "caffe-bgr": { title: "Caffe and Keras: BGR, 0 to 255, mean subtracted", input: { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 } },
  "caffe-rgb": { title: "Caffe’s numbers in RGB, 0 to 255, mean subtracted", input: { channels: "RGB", range: [0, 255], mean: [123.68, 116.779, 103.939], scale: 1 } },
  "raw-0-1": { title: "RGB, 0 to 1, nothing subtracted", input: { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 } },
  "raw-0-255": { title: "RGB, 0 to 255, nothing subtracted", input: { channels: "RGB", range: [0, 255], mean: [0, 0, 0], scale: 1 } },
  "minus-one-to-one": { title: "RGB, −1 to 1", input: { channels: "RGB", range: [-1, 1], mean: [0, 0, 0], scale: 1 } },
};
