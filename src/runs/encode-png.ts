import type { Checkpoint } from "../kernel/protocol";

/** A picture of full size as a PNG file; null where the browser cannot encode pictures. */
export type PngEncoder = (picture: Pick<Checkpoint, "width" | "height" | "picture">) => Promise<Uint8Array | null>;

export const encodePng: PngEncoder = async ({ width, height, picture }) => {
  if (typeof OffscreenCanvas === "undefined") return null;
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = 255 * picture[3 * i + c];
    image.data[4 * i + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext("2d", { willReadFrequently: true })!.putImageData(image, 0, 0);
  return new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
};
