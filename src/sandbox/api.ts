/** What `nst` has in code cells beside src/nst: pictures and networks of the workbench, as tensors. */
import * as tf from "@tensorflow/tfjs";
import { closePicture, cropPicture, openPicture as decodePicture } from "../kernel/decode";
import type { FeatureMaps, ModelCard, Network, Picture } from "../nst";
import { middle } from "../nst/cut-middle";
import { surroundings } from "./surroundings";

/**
 * Loads a network with its weights. Several cells that load the same one share it; it is freed with the last of them.
 *
 *     const vgg = await nst.loadNetwork(network)        // what a network cell gives
 *     const vgg = await nst.loadNetwork("vgg19-slim")   // by its id
 *     const blank = await nst.loadNetwork("vgg19-slim", { random: 1 })   // its layers with random weights of seed 1
 *
 * @param networkOrId what a network cell gives, or the id of a network of the workbench
 * @param options random: seed of random weights, instead of the trained ones
 * @returns a Network as `nst.features` reads it; do not dispose it
 * @throws Error when there is no such network or its weights do not fit it
 */
export async function loadNetwork(networkOrId: string | { id?: string; card: ModelCard; base?: string; random?: number }, { random }: { random?: number } = {}): Promise<Network> {
  const { networks, holding } = surroundings();
  const mine = holding();
  if (typeof networkOrId === "string") return networks.get(networkOrId, null, random, mine);
  const { card, base, id = base?.split("/").filter(Boolean).at(-1) } = networkOrId ?? {};
  if (!card || id === undefined) throw new Error("nst.loadNetwork reads what a network cell gives, or the id of a network such as “vgg19-slim”.");
  return networks.get(id, card, random ?? networkOrId.random, mine);
}

/**
 * Opens a picture of the workbench, cuts and resizes it as an image cell does.
 *
 *     const wave = await nst.openPicture("great-wave.jpg", { width: 256, height: 192 })
 *
 * @param src a sample's file name, or "own:…" as an image cell writes it for a picture that was kept
 * @param options width and height in pixels; crop: { x, y, width, height } in pixels of the upright picture, otherwise the
 *   largest rectangle of that shape in the middle
 * @returns [height, width, 3], red, green and blue from 0 to 1
 * @throws Error when there is no such picture or it cannot be decoded
 */
export async function openPicture(src: string, { crop, width, height }: { crop?: { x: number; y: number; width: number; height: number }; width: number; height: number }): Promise<tf.Tensor3D> {
  for (const [name, side] of Object.entries({ width, height }))
    if (!Number.isInteger(side) || side < 1) throw new Error(`nst.openPicture needs ${name} as a whole number of pixels, and got ${String(side)}.`);
  const { file, holding, within } = surroundings();
  const mine = holding();
  const found = await file(src.startsWith("own:") ? src : `samples/${src}`);
  const opened = await decodePicture(found instanceof Blob ? found : new Blob([found]), src.startsWith("own:") ? "your picture" : src);
  opened.preview.close();
  try {
    const picture = cropPicture(opened.id, crop ?? middle(opened, width / height), width, height);
    return within(mine, () => pictureTensor(picture));
  } finally {
    closePicture(opened.id);
  }
}

/**
 * A picture as a tensor, for example what an image cell gives.
 * @param picture { width, height, data } with red, green and blue from 0 to 1
 * @returns [height, width, 3]
 */
export function pictureTensor(picture: Picture): tf.Tensor3D {
  if (!(picture?.data instanceof Float32Array)) throw new Error("nst.pictureTensor reads a picture: what an image cell gives, or { width, height, data } with data as a Float32Array.");
  return tf.tensor3d(picture.data, [picture.height, picture.width, 3]);
}

/**
 * Feature maps as a tensor, for example what a features cell gives.
 *
 *     const A = nst.gram(nst.mapsTensor(F))   // [n, n]
 *
 * @param maps { layer, height, width, channels, data }, the channels of one position together
 * @returns [1, height, width, channels], as `nst.features` gives them
 */
export function mapsTensor(maps: FeatureMaps): tf.Tensor4D {
  const { height, width, channels, data } = maps ?? {};
  if (!(data instanceof Float32Array) || data.length !== height * width * channels)
    throw new Error("nst.mapsTensor reads feature maps: what a features cell gives, or { layer, height, width, channels, data } with data as a Float32Array of height · width · channels numbers.");
  return tf.tensor4d(data, [1, height, width, channels]);
}

/**
 * A tensor as a picture: plain data that cells outside of the kernel can read.
 * @param tensor [height, width, 3] or [1, height, width, 3], from 0 to 1; what lies outside becomes black or white
 */
export function toPicture(tensor: tf.Tensor): Picture {
  const [height, width, channels] = tensor.shape.slice(-3);
  if (channels !== 3 || tensor.shape.length > 4 || (tensor.shape.length === 4 && tensor.shape[0] !== 1))
    throw new Error(`nst.toPicture reads [height, width, 3], and this is [${tensor.shape.join(", ")}].`);
  const data = Float32Array.from(tensor.dataSync(), (value) => Math.min(1, Math.max(0, value)));
  return { width, height, data };
}
