/** What is known of a network that was brought along: kept beside its numbers, and what lists show. */
import type { ModelCard } from "../nst/model-card";
import type { NumberFormat } from "./archive";

/** One tensor of a kept network. `key` is `<layer>.kernel`, `<layer>.bias`, or `<layer>.kernel_scale` of an 8-bit kernel. */
export interface KeptTensor {
  key: string;
  format: NumberFormat;
  shape: number[];
  bytes: number;
  /** SHA-256 of its bytes, hexadecimal */
  sha256: string;
  /** what was measured when it came in: unlikely numbers are refused, and shown */
  mean: number;
  /** standard deviation */
  deviation: number;
  largest: number;
}

/** Mean activation of a layer for known pictures, and whether it is what this family of networks answers. */
export interface LayerAnswer {
  layer: string;
  /** over all units and pictures, after the ReLU */
  mean: number;
  /** share of the units that answer at all, 0 … 1 */
  active: number;
  /** what is usual for the family, [least, most]; null if nothing is known about it */
  usual: [number, number] | null;
}

export interface SanityResult {
  verdict: "fits" | "unlike" | "broken";
  /** sentences: what was seen, and what to do */
  says: string[];
  layers: LayerAnswer[];
}

/** What a copy with fewer bits, or with rescaled filters, costs against the network that it was made of. */
export interface CopyDifference {
  /** id of the network that it was compared with */
  against: string;
  size: number;
  steps: number;
  /** J at the start and at the end of the same short run, of both */
  costs: { start: [number, number]; end: [number, number] };
  /** of the two pictures after that run, in levels of 255 */
  picture: { mean: number; largest: number };
}

export interface KeptNetwork {
  /** as notebooks name it: `vgg19`, `vgg19-fp16` */
  id: string;
  card: ModelCard;
  /** where it came from, in words: address or file name */
  origin: string;
  licence: string;
  /** bytes on disk */
  bytes: number;
  /** bytes of the weights while it is in use: the backend computes in 32 bits, and keeps a turned copy for the way back */
  memory: number;
  /** ms since 1970 */
  added: number;
  tensors: KeptTensor[];
  /** id of the network that it is a copy of */
  copyOf?: string;
  /** what was done to make the copy */
  made?: "fp16" | "int8" | "rescaled";
  sanity?: SanityResult;
  difference?: CopyDifference;
}
