import type { NumberFormat } from "./archive";

export interface TensorPlace {
  key: string;
  format: NumberFormat;
  shape: readonly number[];
  /** how many */
  bytes: number;
}

/**
 * What stands before the numbers in a safetensors file: eight bytes of header length and the JSON header, filled with spaces
 * so that the numbers begin at a multiple of eight. The tensors' bytes follow in this order, nothing between them.
 * Source: the format's specification (huggingface/safetensors, README "Format").
 */
export function safetensorsHeader(tensors: readonly TensorPlace[], metadata: Readonly<Record<string, string>> = {}): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = tensors.map(({ key, format, shape, bytes }) => [key, { dtype: format, shape, data_offsets: [end, (end += bytes)] }] as const);
  const json = new TextEncoder().encode(JSON.stringify({ ...(Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {}), ...Object.fromEntries(entries) }));
  const header = new Uint8Array(8 + Math.ceil(json.length / 8) * 8).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(header.length - 8), true);
  header.set(json, 8);
  return header;
}
