/** What a value looks like, as plain data that can be posted. A page draws it without a tensor. */
export type Shown =
  | TensorShown
  | { kind: "data"; value: unknown; /** parts were left out */ cut: boolean; bytes: number }
  | { kind: "function"; name: string; text: string }
  /** holds what is not plain data; `more`: entries left out */
  | { kind: "object"; type: string; entries: { name: string; shown: Shown }[]; more: number }
  /** a DOM node: the frame of its cell shows it itself */
  | { kind: "node" }
  /** undefined */
  | { kind: "nothing" }
  /** anything else */
  | { kind: "text"; text: string };

export interface TensorShown {
  kind: "tensor";
  shape: number[];
  dtype: string;
  bytes: number;
  /** of the finite values; NaN if there are none */
  min: number;
  max: number;
  mean: number;
  /** NaN and infinities */
  bad: number;
  look: Look;
}

export type Look =
  | { as: "number"; value: number }
  /** small rank 1, rank 2; row by row */
  | { as: "table"; rows: number; columns: number; values: Float32Array }
  /** long rank 1; each value stands for `every` */
  | { as: "line"; values: Float32Array; every: number }
  /** row by row; each value stands for `every` a side */
  | { as: "heat"; rows: number; columns: number; values: Float32Array; every: number }
  /** `range`: what was mapped to black and white */
  | { as: "picture"; width: number; height: number; rgba: Uint8ClampedArray; range: [number, number] }
  /** the first `shown` of `channels` maps one after the other, each row by row; each value stands for `every` a side */
  | { as: "maps"; width: number; height: number; channels: number; shown: number; values: Float32Array; every: number }
  /** the first few, any other rank */
  | { as: "values"; values: Float32Array };
