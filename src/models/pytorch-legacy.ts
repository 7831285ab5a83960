/**
 * The files of PyTorch 0.1.10 (2017) to 1.5, and of later ones on request: five pickles (a mark, the version, facts about the
 * machine, the object, the keys of its storages), then the storages in the order of their keys, each as eight bytes that
 * count its numbers and the numbers, little-endian. Source: _legacy_load of torch/serialization.py.
 */
import { BYTES_PER_NUMBER, type FileSource, type WeightArchive } from "./archive";
import { megabytes } from "./announced";
import type { Limits } from "./limits";
import { unpickle } from "./pickle";
import { refusalsOf } from "./pytorch-messages";
import { torchRules, type TorchStorage } from "./pytorch-objects";
import { archiveOf } from "./pytorch-tensors";

const MARK = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** The bytes of the first pickle, which is the mark: what such a file is told by. */
export const LEGACY_MAGIC = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** @throws WeightsError */
export async function openTorchLegacy(file: FileSource, limits: Limits): Promise<WeightArchive> {
  const { fail, refuse } = refusalsOf(file.name);
  const head = await file.read(0, Math.min(file.size, limits.listBytes));
  const cutOff = (): never => (head.length < file.size ? fail(`has a list of tensors of more than ${megabytes(limits.listBytes)}, which no network for pictures needs`) : fail("is cut off inside its list of tensors"));
  const rules = torchRules({ fail, refuse, cutOff });
  let at = 0;
  const next = () => {
    const { value, end } = unpickle(head, at, rules);
    at = end;
    return value;
  };
  if (next() !== MARK) fail("does not begin as PyTorch's files do");
  const version = next();
  if (version !== VERSION) fail(`is written in version “${String(version)}” of PyTorch's old format; ${VERSION} is known`);
  next();
  const value = next();
  const keys = next();
  if (!Array.isArray(keys)) return fail("is damaged: it does not say in which order its numbers lie");

  const starts = new Map<string, number>();
  for (const key of keys) {
    const storage = typeof key === "string" ? rules.storages.get(key) : undefined;
    if (!storage || starts.has(storage.key)) return fail(`is damaged: its numbers are in the order of storages that it ${storage ? "names twice" : "does not have"}`);
    const end = at + 8 + storage.length * BYTES_PER_NUMBER[storage.format];
    if (end > file.size) fail(`is cut off: it has ${file.size.toLocaleString("en")} bytes, ${end.toLocaleString("en")} are needed for storage ${starts.size + 1} of ${keys.length}`);
    const eight = await file.read(at, at + 8);
    const count = new DataView(eight.buffer, eight.byteOffset).getBigInt64(0, true);
    if (count !== BigInt(storage.length)) fail(`contradicts itself: storage ${storage.key} has ${count} numbers where ${storage.length} are announced`);
    starts.set(storage.key, at + 8);
    at = end;
  }
  for (const key of rules.storages.keys()) if (!starts.has(key)) fail(`lacks the numbers of storage ${key}`);

  const storages = {
    read: (storage: TorchStorage, from: number, to: number) => file.read(starts.get(storage.key)! + from, starts.get(storage.key)! + to),
  };
  return archiveOf("pytorch-legacy", file, value, storages, limits, fail);
}
