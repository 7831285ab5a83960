import type { Database } from "../notebook/database";
import { sha256 } from "../notebook/sha256";
import { keyOf, partsOf, PIECE_BYTES, placeOf, type FilePiece, type Place } from "./network-disk";

/** Places closer than this are fetched as one: a request takes longer than so many bytes. */
const NEAR = 4096;

/** Places in order, those that touch or nearly so as one. */
export function spansOf(places: readonly Place[]): Place[] {
  const spans: Place[] = [];
  for (const { from, to } of [...places].sort((a, b) => a.from - b.from)) {
    const last = spans.at(-1);
    if (last && from - last.to <= NEAR) last.to = Math.max(last.to, to);
    else spans.push({ from, to });
  }
  return spans;
}

/** A span in parts that are written as one; it begins and ends where the span does. */
export function piecesOf({ from, to }: Place): Place[] {
  const pieces: Place[] = [];
  for (let at = from; at < to; at += PIECE_BYTES) pieces.push({ from: at, to: Math.min(to, at + PIECE_BYTES) });
  return pieces;
}

export const overlap = (one: Place, other: Place): boolean => one.from < other.to && other.from < one.to;

type Writing = <T>(work: () => Promise<T>) => Promise<T>;

/** What has arrived of a file: pieces in the database, each with its SHA-256. A page may end at any moment; whole pieces stay. */
export class FileJournal {
  readonly #here: Map<number, Place>;

  private constructor(
    private readonly database: Database,
    private readonly folder: string,
    private readonly writing: Writing,
    places: readonly Place[],
  ) {
    this.#here = new Map(places.map((place) => [place.from, place]));
  }

  /** @param writing runs a write; what goes wrong is told in words of the store */
  static async open(database: Database, folder: string, writing: Writing): Promise<FileJournal> {
    return new FileJournal(database, folder, writing, (await database.keys(partsOf.file(folder))).map(placeOf));
  }

  has({ from, to }: Place): boolean {
    return this.#here.get(from)?.to === to;
  }

  async put(place: Place, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const piece: FilePiece = { bytes, sha256: await sha256(bytes) };
    await this.writing(() => this.database.put(this.#key(place), piece));
    this.#here.set(place.from, place);
  }

  /** Deletes those pieces for which `gone` is true. */
  async drop(gone: (piece: Place) => boolean): Promise<void> {
    const places = [...this.#here.values()].filter(gone);
    if (places.length === 0) return;
    await this.database.write(places.map((place) => [this.#key(place), undefined] as const));
    for (const { from } of places) this.#here.delete(from);
  }

  /**
   * Bytes that have arrived, put together from their pieces.
   * @returns the bytes, or the piece that is missing or not what it was; such a one is forgotten
   */
  async read(wanted: Place): Promise<Uint8Array<ArrayBuffer> | Place | null> {
    const bytes = new Uint8Array(wanted.to - wanted.from);
    let got = 0;
    for (const place of this.#here.values()) {
      if (!overlap(place, wanted)) continue;
      const piece = (await this.database.get(this.#key(place))) as FilePiece | undefined;
      if (piece?.bytes.length !== place.to - place.from || (await sha256(piece.bytes)) !== piece.sha256) {
        await this.drop((one) => one.from === place.from);
        return place;
      }
      const from = Math.max(place.from, wanted.from);
      const to = Math.min(place.to, wanted.to);
      bytes.set(piece.bytes.subarray(from - place.from, to - place.from), from - wanted.from);
      got += to - from;
    }
    return got === bytes.length ? bytes : null;
  }

  #key({ from, to }: Place): string {
    return keyOf.file(this.folder, from, to);
  }
}
