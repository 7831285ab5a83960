import type { RunEntry } from "../runs/kept-run";

/** Addresses of thumbnails for as long as they are on the screen: an address keeps its picture in memory until it is given back. */
export class RunThumbnails {
  private made = new Map<string, { bytes: Uint8Array; address: string }>();

  /** The address of each thumbnail that there is, by id; all others are given back. */
  show(entries: readonly RunEntry[]): ReadonlyMap<string, string> {
    const shown = new Map<string, { bytes: Uint8Array; address: string }>();
    for (const { id, thumbnail } of entries) {
      if (!thumbnail || shown.has(id)) continue;
      const before = this.made.get(id);
      const same = before?.bytes === thumbnail;
      shown.set(id, same ? before : { bytes: thumbnail, address: URL.createObjectURL(new Blob([thumbnail.slice()])) });
    }
    for (const [id, { address }] of this.made) if (shown.get(id)?.address !== address) URL.revokeObjectURL(address);
    this.made = shown;
    return new Map([...shown].map(([id, { address }]) => [id, address]));
  }

  /** Gives back all. */
  clear(): void {
    this.show([]);
  }
}
