/** Safetensors: eight bytes of header length, a JSON header, the tensors' bytes. */
import { WeightsError } from "../nst/safetensors";
import { checkTensorCount, checkTensorSize, countNumbers, shapeText, someNames } from "./announced";
import { BYTES_PER_NUMBER, type ArchiveTensor, type FileSource, type NumberFormat, type WeightArchive } from "./archive";
import { parseJsonList } from "./json-list";
import type { Limits } from "./limits";

/** The specification's names that are not ours: single bits are stored as bytes. */
const FORMATS: Readonly<Record<string, NumberFormat>> = { ...Object.fromEntries(Object.keys(BYTES_PER_NUMBER).map((format) => [format, format as NumberFormat])), BOOL: "U8" };

/**
 * Opens a safetensors file by its header alone; of a 500 MB file some kilobytes are read.
 * Source: the format's specification (huggingface/safetensors, README "Format"): the header begins with “{”, names are
 * unique, the tensors fill the rest of the file without gaps or overlaps.
 * @throws WeightsError when the header is too long, contradicts itself, or the file's length
 */
export async function openSafetensors(file: FileSource, limits: Limits): Promise<WeightArchive> {
  const fail = (what: string): never => {
    throw new WeightsError(`“${file.name}” ${what}. Fetch or export it again.`);
  };
  if (file.size < 10) fail(`holds ${file.size} bytes, too few for a safetensors file`);
  const length = (await file.read(0, 8)).reduceRight((sum, byte) => sum * 256 + byte, 0);
  if (length > limits.listBytes) fail(`announces a list of tensors of ${length.toLocaleString("en")} bytes; up to ${limits.listBytes.toLocaleString("en")} are read`);
  const start = 8 + length;
  if (start > file.size) fail(`is cut off: its list of tensors should take ${length.toLocaleString("en")} bytes, the file has ${file.size.toLocaleString("en")}`);

  const header = parseJsonList(await file.read(8, start), file.name, { depth: 4, values: 12 * limits.tensors, unique: true });
  if (typeof header !== "object" || header === null || Array.isArray(header)) throw new WeightsError(`“${file.name}” is not a safetensors file: its header is not a list of tensors.`);
  const { __metadata__: said, ...entries } = header as Record<string, { dtype?: unknown; shape?: unknown; data_offsets?: unknown } | null>;
  const names = Object.keys(entries);
  checkTensorCount(file.name, names.length, limits);
  if (names.length === 0) fail("holds no tensor");

  const placed = names.map((name) => {
    const { dtype, shape, data_offsets: offsets } = entries[name] ?? {};
    const format = typeof dtype === "string" && Object.hasOwn(FORMATS, dtype) ? FORMATS[dtype] : undefined;
    if (!format) throw new WeightsError(`“${file.name}” stores “${name}” as ${String(dtype)}; known are ${Object.keys(FORMATS).join(", ")}. Save it with 32 or 16 bits a number.`);
    const bytes = countNumbers(file.name, name, shape) * BYTES_PER_NUMBER[format];
    if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0)) fail(`gives “${name}” no place`);
    const [from, to] = offsets as [number, number];
    if (to - from !== bytes) fail(`gives “${name}” of ${shapeText(shape as number[])} ${(to - from).toLocaleString("en")} bytes instead of ${bytes.toLocaleString("en")}`);
    return { name, format, shape: shape as number[], from, to };
  });

  const order = [...placed].sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const [i, { name, from, to }] of order.entries()) {
    if (from < end) fail(`puts “${name}” where “${order[i - 1].name}” lies`);
    if (from > end) fail(`has a gap of ${(from - end).toLocaleString("en")} bytes before “${name}”, which the format does not allow`);
    end = to;
  }
  if (start + end > file.size) {
    const cut = order.filter(({ to }) => start + to > file.size).map(({ name }) => name);
    fail(`is cut off: it has ${file.size.toLocaleString("en")} bytes of ${(start + end).toLocaleString("en")}, ${someNames(cut)} ${cut.length === 1 ? "is" : "are"} incomplete`);
  }
  if (start + end < file.size) fail(`has ${(file.size - start - end).toLocaleString("en")} bytes more than its list of tensors accounts for`);

  return {
    format: "safetensors",
    name: file.name,
    size: file.size,
    metadata: texts(said),
    tensors: placed.map(({ name, format, shape, from, to }): ArchiveTensor => ({
      name,
      format,
      shape,
      place: [start + from, start + to],
      async read() {
        checkTensorSize(file.name, { name, format, shape }, limits);
        return { format, shape, bytes: await file.read(start + from, start + to) };
      },
    })),
    close() {},
  };
}

/** `__metadata__` holds texts by the specification; what is no text is left out. */
function texts(said: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(typeof said === "object" && said !== null ? said : {}).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
