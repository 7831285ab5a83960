/**
 * PyTorch's zip archives, since 1.6: one folder with `data.pkl` (the object), `data/<key>` (a file a storage, stored as it is),
 * `version` and, since 2.1, `byteorder`. Source: caffe2/serialize/inline_container.h and torch/serialization.py of PyTorch.
 */
import { BYTES_PER_NUMBER, type FileSource, type WeightArchive } from "./archive";
import { megabytes } from "./announced";
import type { Limits } from "./limits";
import { unpickle } from "./pickle";
import { refusalsOf } from "./pytorch-messages";
import { torchRules, type TorchStorage } from "./pytorch-objects";
import { archiveOf } from "./pytorch-tensors";
import { Zip } from "./zip";
import { zipIs } from "./zip-contents";

/** PyTorch's kMaxSupportedFileFormatVersion; it writes 3 since 2019 */
const NEWEST_VERSION = 10;
const LONGEST_NOTE = 100;

/** @throws WeightsError */
export async function openTorchZip(file: FileSource, limits: Limits): Promise<WeightArchive> {
  // beside the storages lie a few files about the archive itself
  const zip = await Zip.open(file, limits.listBytes, limits.tensors + 100);
  const { fail, refuse } = refusalsOf(file.name);
  const pickles = zip.names.filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickles.length !== 1) fail(zipIs(zip.names), "");
  const folder = pickles[0].slice(0, -"data.pkl".length);
  if (zip.names.some((name) => name === `${folder}constants.pkl` || name.startsWith(`${folder}code/`))) {
    fail("is a TorchScript program: code together with its numbers", 'Save its numbers alone, in Python: torch.save(torch.jit.load("model.pt").state_dict(), "weights.pth")');
  }

  const note = async (name: string) => (zip.has(folder + name) ? new TextDecoder().decode(await zip.read(folder + name, LONGEST_NOTE)).trim() : null);
  const version = await note("version");
  if (version !== null && !(Number(version) <= NEWEST_VERSION)) fail(`is written in version “${version}” of PyTorch's format; up to ${NEWEST_VERSION} is known`, "Save it with PyTorch 2");
  const byteOrder = (await note("byteorder")) ?? "little";
  if (byteOrder !== "little" && byteOrder !== "big") fail(`says that its bytes are in the order “${byteOrder}”`);

  const list = await zip.read(pickles[0], limits.listBytes);
  const rules = torchRules({ fail, refuse, cutOff: () => fail("is damaged: its list of tensors ends too early") });
  const { value } = unpickle(list, 0, rules);
  for (const storage of rules.storages.values()) {
    const held = zip.size(`${folder}data/${storage.key}`);
    const needed = storage.length * BYTES_PER_NUMBER[storage.format];
    if (held === null) fail(`lacks the numbers of storage ${storage.key}`);
    // a storage may end with bytes that make no whole number
    else if (held < needed || held >= needed + 8) fail(`holds ${megabytes(held)} as storage ${storage.key}, which should have ${megabytes(needed)}`);
  }
  const storages = {
    async read(storage: TorchStorage, from: number, to: number): Promise<Uint8Array> {
      const bytes = await zip.readPart(`${folder}data/${storage.key}`, from, to, limits.tensorBytes);
      return byteOrder === "big" ? turned(bytes, BYTES_PER_NUMBER[storage.format]) : bytes;
    },
  };
  return archiveOf("pytorch", file, value, storages, limits, fail);
}

/** Numbers of `size` bytes with their bytes in the other order, in place. */
function turned(bytes: Uint8Array, size: number): Uint8Array {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  return bytes;
}
