/** What a file is, told by what it begins with. */

/** Bytes of a file's beginning that are looked at. */
export const HEAD_BYTES = 1024;

/** A kind of file that can be opened, or what it is instead: the end of “… is”. */
export type FileKind = { opens: "safetensors" | "hdf5" | "json" | "pytorch" } | { opens: null; is: string };

interface Sign {
  /** where it stands */
  at: number;
  /** bytes, or ASCII */
  bytes: string | number[];
}

const READABLE: readonly (Sign & { opens: "hdf5" | "pytorch" })[] = [
  { at: 0, bytes: [0x89, 72, 68, 70, 13, 10, 26, 10], opens: "hdf5" },
  { at: 0, bytes: "PK\x03\x04", opens: "pytorch" },
  // pickles of protocol 2 and above begin with their version
  ...[2, 3, 4, 5].map((protocol) => ({ at: 0, bytes: [0x80, protocol], opens: "pytorch" as const })),
];

const KERAS = "Weights that Keras saved as .h5, a PyTorch state dict, safetensors, or a TensorFlow.js model are needed";

const OTHERS: readonly (Sign & { is: string })[] = [
  { at: 0, bytes: "MATLAB 5.0", is: `a MATLAB file (such as VGG’s imagenet-vgg-verydeep-19.mat). ${KERAS}` },
  { at: 0, bytes: "MATLAB 7.3", is: `a MATLAB file. ${KERAS}` },
  { at: 0, bytes: "\x93NUMPY", is: "a single NumPy array. A file with all weights of a network is needed" },
  { at: 0, bytes: [0x1f, 0x8b], is: "packed with gzip. Unpack it, and choose what was in it" },
  { at: 0, bytes: "BZh", is: "packed with bzip2. Unpack it, and choose what was in it" },
  { at: 0, bytes: [0xfd, 55, 122, 88, 90, 0], is: "packed with xz. Unpack it, and choose what was in it" },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], is: "packed with zstd. Unpack it, and choose what was in it" },
  { at: 0, bytes: "7z\xbc\xaf", is: "packed with 7-Zip. Unpack it, and choose what was in it" },
  { at: 0, bytes: "Rar!", is: "packed with RAR. Unpack it, and choose what was in it" },
  { at: 257, bytes: "ustar", is: "a tar archive. Unpack it, and choose what was in it; weights of PyTorch before 2017 came so, and have to be saved again with torch.save" },
  { at: 0, bytes: "PK\x05\x06", is: "an empty zip archive" },
  { at: 0, bytes: "GGUF", is: "a language model (GGUF)" },
  { at: 4, bytes: "TFL3", is: `a TensorFlow Lite model. ${KERAS}` },
  { at: 0, bytes: [4, 0, 0, 0, 1, 0, 0, 0], is: "a Torch7 file (.t7) of Lua’s times. Weights that PyTorch saved are needed: load it there with torchfile, and save its state dict" },
  { at: 0, bytes: [0x89, 80, 78, 71], is: "a PNG picture. Pictures are dropped outside of this dialog" },
  { at: 0, bytes: [0xff, 0xd8, 0xff], is: "a JPEG picture. Pictures are dropped outside of this dialog" },
  { at: 0, bytes: "version https://git-lfs", is: "a pointer of Git LFS: it stands where the weights should be, and holds their address. Fetch the file itself, with `git lfs pull` or from the website’s download button" },
  { at: 0, bytes: "%PDF", is: "a PDF document" },
];

/** Where a protobuf of ONNX or Caffe says what it is, in its first bytes. */
const ONNX = /^\x08[\x01-\x20](?:\x12|\x1a|.{0,4}?(?:pytorch|onnx|keras2onnx|tf2onnx))/;
const CAFFE = /^\x0a.{1,2}(?:VGG|vgg|AlexNet|CaffeNet|alexnet|SqueezeNet|squeezenet|GoogleNet|ResNet|[\w -]{3,40}[\x12\x1a\xa2\x08])/;

/**
 * @param head the file's first HEAD_BYTES bytes, or all of it
 * @param size bytes of the whole file
 */
export function fileKind(head: Uint8Array, size: number): FileKind {
  if (size === 0) return { opens: null, is: "empty. Fetch it again" };
  const text = String.fromCharCode(...head);
  const begins = ({ at, bytes }: Sign) => text.startsWith(typeof bytes === "string" ? bytes : String.fromCharCode(...bytes), at);
  const opens = READABLE.find(begins)?.opens;
  if (opens) return { opens };
  const other = OTHERS.find(begins);
  if (other) return { opens: null, is: other.is };
  // eight bytes of header length, then the header; JSON that is indented this far is not ours
  if (/^[^]{8}\{["}\s]/.test(text) && !/^\s{8}/.test(text)) return { opens: "safetensors" };
  const plain = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (plain.startsWith("{")) return { opens: "json" };
  if (/^(?:<!doctype html|<html|<\?xml)/i.test(plain)) return { opens: null, is: "a web page, not the weights that it may speak of: a login page or an error of the server. Fetch the file itself" };
  if (/^(?:name|layer|layers|input) *[:{]/.test(plain)) return { opens: null, is: "a description of a Caffe network (.prototxt), without its numbers" };
  if (/^(?:c[\w.]+\n[\w.]+\n|\((?:[dl]p?\d*\n|[ic]?[\w.]+\n))/.test(text)) return { opens: null, is: "a pickle in the oldest of Python’s protocols, which torch.save does not write. It is not opened: pickles may hold programs" };
  if (ONNX.test(text)) return { opens: null, is: "a model of ONNX. Weights in the format of the tool that trained it are needed: safetensors, PyTorch, Keras or TensorFlow.js" };
  if (CAFFE.test(text)) return { opens: null, is: "a model of Caffe (.caffemodel). Weights converted to PyTorch, Keras or safetensors are needed: most of Caffe’s networks are published so" };
  if (/^\0*$/.test(text)) return { opens: null, is: `nothing but zeros at its beginning${size > head.length ? "" : " and end"}: a download that was begun and never filled. Fetch it again` };
  return { opens: null, is: `of an unknown kind: it begins with ${[...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")}` };
}
