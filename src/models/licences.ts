/** Licences of the published weights, as their authors state them. */
export const LICENCES = {
  /** torchvision, and timm's copies of its VGG networks */
  torchvision: "BSD-3-Clause",
  /** the Visual Geometry Group's release, and what Keras and others made of it */
  vgg: "CC BY 4.0 (Visual Geometry Group, Oxford)",
  /** SqueezeNet's authors */
  squeezenet: "BSD-2-Clause",
  /** BVLC's AlexNet */
  bvlc: "unrestricted use (BVLC)",
  unknown: "not stated in the file",
} as const;
