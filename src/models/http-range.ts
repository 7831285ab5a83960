import { WeightsError } from "../nst/safetensors";

/** The connection broke, or the server is busy: the same may work in a moment. */
export class PassingError extends WeightsError {
  override name = "PassingError";
}

/** What the first answer said of a file; later answers have to say the same. */
export interface RemoteFile {
  /** bytes of the whole file; null where the server does not let pages see it */
  size: number | null;
  etag: string | null;
}

export interface RangeAnswer {
  file: RemoteFile;
  /** exactly the bytes that were asked for, as they come; throws PassingError when it ends early */
  body: AsyncGenerator<Uint8Array>;
}

export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

/** Without a byte for so long, a connection counts as broken. */
export const SILENCE_MS = 30_000;

/**
 * Asks for a part of a file, by a plain GET with nothing but `Range: bytes=a-b`: with any other header, or another method, a
 * browser would ask the server for permission first (OPTIONS), which file hosts that lead on to another address refuse.
 * Every answer is checked before its body is read.
 * @param from first byte
 * @param to byte behind the last
 * @param wanted what the first answer said; null: this is the first
 * @throws PassingError when trying again may help; WeightsError when it will not
 */
export async function fetchRange(url: string, from: number, to: number, wanted: RemoteFile | null, fetcher: Fetch = fetch, silence = SILENCE_MS): Promise<RangeAnswer> {
  const { host } = new URL(url);
  const giveUp = new AbortController();
  const quiet = new Silence(silence, () => giveUp.abort());
  const done = () => {
    quiet.end();
    giveUp.abort();
  };
  try {
    const response = await fetcher(url, { headers: { Range: `bytes=${from}-${to - 1}` }, signal: giveUp.signal, credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" }).catch((error: unknown) => {
      throw new PassingError(quiet.over ? `${host} does not answer.` : `${host} cannot be reached: there is no connection, or something on the way blocks it.`, { cause: error });
    });
    if (response.status !== 206) throw refusal(response, host, to - from);
    const announced = response.headers.get("content-length");
    const said = sizeIn(response.headers.get("content-range"), from, to, host);
    // a file that ends before what was asked for
    const size = said ?? (announced !== null && Number(announced) < to - from ? from + Number(announced) : null);
    const file = { size, etag: response.headers.get("etag") };
    sameFile(file, wanted, host);
    const length = Math.min(to, size ?? to) - from;
    if (announced !== null && Number(announced) !== length) throw new WeightsError(`${host} offers ${bytes(Number(announced))} where ${bytes(length)} were asked for. Nothing of it was used.`);
    return { file, body: exactly(response.body!.getReader(), length, host, quiet, done) };
  } catch (error) {
    done();
    throw error;
  }
}

async function* exactly(reader: ReadableStreamDefaultReader<Uint8Array>, length: number, host: string, quiet: Silence, done: () => void): AsyncGenerator<Uint8Array> {
  let got = 0;
  try {
    while (got < length) {
      quiet.heard();
      const { value, done: ended } = await reader.read().catch((error: unknown) => {
        throw new PassingError(quiet.over ? `${host} sends nothing any more.` : `The connection to ${host} broke.`, { cause: error });
      });
      // nobody listens while this is being written
      quiet.end();
      if (ended) throw new PassingError(`The connection to ${host} ended early.`);
      got += value.length;
      if (got > length) throw new WeightsError(`${host} sends more than was asked for. It is not the file that was expected.`);
      yield value;
    }
  } finally {
    done();
  }
}

/** @returns the file's length; null where it is not said, or pages may not see it */
function sizeIn(header: string | null, from: number, to: number, host: string): number | null {
  if (header === null) return null;
  const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header.trim()) ?? [];
  const size = total === undefined || total === "*" ? null : Number(total);
  // a file may end before what was asked for
  const end = size === null ? to : Math.min(to, size);
  if (first === undefined || Number(first) !== from || Number(last) !== end - 1) throw new WeightsError(`${host} answers with another part of the file (“${header}”) than bytes ${from} to ${to - 1}, which were asked for. Nothing of it was used.`);
  return size;
}

function sameFile(file: RemoteFile, wanted: RemoteFile | null, host: string): void {
  const otherSize = wanted?.size != null && file.size !== null && wanted.size !== file.size;
  const otherTag = wanted?.etag != null && file.etag !== null && wanted.etag !== file.etag;
  if (!otherSize && !otherTag) return;
  const how = otherSize ? `${bytes(file.size!)} instead of ${bytes(wanted.size!)}` : "another version mark (ETag)";
  throw new WeightsError(`The file at ${host} is not the one that this download began with: it has ${how}. Parts of two files must not be mixed; cancel, and get it anew.`);
}

/** There is no such file there. */
export class GoneError extends WeightsError {
  override name = "GoneError";
}

/** Its body is never read. */
function refusal(response: Response, host: string, length: number): WeightsError {
  void response.body?.cancel().catch(() => {});
  const { status } = response;
  if (status === 200) return new WeightsError(`${host} answers with the whole file where ${bytes(length)} of it were asked for. It knows no parts of files, so nothing was read.`);
  if (status === 429 || status === 408 || status >= 500) return new PassingError(status === 429 ? `${host} has had too many requests for the moment (429).` : `${host} has a problem of its own (${status}).`);
  if (status === 404 || status === 410) return new GoneError(`The file is not at ${host} any more (${status}).`);
  if (status === 401 || status === 403) return new WeightsError(`${host} does not hand out the file (${status}): it may ask for an account, or something on the way blocks it.`);
  return new WeightsError(`${host} refuses the request (${status}).`);
}

const bytes = (n: number): string => `${n.toLocaleString("en")} bytes`;

/** Calls when nothing was heard for a while. */
class Silence {
  over = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ms: number,
    private readonly call: () => void,
  ) {
    this.heard();
  }

  heard(): void {
    this.end();
    this.#timer = setTimeout(() => {
      this.over = true;
      this.call();
    }, this.ms);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
