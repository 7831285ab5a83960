/** The methods of the protocol that concern pictures, as a worker offers them. */
import * as tf from "@tensorflow/tfjs";
import { preprocess } from "../nst/preprocess";
import { closePicture, cropPicture, openPicture } from "./decode";
import type { Methods } from "./protocol";

type PictureMethod = Extract<keyof Methods, `picture.${string}`>;
type Handlers = { [M in PictureMethod]: (args: Methods[M]["args"], context: { signal: AbortSignal }) => Methods[M]["result"] | Promise<Methods[M]["result"]> };

export const pictureMethods: Handlers = {
  "picture.open": ({ file, name }, { signal }) => openPicture(file, name, signal),
  "picture.crop": ({ id, crop, width, height }) => cropPicture(id, crop, width, height),
  "picture.close": ({ id }) => closePicture(id),
  "picture.preprocess": async ({ picture, card }) => {
    const read = tf.tidy(() => preprocess(tf.tensor3d(picture.data, [picture.height, picture.width, 3]), card.input));
    try {
      return (await read.data()) as Float32Array;
    } finally {
      read.dispose();
    }
  },
};
