import type { KernelClient } from "../kernel/client";
import type { PictureStore } from "../notebook/pictures";
import type { Picture } from "../nst/picture";
import { outputSize } from "./crop-geometry";
import { type Chosen, fetchKept, fetchSample } from "./picture-sources";
import { SAMPLES } from "./samples";

/** A picture to look for patches in. */
export interface NamedPicture {
  /** file name, or what else it is called */
  name: string;
  picture: Picture;
}

/** So many of the person's own pictures are looked through: each takes as long as a forward pass. */
const MOST_OWN = 20;

/** The whole pictures of the gallery and of the person, decoded once for each size, as long as this object lives. */
export class PatchPictures {
  #decoded = new Map<string, NamedPicture>();

  /**
   * @param size longer side in pixels
   * @param given pictures that are there already; samples and files of the same name are left out
   * @returns those given first; `missing` names what could not be opened
   */
  async gather(lab: KernelClient, kept: PictureStore | null, size: number, given: readonly NamedPicture[], signal: AbortSignal): Promise<{ pictures: NamedPicture[]; missing: string[] }> {
    const own = kept ? await kept.list().catch((): string[] => []) : [];
    const pictures = [...given];
    const missing: string[] = [];
    for (const src of [...own.slice(0, MOST_OWN), ...SAMPLES.map((sample) => sample.src)]) {
      signal.throwIfAborted();
      const key = `${size} ${src}`;
      try {
        const found = this.#decoded.get(key) ?? (await decode(lab, src.startsWith("own:") ? await fetchKept(kept, src, "") : await fetchSample(src), size, signal));
        this.#decoded.set(key, found);
        if (!given.some(({ name }) => name === found.name)) pictures.push(found);
      } catch (error) {
        signal.throwIfAborted();
        missing.push((error as Error).message);
      }
    }
    return { pictures, missing };
  }
}

/** Opens a file in the lab, takes the whole of it at that size, and closes it again. */
async function decode(lab: KernelClient, { file, name }: Chosen, size: number, signal: AbortSignal): Promise<NamedPicture> {
  // without the signal: what the worker has opened must come back to be closed
  const { id, preview, width, height } = await lab.call("picture.open", { file, name });
  preview.close();
  try {
    return { name, picture: await lab.call("picture.crop", { id, crop: { x: 0, y: 0, width, height }, ...outputSize({ width, height }, size, 16) }, { signal }) };
  } finally {
    await lab.call("picture.close", { id });
  }
}
