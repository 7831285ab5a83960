/** The numbers and texts that stand behind a pickle's opcodes. Each is read only after it is known to be there. */

import type { PickleRules } from "./pickle";

/** Bytes of the largest whole number that is read: file marks have ten, nothing that describes a tensor has more than eight. */
const LONGEST_NUMBER = 32;
/** characters of a line, which names a module or a function */
const LONGEST_LINE = 1000;
const LATIN = new TextDecoder("latin1");

export class PickleReader {
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

  constructor(
    private readonly source: Uint8Array,
    public at: number,
    private readonly rules: Pick<PickleRules, "fail" | "cutOff">,
  ) {
    this.view = new DataView(source.buffer, source.byteOffset, source.byteLength);
  }

  byte(): number {
    return this.view.getUint8(this.pass(1));
  }

  uint16(): number {
    return this.view.getUint16(this.pass(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.pass(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.pass(4), true);
  }

  /** A length; what is too large for a file is refused by who reads that many bytes. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.pass(8), true));
  }

  float64(): number {
    return this.view.getFloat64(this.pass(8), false);
  }

  /** A whole number of `length` bytes in two's complement, little-endian: a bigint where a number would not be exact. */
  long(length: number): number | bigint {
    if (length > LONGEST_NUMBER) this.rules.fail(`holds a whole number of ${length} bytes, which nothing in a list of tensors needs`);
    let value = 0n;
    const from = this.pass(length);
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.source[from + i]);
    return narrow(BigInt.asIntN(8 * length, value));
  }

  /** @returns bytes of their own */
  bytes(length: number): Uint8Array {
    const from = this.pass(length);
    return this.source.slice(from, from + length);
  }

  text(length: number): string {
    const from = this.pass(length);
    try {
      return this.utf8.decode(this.source.subarray(from, from + length));
    } catch {
      return this.rules.fail("is damaged: a text in its pickle is not UTF-8");
    }
  }

  /** What Python 2 wrote for texts: bytes, which in names are ASCII. */
  latin(length: number): string {
    const from = this.pass(length);
    return LATIN.decode(this.source.subarray(from, from + length));
  }

  /** Up to the end of the line, which is not part of it. */
  line(): string {
    const end = this.source.indexOf(10, this.at);
    if (end < 0) return this.rules.cutOff();
    if (end - this.at > LONGEST_LINE) return this.rules.fail(`holds a name of ${end - this.at} characters`);
    const text = this.text(end - this.at);
    this.pass(1);
    return text;
  }

  private pass(count: number): number {
    const from = this.at;
    if (!(count <= this.source.length - from)) this.rules.cutOff();
    this.at += count;
    return from;
  }
}

function narrow(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
