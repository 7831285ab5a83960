/** Colours for numbers with a sign: ColorBrewer's RdBu (Brewer & Harrower), blue below zero, white at zero, red above. */
const STOPS = [
  [5, 48, 97], [33, 102, 172], [67, 147, 195], [146, 197, 222], [209, 229, 240], [247, 247, 247],
  [253, 219, 199], [244, 165, 130], [214, 96, 77], [178, 24, 43], [103, 0, 31],
];

/** 256 colours as RGB bytes, from −1 to 1. */
const TABLE = Uint8ClampedArray.from({ length: 768 }, (_, i) => {
  const at = (Math.floor(i / 3) / 255) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(at));
  const channel = i % 3;
  return STOPS[low][channel] + (STOPS[low + 1][channel] - STOPS[low][channel]) * (at - low);
});

/**
 * Paints one channel of an interleaved tensor.
 * @param data [height × width, channels]
 * @param reach the number that gets the last colour; −reach gets the first. The scale is symmetric, so that white is zero.
 * @returns RGBA bytes
 */
export function paintDiverging(data: Float32Array, channel: number, channels: number, reach: number): Uint8ClampedArray<ArrayBuffer> {
  const count = data.length / channels;
  const rgba = new Uint8ClampedArray(count * 4);
  const scale = reach > 0 ? 127.5 / reach : 0;
  for (let i = 0; i < count; i++) {
    const colour = Math.max(0, Math.min(255, Math.round(data[i * channels + channel] * scale + 127.5))) * 3;
    rgba[i * 4] = TABLE[colour];
    rgba[i * 4 + 1] = TABLE[colour + 1];
    rgba[i * 4 + 2] = TABLE[colour + 2];
    rgba[i * 4 + 3] = 255;
  }
  return rgba;
}

/** The scale as a CSS gradient from left to right, for legends. */
export const DIVERGING_GRADIENT = `linear-gradient(to right, ${STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")})`;
