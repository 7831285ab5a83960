/**
 * Pixels as a screen and a PNG hold them.
 * @param rgb h·w·3 values in [0, 1]
 * @returns h·w·4 bytes, rounded to nearest, opaque
 */
export function pictureBytes(rgb: Float32Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from] * 255;
    rgba[to + 1] = rgb[from + 1] * 255;
    rgba[to + 2] = rgb[from + 2] * 255;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** A bitmap that can be handed to the page without copying. */
export function pictureBitmap(rgba: Uint8ClampedArray, width: number, height: number): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(rgba.slice() as Uint8ClampedArray<ArrayBuffer>, width, height));
}
