/** The weights files under test/fixtures/models, and what the tests ask of them. */
import { fileURLToPath } from "node:url";
import type { FileSource, RawTensor, WeightArchive } from "../../src/models/archive";
import { diskSource } from "../../src/models/disk-source";
import { openArchive } from "../../src/models/open-archive";
import { decodeFloat16 } from "../../src/nst/float16";

export const modelFile = (name: string): FileSource => diskSource(fileURLToPath(new URL(`../fixtures/models/${name}`, import.meta.url)), name);

/** Opens files of the fixtures, hands the archive over, and closes it. */
export async function opened<T>(names: string | readonly string[], use: (archive: WeightArchive) => T | Promise<T>): Promise<T> {
  const archive = await openArchive([names].flat().map(modelFile));
  try {
    return await use(archive);
  } finally {
    archive.close();
  }
}

/** What an archive says instead of opening. */
export async function refusal(files: readonly FileSource[], limits = {}): Promise<string> {
  try {
    (await openArchive(files, limits)).close();
  } catch (error) {
    if ((error as Error).name !== "WeightsError") throw error;
    return (error as Error).message;
  }
  throw new Error(`${files.map(({ name }) => name).join(", ")} was opened`);
}

/** A tensor's numbers, whatever their format. */
export function values({ format, bytes }: RawTensor): number[] {
  const { buffer, byteOffset, length } = bytes;
  switch (format) {
    case "F16": return [...decodeFloat16(new Uint16Array(buffer, byteOffset, length / 2))];
    case "BF16": return [...new Float32Array(Uint32Array.from(new Uint16Array(buffer, byteOffset, length / 2), (bits) => bits << 16).buffer)];
    case "F32": return [...new Float32Array(buffer, byteOffset, length / 4)];
    case "F64": return [...new Float64Array(buffer, byteOffset, length / 8)];
    case "I64": return [...new BigInt64Array(buffer, byteOffset, length / 8)].map(Number);
    default: throw new Error(`no test reads ${format}`);
  }
}

export async function read(archive: WeightArchive, name: string): Promise<number[]> {
  const tensor = archive.tensors.find((one) => one.name === name);
  if (!tensor) throw new Error(`${name} is not among ${archive.tensors.map((one) => one.name).join(", ")}`);
  return values(await tensor.read());
}

/** The numbers that all fixtures hold, by Keras' names: `block1_conv1.kernel` [rows, columns, channels read, filters]. */
export async function truth(): Promise<Map<string, { shape: number[]; values: number[] }>> {
  return opened("truth.safetensors", async ({ tensors }) => new Map(await Promise.all(tensors.map(async (tensor) => [tensor.name, { shape: tensor.shape, values: values(await tensor.read()) }] as const))));
}

/** A safetensors file of zeros, by its header. `length`: what is announced as the header's length. */
export function safetensors(header: unknown, { bytes = 0, length }: { bytes?: number; length?: bigint } = {}): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  return file;
}
