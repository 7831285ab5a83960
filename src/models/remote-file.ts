import { WeightsError } from "../nst/safetensors";
import type { FileSource } from "./archive";
import type { FileJournal } from "./file-journal";
import { fetchRange, GoneError, PassingError, type Fetch, type RemoteFile } from "./http-range";
import type { Place } from "./network-disk";

/** Enough for the lists of most files: they come with the first request. */
const FIRST_BYTES = 2 ** 16;

/** A connection that breaks is tried again after these pauses (ms), then somebody has to say so. Anything that arrives begins them anew. */
export const PAUSES: readonly number[] = [500, 1000, 2000, 4000, 8000, 15_000];

export interface RemoteOptions {
  fetcher?: Fetch;
  pauses?: readonly number[];
  /** ms without a byte after which a connection counts as broken; without it SILENCE_MS */
  silence?: number;
  /** hears why nothing arrives, and "" when something does again */
  waiting?(why: string): void;
}

/** It was tried often enough: what has arrived stays, and it can go on. */
export class BrokenOffError extends WeightsError {
  override name = "BrokenOffError";
}

/** A file that is fetched in parts. What has been fetched of it before is read from its journal. */
export class RemoteSource implements FileSource {
  journal: FileJournal | null = null;

  private constructor(
    readonly url: string,
    readonly name: string,
    readonly size: number,
    /** what every answer has to say */
    readonly file: RemoteFile & { size: number },
    private readonly first: Uint8Array,
    private readonly options: RemoteOptions,
  ) {}

  /** Opens a file of which there are several addresses, at the first where it is. @throws as `open`, of the last address */
  static async openFirst([url, ...others]: readonly [string, ...string[]], known: RemoteFile | null, options: RemoteOptions = {}): Promise<RemoteSource> {
    try {
      return await RemoteSource.open(url, known, options);
    } catch (error) {
      const [next, ...rest] = others;
      if (!(error instanceof GoneError) || next === undefined) throw error;
      return RemoteSource.openFirst([next, ...rest], known, options);
    }
  }

  /**
   * Asks for the file's beginning.
   * @param known what was said of it when its download began; null if this is the beginning
   * @throws BrokenOffError when it cannot be reached for a while; WeightsError when it cannot be had, or is another file now
   */
  static async open(url: string, known: RemoteFile | null, options: RemoteOptions = {}): Promise<RemoteSource> {
    const name = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? url);
    let file: RemoteFile | null = null;
    const first = await persistently(options, async () => {
      const answer = await fetchRange(url, 0, FIRST_BYTES, known, options.fetcher, options.silence);
      file = answer.file;
      return together(answer.body);
    });
    const { etag, size } = file!;
    const whole = size ?? known?.size ?? sizeOfSafetensors(first, name);
    return new RemoteSource(url, name, whole, { etag, size: whole }, first, options);
  }

  async read(from: number, to: number): Promise<Uint8Array> {
    if (to <= this.first.length) return this.first.slice(from, to);
    for (;;) {
      const here = (await this.journal?.read({ from, to })) ?? null;
      if (here instanceof Uint8Array) return here;
      if (here === null) return persistently(this.options, async () => together((await this.#ask({ from, to })).body));
      // this piece is damaged, the others are not
      await this.fetch([here], () => {});
    }
  }

  /**
   * Brings pieces into the journal; neighbours come with one request, that goes on with the next piece when it breaks.
   * @param pieces in order; none is there yet
   * @param arrived hears of bytes, also of such as are lost again with a broken connection (negative)
   */
  async fetch(pieces: readonly Place[], arrived: (bytes: number) => void): Promise<void> {
    for (let i = 0; i < pieces.length; ) {
      let end = i + 1;
      while (end < pieces.length && pieces[end].from === pieces[end - 1].to) end++;
      let loose = 0;
      await persistently(this.options, async (progress) => {
        arrived(-loose);
        loose = 0;
        let piece = new Uint8Array(pieces[i].to - pieces[i].from);
        const { body } = await this.#ask({ from: pieces[i].from, to: pieces[end - 1].to });
        for await (const chunk of body) {
          for (let at = 0; at < chunk.length; ) {
            const part = chunk.subarray(at, at + piece.length - loose);
            piece.set(part, loose);
            at += part.length;
            loose += part.length;
            arrived(part.length);
            if (loose < piece.length) continue;
            await this.journal!.put(pieces[i], piece);
            progress();
            loose = 0;
            const next = ++i < end ? pieces[i].to - pieces[i].from : 0;
            if (next !== piece.length) piece = new Uint8Array(next);
          }
        }
      });
    }
  }

  #ask({ from, to }: Place) {
    return fetchRange(this.url, from, to, this.file, this.options.fetcher, this.options.silence);
  }
}

async function together(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Does some work again and again while it fails for reasons that pass. @param work calls `progress` when it has got on */
async function persistently<T>({ pauses = PAUSES, waiting }: RemoteOptions, work: (progress: () => void) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work(() => {
        if (tries > 0) waiting?.("");
        tries = 0;
      });
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (tries >= pauses.length) throw new BrokenOffError(`${error.message} It was tried ${tries + 1} times. What has arrived stays: go on when the connection is back.`, { cause: error });
      waiting?.(`${error.message} Trying again in ${Math.max(1, Math.round(pauses[tries] / 1000))} s.`);
      await new Promise((resolve) => setTimeout(resolve, pauses[tries]));
    }
  }
}

/** Where a server does not let pages see how long its file is: the list of tensors says where the last one ends. */
function sizeOfSafetensors(first: Uint8Array, name: string): number {
  try {
    const length = Number(new DataView(first.buffer, first.byteOffset).getBigUint64(0, true));
    const list = JSON.parse(new TextDecoder().decode(first.subarray(8, 8 + length))) as Record<string, { data_offsets?: [number, number] }>;
    const size = 8 + length + Math.max(...Object.values(list).map(({ data_offsets }) => data_offsets?.[1] ?? 0));
    if (Number.isSafeInteger(size)) return size;
  } catch {
    // said below
  }
  throw new WeightsError(`The server does not say how long “${name}” is, and the file's list of tensors does not either.`);
}
