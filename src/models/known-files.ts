import { md5 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { FileSource } from "./archive";
import { LICENCES } from "./licences";
import type { InputName } from "./preprocessing";

/** A published weights file, known by its bytes. */
export interface KnownFile {
  title: string;
  input: InputName;
  licence: string;
  /** false: it has the length of the published file, its MD5 is another */
  intact: boolean;
}

/**
 * Keras' VGG files: length in bytes, and the MD5 that keras.applications checks (vgg16.py, vgg19.py). Those with classifiers
 * are left out: reading half a gigabyte through would take long, and their tensors' names say the same.
 */
const KERAS: readonly { bytes: number; md5: string; title: string }[] = [
  { bytes: 80_134_624, md5: "253f8cb515780f3b799900260a226db6", title: "Keras’ VGG-19 without top" },
  { bytes: 58_889_256, md5: "6d6bbae143d832006294945121d1f1fc", title: "Keras’ VGG-16 without top" },
];

const PIECE = 2 ** 20;

/**
 * Looks a file up among those that are known by length and MD5. Only a file of exactly that length is read through, a
 * mebibyte at a time.
 * @param read told how many bytes of how many have been read
 * @returns null for any other file
 */
export async function knownFile(files: readonly FileSource[], read: (done: number, of: number) => void = () => {}): Promise<KnownFile | null> {
  const [file] = files;
  const known = files.length === 1 ? KERAS.find(({ bytes }) => bytes === file.size) : undefined;
  if (!known) return null;
  const hash = md5.create();
  for (let at = 0; at < file.size; at += PIECE) {
    const to = Math.min(at + PIECE, file.size);
    hash.update(await file.read(at, to));
    read(to, file.size);
  }
  return { title: known.title, input: "caffe-bgr", licence: LICENCES.vgg, intact: bytesToHex(hash.digest()) === known.md5 };
}
