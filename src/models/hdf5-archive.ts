/** HDF5, as Keras saves networks: folders of tensors, with texts (attributes) on the folders. */
import { WeightsError } from "../nst/safetensors";
import { checkTensorCount, checkTensorSize, countNumbers, megabytes, shapeText, someNames } from "./announced";
import { BYTES_PER_NUMBER, type ArchiveTensor, type FileSource, type NumberFormat, type WeightArchive } from "./archive";
import { Hdf5File, type Hdf5Dataset } from "./hdf5-file";
import type { Limits } from "./limits";
import { refuseTheano } from "./theano";

/** HDF5's numbers for the ways of packing that its library brings along: gzip, byte shuffle, checksums, n-bit, scale-offset. */
const PACKINGS = new Set([1, 2, 3, 5, 6]);
/** What gzip can unpack at most from one byte (zlib's documentation, “Maximum Compression Factor”). */
const MOST_UNPACKED = 1032;
/** Of one attribute: models with thousands of layers name them in less. */
const TEXT_BYTES = 2 ** 20;
/** Texts that Keras writes at the root, or at `model_weights` of a whole saved model. */
const SAID = ["backend", "keras_version", "model_config"];

interface Found {
  path: string;
  name: string;
  format: NumberFormat;
  shape: number[];
  /** shape of the pieces that it is stored in */
  chunks: number[] | null;
}

/**
 * Opens an HDF5 file with HDF5's own library, which reads it in pieces. The layouts are left as they are: names of
 * tensors are their paths, `block1_conv1/block1_conv1_W_1:0`, `model_weights/block1_conv1/block1_conv1/kernel:0`,
 * `layers/conv2d/vars/0`. Where Keras 3 notes a layer's own name on its folder, that stands in its place: `layers/block1_conv1/vars/0`.
 *
 * Links that lead by name, inside the file or to others, are not followed; what is put together from other files is
 * refused, and so are kernels in Theano's order.
 * Source of the layouts: Keras, `legacy_h5_format.py` and `saving_lib.py`.
 * @throws WeightsError when it is damaged, cut off, or asks for more than its length can hold
 */
export async function openHdf5(file: FileSource, limits: Limits): Promise<WeightArchive> {
  await refuseCutOff(file);
  const h5 = await Hdf5File.open(file, limits.tensorBytes);
  try {
    const tree = walk(h5, file, limits);
    if (tree.tensors.length === 0) throw new WeightsError(`“${file.name}” is an HDF5 file without tensors of numbers.${tree.links.length > 0 ? ` It holds links (${someNames(tree.links)}), which are not followed.` : ""} Weights that Keras saved are needed: \`model.save_weights("….weights.h5")\`.`);
    const metadata = texts(h5, tree.folders);
    refuseTheano(file.name, tree.tensors, metadata["backend"]);
    return {
      format: "hdf5",
      name: file.name,
      size: file.size,
      metadata,
      tensors: tree.tensors.map((found) => tensorOf(h5, file, found, limits)),
      close: () => h5.close(),
    };
  } catch (error) {
    h5.close();
    throw error;
  }
}

/**
 * The superblock says where the file ends, if it is whole; the library only says that it cannot be opened. Addresses and
 * lengths take eight bytes in all files of this kind.
 * Source: HDF5 File Format Specification, “Superblock”; versions 0 and 1 have their addresses behind 24 and 28 bytes.
 */
async function refuseCutOff(file: FileSource): Promise<void> {
  const begin = await file.read(0, Math.min(64, file.size));
  const head = new DataView(begin.buffer, begin.byteOffset, begin.byteLength);
  if (head.byteLength < 48) throw new WeightsError(`“${file.name}” is cut off: it begins like HDF5 and has ${file.size} bytes. Fetch it again.`);
  const version = head.getUint8(8);
  const widths = version < 2 ? [13, 14] : [9, 10];
  if (version > 3 || widths.some((at) => head.getUint8(at) !== 8)) throw new WeightsError(`“${file.name}” is HDF5 of a kind that Keras does not write, or damaged at its beginning. Fetch or export it again.`);
  const end = head.getBigUint64(version === 0 ? 40 : version === 1 ? 44 : 28, true);
  if (end > BigInt(file.size)) throw new WeightsError(`“${file.name}” is cut off: it should have ${end.toLocaleString("en")} bytes, it has ${file.size.toLocaleString("en")}. Fetch it again.`);
}

interface Tree {
  tensors: Found[];
  folders: Set<string>;
  links: string[];
}

function walk(h5: Hdf5File, file: FileSource, limits: Limits): Tree {
  const tree: Tree = { tensors: [], folders: new Set(), links: [] };
  let seen = 0;
  const names = new Set<string>();

  const enter = (path: string, name: string, depth: number): void => {
    if (depth > limits.depth) throw new WeightsError(`“${file.name}” has folders inside folders more than ${limits.depth} deep, or a folder that holds itself. Keras writes no such file; fetch it again from a place that you trust.`);
    tree.folders.add(path);
    const own = ownName(h5, path);
    if (own && !names.has(sibling(name, own))) name = sibling(name, own);
    names.add(name);
    for (const child of h5.names(path || "/").sort(inReadingOrder)) {
      checkTensorCount(file.name, ++seen, limits);
      const at = `${path}/${child}`;
      const called = name ? `${name}/${child}` : child;
      const kind = h5.kind(at);
      if (kind === "link") tree.links.push(at.slice(1));
      else if (kind === "folder") enter(at, called, depth + 1);
      else if (kind === "dataset") {
        const data = h5.dataset(at);
        const format = formatOf(h5, at, data);
        if (format && data.shape) tree.tensors.push({ path: at, name: called, format, shape: data.shape, chunks: checked(h5, file, at, data, format, limits) });
      }
    }
  };
  enter("", "", 0);
  return tree;
}

/** Keras 3 stores a layer under its class (`layers/conv2d_3`), and may note the layer's own name on the folder of its variables. */
function ownName(h5: Hdf5File, path: string): string | null {
  if (!path.startsWith("/layers/") && !path.startsWith("/_layer_checkpoint_dependencies/")) return null;
  if (path.endsWith("/vars") || !h5.names(path).includes("vars") || h5.kind(`${path}/vars`) !== "folder" || !h5.attributes(`${path}/vars`).includes("name")) return null;
  const name = h5.texts(`${path}/vars`, "name", 1024)?.[0];
  return name && !name.includes("/") ? name : null;
}

const sibling = (path: string, name: string) => path.slice(0, path.lastIndexOf("/") + 1) + name;
/** `conv2d_2` before `conv2d_10`. */
const inReadingOrder = new Intl.Collator("en", { numeric: true }).compare;

/** Null for what is no tensor of numbers: texts, tables, references. */
function formatOf(h5: Hdf5File, path: string, { type, size, signed }: Hdf5Dataset): NumberFormat | null {
  if (type === 1) return ({ 2: "F16", 4: "F32", 8: "F64" } as const)[size] ?? null;
  if (type === 0) return signed ? (({ 1: "I8", 2: "I16", 4: "I32", 8: "I64" } as const)[size] ?? null) : size === 1 ? "U8" : null;
  // HDF5 knows no bfloat16: Keras stores its bytes, and says so beside them
  if (type === 5 && size === 2 && h5.attributes(path).includes("dtype") && h5.texts(path, "dtype", 64)?.[0] === "bfloat16") return "BF16";
  return null;
}

/** Checks what a tensor announces against what the file can hold. @returns the shape of its pieces */
function checked(h5: Hdf5File, file: FileSource, path: string, data: Hdf5Dataset, format: NumberFormat, limits: Limits): number[] | null {
  const name = path.slice(1);
  if (data.virtual_sources) throw new WeightsError(`“${file.name}” puts “${name}” together from other files (a virtual dataset), which are not read. Save the weights into one file.`);
  const bytes = countNumbers(file.name, name, data.shape) * BYTES_PER_NUMBER[format];
  const packed = data.chunks !== null && h5.filters(path).length > 0;
  if (bytes > file.size * (packed ? MOST_UNPACKED : 1)) throw new WeightsError(`“${file.name}” announces “${name}” as ${shapeText(data.shape!)}, ${megabytes(bytes)}; the file has ${megabytes(file.size)}. Fetch or export it again.`);
  if (data.chunks && countNumbers(file.name, name, data.chunks) * BYTES_PER_NUMBER[format] > limits.tensorBytes) throw new WeightsError(`“${file.name}” stores “${name}” in pieces of ${shapeText(data.chunks)}, too large to be unpacked. Save it again without chunks.`);
  return data.chunks;
}

function tensorOf(h5: Hdf5File, file: FileSource, { path, name, format, shape, chunks }: Found, limits: Limits): ArchiveTensor {
  return {
    name,
    format,
    shape,
    async read() {
      checkTensorSize(file.name, { name, format, shape }, limits);
      const unknown = h5.filters(path).find(({ id }) => !PACKINGS.has(id));
      if (unknown) throw new WeightsError(`“${name}” in “${file.name}” is packed with ${unknown.name || `filter ${unknown.id}`}, which HDF5 does not bring along. Save it again with gzip, or unpacked.`);
      const count = countNumbers(file.name, name, shape);
      const piece = chunks ? countNumbers(file.name, name, chunks) * BYTES_PER_NUMBER[format] : 0;
      const bytes = count === 0 ? new Uint8Array(0) : h5.read(path, count * BYTES_PER_NUMBER[format], piece);
      return { format, shape, bytes };
    },
  };
}

function texts(h5: Hdf5File, folders: ReadonlySet<string>): Record<string, string> {
  const said: Record<string, string> = {};
  for (const path of ["/", "/model_weights"]) {
    if (path !== "/" && !folders.has(path)) continue;
    const there = h5.attributes(path);
    for (const name of SAID) {
      const text = there.includes(name) ? h5.texts(path, name, TEXT_BYTES)?.[0] : undefined;
      if (text !== undefined) said[name] = text;
    }
  }
  return said;
}
