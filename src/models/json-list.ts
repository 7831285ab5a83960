/** JSON from strangers: looked over before it is parsed, because a few bytes of it can become many objects. */
import { WeightsError } from "../nst/safetensors";

export interface JsonLimits {
  /** most brackets inside brackets */
  depth: number;
  /** most values, at all depths together */
  values: number;
  /** true: one name twice in the same object is refused; parsers keep the last and say nothing */
  unique: boolean;
}

const QUOTE = 34, BACKSLASH = 92, COMMA = 44, COLON = 58;
const OPEN = new Set([91, 123]), CLOSE = new Set([93, 125]), SPACE = new Set([9, 10, 13, 32]);

/**
 * @param bytes UTF-8
 * @param file for messages: whose list it is
 * @returns what it says
 * @throws WeightsError when it is no JSON, or breaks the limits
 */
export function parseJsonList(bytes: Uint8Array, file: string, limits: JsonLimits): unknown {
  look(bytes, file, limits);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new WeightsError(`“${file}” is damaged: its list of tensors is not valid JSON. Fetch or export it again.`);
  }
}

/** One pass over the bytes: all that matters of JSON's structure is ASCII. */
function look(bytes: Uint8Array, file: string, limits: JsonLimits): void {
  const names: (Set<string> | null)[] = [];
  let values = 1;
  let text = { from: 0, to: 0 };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const from = at++;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
      text = { from, to: at + 1 };
    } else if (OPEN.has(byte)) {
      if (names.length === limits.depth) throw new WeightsError(`“${file}” is not a weights file: its list has brackets inside brackets more than ${limits.depth} deep.`);
      names.push(byte === 123 && limits.unique ? new Set() : null);
      values++;
    } else if (CLOSE.has(byte)) {
      names.pop();
    } else if (byte === COMMA) {
      if (++values > limits.values) throw new WeightsError(`“${file}” is not a weights file that can be used here: its list has more than ${limits.values.toLocaleString("en")} entries.`);
    } else if (byte === COLON) {
      const known = names.at(-1);
      const name = known && nameOf(bytes.subarray(text.from, text.to));
      if (known?.has(name!)) throw new WeightsError(`“${file}” lists “${name}” twice, so that one of them would be lost. Fetch it again from a place that you trust.`);
      known?.add(name!);
    } else if (byte > 127 || (byte < 32 && !SPACE.has(byte))) {
      throw new WeightsError(`“${file}” is damaged: its list of tensors is not valid JSON. Fetch or export it again.`);
    }
  }
}

function nameOf(quoted: Uint8Array): string {
  const text = new TextDecoder().decode(quoted);
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
