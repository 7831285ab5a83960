/**
 * Resampling of pictures in plain typed arrays: separable, antialiased when shrinking, with the conventions of Pillow's
 * `Image.resize` (the kernel is stretched by the reduction factor and its weights are normalised at the borders).
 * Ours and not the canvas', because browsers resample differently and a run should start from the same numbers everywhere.
 */
import type { Picture } from "./picture";

/** In pixels; fractions are rounded to whole pixels, and what lies outside the picture is left out. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A picture that is read row by row, so that a huge one never has to stand in memory as floats. */
export interface RowSource {
  width: number;
  height: number;
  /** writes row y into `into`: width × 3 values, RGB interleaved, in [0, 1]. Asked for once per row, from top to bottom. */
  readRow(y: number, into: Float32Array): void;
}

/** Half-width in source pixels (at scale 1) and shape of an interpolation kernel. */
interface Kernel {
  support: number;
  weight(x: number): number;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

const KERNELS = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos3: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Kernel>;

/**
 * `bilinear` is the default: all its weights are ≥ 0, so it invents no colour that is not in the photograph. Lanczos is a
 * little sharper but leaves halos along strong edges, and to a network a halo is an edge: it would enter the style.
 */
export type Filter = keyof typeof KERNELS;

/** For each output position: the first source position it reads, and `taps` weights (zero-padded). */
interface Windows {
  taps: number;
  first: Int32Array;
  count: Int32Array;
  weights: Float64Array;
}

function windows(from: number, to: number, kernel: Kernel): Windows {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = kernel.support * stretch;
  const taps = Math.ceil(reach) * 2 + 1;
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    let sum = 0;
    for (let k = 0; k < end - start; k++) {
      const w = kernel.weight((k + start - centre + 0.5) / stretch);
      weights[i * taps + k] = w;
      sum += w;
    }
    for (let k = 0; k < end - start; k++) weights[i * taps + k] /= sum;
    first[i] = start;
    count[i] = end - start;
  }
  return { taps, first, count, weights };
}

function assertSize(width: number, height: number): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new RangeError(`A picture cannot be resized to ${width} × ${height}: both sides must be whole numbers of at least 1 pixel.`);
  }
}

/**
 * Resamples what `source` holds to width × height pixels.
 * @returns a picture with values clamped to [0, 1]
 * @throws RangeError if a side is not a whole number ≥ 1
 */
export function resample(source: RowSource, width: number, height: number, filter: Filter = "bilinear"): Picture {
  assertSize(width, height);
  const across = windows(source.width, width, KERNELS[filter]);
  const down = windows(source.height, height, KERNELS[filter]);
  const stride = width * 3;
  const row = new Float32Array(source.width * 3);
  // Rows already resampled across; a ring, because an output row never needs more than `down.taps` of them.
  const ring = new Float32Array(down.taps * stride);
  const sum = new Float64Array(stride);
  const data = new Float32Array(height * stride);
  let next = 0;
  for (let y = 0; y < height; y++) {
    const start = down.first[y];
    const end = start + down.count[y];
    for (; next < end; next++) {
      source.readRow(next, row);
      resampleRow(row, across, ring, (next % down.taps) * stride);
    }
    sum.fill(0);
    for (let k = 0; k < down.count[y]; k++) {
      const weight = down.weights[y * down.taps + k];
      const at = ((start + k) % down.taps) * stride;
      for (let i = 0; i < stride; i++) sum[i] += weight * ring[at + i];
    }
    const out = y * stride;
    for (let i = 0; i < stride; i++) data[out + i] = Math.min(1, Math.max(0, sum[i]));
  }
  return { width, height, data };
}

function resampleRow(row: Float32Array, { taps, first, count, weights }: Windows, into: Float32Array, at: number): void {
  for (let x = 0; x < first.length; x++) {
    let r = 0;
    let g = 0;
    let b = 0;
    let p = first[x] * 3;
    const end = x * taps + count[x];
    for (let k = x * taps; k < end; k++, p += 3) {
      const weight = weights[k];
      r += weight * row[p];
      g += weight * row[p + 1];
      b += weight * row[p + 2];
    }
    into[at + x * 3] = r;
    into[at + x * 3 + 1] = g;
    into[at + x * 3 + 2] = b;
  }
}

/** Rounds a rectangle to whole pixels and keeps it inside width × height, at least 1 × 1 pixel. */
export function clampRect(rect: Rect, width: number, height: number): Rect {
  const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, Math.round(value)));
  const x = within(rect.x, 0, width - 1);
  const y = within(rect.y, 0, height - 1);
  return { x, y, width: within(rect.width, 1, width - x), height: within(rect.height, 1, height - y) };
}

/** The part `rect` of a source, as a source: what lies beyond the cut has no influence on the pixels inside. */
export function cropRows(source: RowSource, rect: Rect): RowSource {
  const { x, y, width, height } = clampRect(rect, source.width, source.height);
  const whole = new Float32Array(source.width * 3);
  return {
    width,
    height,
    readRow(row, into) {
      source.readRow(y + row, whole);
      into.set(whole.subarray(x * 3, (x + width) * 3));
    },
  };
}

/** A picture in memory as a row source. */
export function pictureRows(picture: Picture): RowSource {
  const stride = picture.width * 3;
  return {
    width: picture.width,
    height: picture.height,
    readRow: (y, into) => into.set(picture.data.subarray(y * stride, (y + 1) * stride)),
  };
}

/** Resizes a picture to width × height pixels; see `resample`. */
export function resize(picture: Picture, width: number, height: number, filter?: Filter): Picture {
  return resample(pictureRows(picture), width, height, filter);
}

/** Cuts `rect` out of a picture, then resizes the cut; see `resample`. */
export function cropAndResize(picture: Picture, rect: Rect, width: number, height: number, filter?: Filter): Picture {
  return resample(cropRows(pictureRows(picture), rect), width, height, filter);
}
