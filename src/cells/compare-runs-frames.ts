/** Decoded pictures of the filmstrips of several runs. */
import type { Frame } from "../runs/kept-run";

/**
 * Decodes pictures of filmstrips when they are asked for, and keeps them until `close`.
 *
 *     const images = new FrameImages(() => this.requestUpdate());
 *     images.of(run.id, frame)          // null at first, then the picture
 */
export class FrameImages {
  private readonly images = new Map<string, ImageBitmap | null>();
  private closed = false;

  /** @param decoded a picture that was asked for is there */
  constructor(private readonly decoded: () => void) {}

  /** The picture; null while it is not there, also if it cannot be read. */
  of(run: string, frame: Frame): ImageBitmap | null {
    const key = `${run} ${frame.step} ${frame.bytes.length}`;
    const image = this.images.get(key);
    if (image !== undefined) return image;
    this.images.set(key, null);
    // a frame that cannot be decoded stays null: the checkpoints tell what it would have
    createImageBitmap(new Blob([frame.bytes as Uint8Array<ArrayBuffer>])).then((image) => {
      if (this.closed) return image.close();
      this.images.set(key, image);
      this.decoded();
    }, () => {});
    return null;
  }

  close(): void {
    this.closed = true;
    for (const image of this.images.values()) image?.close();
    this.images.clear();
  }
}
