/**
 * What PyTorch's pickles may name, and what it stands for here: storages (numbers without a shape, kept outside the
 * pickle) and tensors (a way to walk through a storage). Source: torch/_utils.py and torch/serialization.py of PyTorch.
 */
import { shapeText } from "./announced";
import type { NumberFormat } from "./archive";
import { PythonName, type PickleDict, type PickleRules, type PickleValue } from "./pickle";

/** Numbers in a row. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly format: NumberFormat,
    /** how many numbers it holds */
    readonly length: number,
  ) {}
}

/** A tensor: element [i, j, …] is number `offset` + i·strides[0] + j·strides[1] + … of the storage. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}

const STORAGES: Readonly<Record<string, NumberFormat>> = {
  HalfStorage: "F16", BFloat16Storage: "BF16", FloatStorage: "F32", DoubleStorage: "F64", CharStorage: "I8", ByteStorage: "U8", BoolStorage: "U8",
  ShortStorage: "I16", IntStorage: "I32", LongStorage: "I64",
};
const DTYPES = new Set(["float16", "half", "bfloat16", "float32", "float", "float64", "double", "int8", "uint8", "bool", "int16", "int32", "int64"]);
/** torch.nn has no tensor of more */
const MOST_DIMENSIONS = 16;

export type Refusals = Pick<PickleRules, "fail" | "cutOff" | "refuse">;

/** The rules for the pickles of one file, and the storages that they have named so far. */
export function torchRules(refusals: Refusals): PickleRules & { storages: ReadonlyMap<string, TorchStorage> } {
  const { fail, refuse } = refusals;
  const names = allowed(fail);
  /** lengths as first announced: two descriptions of one storage must agree */
  const storages = new Map<string, TorchStorage>();
  return {
    ...refusals,
    storages,
    global: (module, name) => names.get(`${module} ${name}`) ?? null,
    persistent(id) {
      if (!Array.isArray(id)) return fail("is damaged: it names a storage by what is no list");
      // the legacy format keeps the source text of a model's classes beside it
      if (id[0] === "module") return refuse(id[1] instanceof PythonName ? id[1].name : "module");
      const [kind, type, key, , length, part] = id;
      const format = type instanceof PythonName ? STORAGES[type.name.slice(type.name.lastIndexOf(".") + 1)] : undefined;
      if (kind !== "storage" || !format || typeof key !== "string" || !isCount(length)) return fail("is damaged: it describes a storage without a kind, a key or a length");
      const known = storages.get(key);
      if (known && (known.format !== format || known.length !== length)) return fail(`contradicts itself: it describes storage ${key} as ${known.length} numbers of ${known.format} and as ${length} of ${format}`);
      const storage = known ?? new TorchStorage(key, format, length);
      storages.set(key, storage);
      return part === null || part === undefined ? storage : partOf(storage, part, fail);
    },
  };
}

/** A part of a storage, which PyTorch wrote until 0.3: (key, offset, length). Its tensors count from where it begins. */
function partOf(storage: TorchStorage, part: PickleValue, fail: PickleRules["fail"]): TorchTensor {
  const [, offset, length] = Array.isArray(part) ? part : [];
  if (!isCount(offset) || !isCount(length) || offset + length > storage.length) return fail(`is damaged: it describes a part of storage ${storage.key} that does not lie in it`);
  return new TorchTensor(storage, offset, [length], [1]);
}

function allowed(fail: PickleRules["fail"]): Map<string, PythonName> {
  const names = new Map<string, PythonName>();
  const allow = (module: string, name: string, call?: (args: PickleValue[]) => PickleValue) => names.set(`${module} ${name}`, new PythonName(`${module}.${name}`, call));
  const tensor = ([storage, offset, shape, strides]: PickleValue[]): TorchTensor => makeTensor(storage, offset, shape, strides, fail);
  const dataOf = ([data]: PickleValue[]): PickleValue => data ?? null;

  allow("collections", "OrderedDict", ([pairs]) => dictionaryOf(pairs, fail));
  allow("torch", "Size", ([sizes]) => sizes ?? []);
  allow("torch", "device", () => null);
  allow("torch._utils", "_rebuild_tensor", tensor);
  allow("torch._utils", "_rebuild_tensor_v2", tensor);
  allow("torch._utils", "_rebuild_parameter", dataOf);
  allow("torch._utils", "_rebuild_parameter_with_state", dataOf);
  for (const name of DTYPES) allow("torch", name);
  // tensors of a graphics card name their storages so in old files
  for (const name of Object.keys(STORAGES)) for (const module of ["torch", "torch.cuda"]) allow(module, name);
  return names;
}

function makeTensor(source: PickleValue, offset: PickleValue, shape: PickleValue, strides: PickleValue, fail: PickleRules["fail"]): TorchTensor {
  const whole = source instanceof TorchStorage ? new TorchTensor(source, 0, [source.length], [1]) : source instanceof TorchTensor ? source : fail("is damaged: it describes a tensor without a storage");
  if (!isCount(offset) || !isCounts(shape) || !isCounts(strides) || shape.length !== strides.length) return fail("is damaged: it describes a tensor without a shape, or with strides that do not fit it");
  if (shape.length > MOST_DIMENSIONS) fail(`describes a tensor of ${shape.length} dimensions`);
  const what = `a tensor of ${shapeText(shape)}`;
  const count = shape.reduce((product, size) => product * size, 1);
  const room = whole.shape[0];
  if (count > room) fail(`contradicts itself: it describes ${what}, whose storage holds ${room} numbers`);
  const last = offset + shape.reduce((sum, size, i) => sum + (size - 1) * strides[i], 0);
  if (count > 0 && !(last < room)) fail(`contradicts itself: it describes ${what} that reaches up to number ${last} of a storage of ${room}`);
  return new TorchTensor(whole.storage, whole.offset + offset, [...shape], [...strides]);
}

function dictionaryOf(pairs: PickleValue | undefined, fail: PickleRules["fail"]): PickleDict {
  const map: PickleDict = new Map();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    if (!Array.isArray(pair) || pair.length !== 2) return fail("is damaged: a dictionary of its pickle is made of what are no pairs");
    map.set(pair[0], pair[1]);
  }
  return map;
}

const isCount = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= 0;
const isCounts = (x: unknown): x is number[] => Array.isArray(x) && x.every(isCount);
