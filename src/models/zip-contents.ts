/** What a zip archive is that is none of PyTorch's, by the names of its files. */
import { someNames } from "./announced";

/** @returns what follows the archive's name: what it is, and what to do; without a full stop */
export function zipIs(names: readonly string[]): string {
  const all = (pattern: RegExp) => names.length > 0 && names.every((name) => pattern.test(name));
  const some = (pattern: RegExp) => names.find((name) => pattern.test(name));
  if (all(/\.npy$/)) return `is an .npz archive of NumPy arrays (${someNames(names)}), which are not read. Save them as safetensors: safetensors.numpy.save_file(dict(numpy.load("weights.npz")), "weights.safetensors")`;
  if (some(/^model\.weights\.h5$/)) return "is a model of Keras 3 (.keras): a zip archive with the weights in it. Unpack it, and bring model.weights.h5";
  if (some(/(^|\/)saved_model\.pb$/)) return "is an archive with a SavedModel of TensorFlow, which is not read. Save its weights with Keras: model.save_weights(\"weights.h5\")";
  if (some(/(^|\/)data\.pkl$/)) return "is an archive with several files of PyTorch in it. Unpack it, and bring one of them";
  const weights = some(/\.(safetensors|h5|hdf5|pth|pt|ckpt)$|(^|\/)model\.json$/);
  if (weights) return `is an archive with weights in it (“${weights}”). Unpack it, and bring the files themselves`;
  if (names.length === 0) return "is an empty zip archive. Fetch or export it again";
  return `is a zip archive, but none that PyTorch wrote: it holds ${someNames(names)}. Needed are files with weights: .safetensors, .h5, .pth, or a model.json with its shards`;
}
