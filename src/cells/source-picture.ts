import type { CropRect, OpenPicture } from "../kernel/protocol";
import { isOwnPicture, type PictureStore } from "../notebook/pictures";
import type { Picture } from "../nst/picture";
import type { Kernels } from "./context";
import type { Size } from "./crop-geometry";
import { fetchKept, fetchSample, type Chosen } from "./picture-sources";

/** A picture that the lab worker keeps open; its file stays here, because a worker can be restarted. */
export interface Source extends Chosen {
  /** file name if it is a sample, "own:…" if it is the person's own and kept, else "" */
  src: string;
  opened: OpenPicture;
  kernels: Kernels;
}

/** What an image cell tells and asks its source picture. */
export interface SourceHost {
  kernels(): Kernels | null;
  /** where the person's own pictures are kept; null: nowhere */
  pictures(): PictureStore | null;
  /** a source was opened; `chosen`: by the person, just now; `replaced`: there was another one before */
  opened(source: Source, how: { chosen: boolean; replaced: boolean }): void;
  /** something that is shown has changed */
  changed(): void;
}

/**
 * The one source picture of an image cell. A choice replaces it only once it has been opened, and only if no later choice
 * has been made: a bad file leaves the former picture where it is. What a worker has opened is always closed again.
 */
export class SourcePicture {
  source: Source | null = null;
  /** name of what is being opened */
  opening: string | null = null;
  /** why the last choice could not be used, or will not be there after a reload */
  problem = "";

  /** counts choices: only the last one may become the source */
  #choice = 0;
  /** done when the last choice is the source, or has failed */
  #taken: Promise<void> | null = null;
  /** the `src` that was opened last, or that the source has got since */
  #src = "";
  /** the last source's file: an element that is put back into the page opens it again */
  #file: (Chosen & { src: string }) | null = null;

  constructor(private readonly host: SourceHost) {}

  /**
   * Opens `src`, if nothing has been opened yet or it is another one than before. What was open before `release` needs not be
   * fetched again.
   * @param name what a picture of the person's own was called
   */
  begin(src: string, name: string): void {
    if (this.#taken && (src === "" || src === this.#src)) return;
    this.#src = src;
    const file = this.#file;
    if (file && file.src === src) this.#taken = this.#take(file.name, async () => file, src, false);
    else if (isOwnPicture(src)) this.#taken = this.#take(name || "your picture", () => fetchKept(this.host.pictures(), src, name), src, false);
    else this.#taken = src ? this.#take(src, () => fetchSample(src), src, false) : Promise.resolve();
  }

  chooseSample(src: string): void {
    this.#taken = this.#take(src, () => fetchSample(src), src, true);
  }

  chooseFile(file: Chosen): void {
    this.#taken = this.#take(file.name, async () => file, "", true);
  }

  /** Says why something could not be used; the source stays. */
  complain(problem: string): void {
    this.problem = problem;
    this.host.changed();
  }

  /** The source; if there is none yet, when what is being opened is open. @throws Error if there is none */
  async current(): Promise<Source> {
    while (!this.source) {
      const taken = this.#taken;
      await taken;
      if (taken === this.#taken) break;
    }
    if (!this.source) throw new Error(this.problem || "No picture is chosen. Pick a sample, drop a file on this cell, paste one, or take a photograph.");
    return this.source;
  }

  /** Cuts `crop` out of a source and resizes it. */
  async cut(source: Source, crop: CropRect, { width, height }: Size, signal: AbortSignal): Promise<Picture> {
    const { lab } = source.kernels;
    try {
      return await lab.call("picture.crop", { id: source.opened.id, crop, width, height }, { signal });
    } catch (error) {
      if ((error as Error).name !== "PictureClosedError") throw error;
      // the worker was restarted and has forgotten it
      const { id, preview } = await lab.call("picture.open", { file: source.file, name: source.name });
      preview.close();
      source.opened.id = id;
      return lab.call("picture.crop", { id, crop, width, height }, { signal });
    }
  }

  /** Closes the source; `begin` opens it again. */
  release(): void {
    this.#choice++;
    this.#taken = null;
    this.opening = null;
    this.#replace(null);
  }

  /** Without an abort signal, because whatever the worker has opened must come back here to be closed. */
  async #take(title: string, get: () => Promise<Chosen>, src: string, chosen: boolean): Promise<void> {
    const kernels = this.host.kernels();
    if (!kernels) return;
    const choice = ++this.#choice;
    this.opening = title;
    this.host.changed();
    try {
      const { file, name } = await get();
      const opened = await kernels.lab.call("picture.open", { file, name });
      const kept = choice === this.#choice && chosen && src === "" ? await this.#keep(file, name) : { src, problem: "" };
      if (choice !== this.#choice) return close(kernels, opened);
      const replaced = this.source !== null;
      this.problem = kept.problem;
      const source = { file, name, src: kept.src, opened, kernels };
      this.#src = kept.src;
      this.#replace(source);
      this.host.opened(source, { chosen, replaced });
    } catch (error) {
      if (choice === this.#choice) this.problem = (error as Error).message;
    } finally {
      if (choice === this.#choice) {
        this.opening = null;
        this.host.changed();
      }
    }
  }

  /** A picture that cannot be kept is used all the same; the message says that it will be gone. */
  async #keep(file: Blob, name: string): Promise<{ src: string; problem: string }> {
    const pictures = this.host.pictures();
    if (!pictures) return { src: "", problem: "" };
    try {
      return { src: await pictures.keep(file, name), problem: "" };
    } catch (error) {
      return { src: "", problem: (error as Error).message };
    }
  }

  #replace(source: Source | null): void {
    if (this.source) close(this.source.kernels, this.source.opened);
    this.source = source;
    if (source) this.#file = source;
  }
}

function close(kernels: Kernels, { id, preview }: OpenPicture): void {
  preview.close();
  kernels.lab.call("picture.close", { id }).catch(() => {
    // the worker is gone, and the picture with it
  });
}
