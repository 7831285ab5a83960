/** What torch.save writes: a zip archive since PyTorch 1.6, before that one stream of pickles and numbers. */
import type { FileSource, WeightArchive } from "./archive";
import type { Limits } from "./limits";
import { LEGACY_MAGIC, openTorchLegacy } from "./pytorch-legacy";
import { refusalsOf } from "./pytorch-messages";
import { openTorchZip } from "./pytorch-zip";

/** "PK": local files (3, 4), or an empty archive (5, 6) */
const ZIP_MAGIC = [0x50, 0x4b];
/** of pickles since protocol 2 */
const PICKLE_MAGIC = 0x80;

/**
 * Opens a file that PyTorch wrote, told by its first bytes. Nothing that the file says is executed: its list is a program
 * for Python, which is read as data, and refused when it asks for anything but tensors.
 * @param limits what the file may ask of the reader
 * @returns its tensors in the order of the file; dictionaries inside dictionaries are folders (`state_dict/features.0.weight`)
 * @throws WeightsError when it is something else, holds more than tensors, or contradicts itself
 */
export async function openPytorch(file: FileSource, limits: Limits): Promise<WeightArchive> {
  const head = await file.read(0, Math.min(file.size, LEGACY_MAGIC.length));
  const begins = (magic: readonly number[]) => magic.every((byte, i) => head[i] === byte);
  if (begins(ZIP_MAGIC)) return openTorchZip(file, limits);
  if (begins(LEGACY_MAGIC)) return openTorchLegacy(file, limits);
  const { fail } = refusalsOf(file.name);
  if (head[0] === PICKLE_MAGIC) return fail("is a pickle of Python, but not one that PyTorch wrote; pickled NumPy arrays (as of Lasagne and Theano) are not read", 'Save them as safetensors: safetensors.numpy.save_file({name: array, …}, "weights.safetensors")');
  return fail("is no file of PyTorch", "Needed is what torch.save(model.state_dict(), …) writes");
}
