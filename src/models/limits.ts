/** What a weights file may ask of the reader. A file is a stranger's: nothing that it announces is believed before it is checked. */
export interface Limits {
  /** most tensors in one file */
  tensors: number;
  /** most bytes of the list of tensors (a header, a manifest, a pickled object): it is held whole */
  listBytes: number;
  /** most bytes of one tensor that is read: it is held whole, one at a time */
  tensorBytes: number;
  /** most folders inside folders */
  depth: number;
}

/**
 * Wide for every network of pictures: VGG-19 has 38 tensors, the largest network that torchvision offers about 1,500,
 * and a list of 20,000 takes some 3 MB. VGG's largest convolution (3 × 3 × 512 × 512) takes 9.4 MB, 19 MB with 64 bits a
 * number; its first dense layer, of 411 MB, is listed and never read.
 */
export const LIMITS: Readonly<Limits> = { tensors: 20_000, listBytes: 8 * 2 ** 20, tensorBytes: 128 * 2 ** 20, depth: 32 };
