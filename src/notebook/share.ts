import { checkShared, type Shared } from "./share-check";

export type { Shared } from "./share-check";

/** What an address begins with that brings a notebook along. */
const PREFIX = "#share=";
/** of what follows it; counted up when an older reader could not read it */
const VERSION = 1;
/** Bytes of a notebook in a link, at most: a link can unpack to a thousand times its length. */
const LARGEST = 5_000_000;
/** bytes before the packed notebook: the version and a checksum */
const HEAD = 5;

/**
 * A notebook as the end of an address: "#share=…". Nothing is stored anywhere but in the link itself.
 * (Base64url of: a byte with the version, four bytes of checksum, deflated JSON.)
 *
 * @throws Error if the notebook is too large for a link
 */
export async function encodeShared({ name, title, text, params, drafts }: Shared): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify({ name, title, text, params, drafts }));
  if (json.length > LARGEST) throw new Error("This notebook is too large for a link. Save it as a file and send that instead.");
  const packed = await readAll(stream(json).pipeThrough(new CompressionStream("deflate-raw")), Infinity);
  const bytes = new Uint8Array(HEAD + packed.length);
  bytes[0] = VERSION;
  new DataView(bytes.buffer).setUint32(1, checksum(json));
  bytes.set(packed, HEAD);
  return PREFIX + toBase64url(bytes);
}

/**
 * The notebook of a link.
 *
 * @param hash of an address, with its #
 * @returns null if the address brings no notebook along
 * @throws Error if the link is cut off or damaged, or comes from a newer version
 */
export async function decodeShared(hash: string): Promise<Shared | null> {
  if (!hash.startsWith(PREFIX)) return null;
  const bytes = fromBase64url(hash.slice(PREFIX.length));
  if (bytes.length > 0 && bytes[0] > VERSION) throw new Error("This link was made by a newer version of the workbench. Reload the page to get that version, then open the link again.");
  if (bytes.length <= HEAD || bytes[0] === 0) throw damaged();
  const json = await inflate(bytes.subarray(HEAD));
  if (json.length > LARGEST) throw new Error("The notebook in this link is too large to be opened. Ask for the file instead.");
  if (checksum(json) !== new DataView(bytes.buffer).getUint32(1)) throw damaged();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json));
  } catch {
    throw damaged();
  }
  return checkShared(value);
}

function damaged(): Error {
  return new Error("This link is damaged: a part of it is missing or was changed on the way. Copy the whole link again, up to its last letter.");
}

/** Stops soon after the largest size: what is longer is not read to its end. */
async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return await readAll(stream(packed).pipeThrough(new DecompressionStream("deflate-raw")), LARGEST);
  } catch {
    throw damaged();
  }
}

function stream(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

/** All bytes of a stream; a few more than `limit` if there are more. */
async function readAll(source: ReadableStream<Uint8Array>, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = source.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    parts.push(next.value);
    length += next.value.length;
    if (length > limit) {
      reader.cancel().catch(() => {}); // it is given up: how it ends is nobody's concern
      break;
    }
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** 32 bits of FNV-1a: deflate alone would not notice a letter that was changed. */
function checksum(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) throw damaged();
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
