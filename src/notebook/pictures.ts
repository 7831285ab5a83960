/** Pictures that the person brought along, kept under a name made of their content. */
export interface PictureStore {
  /**
   * Keeps a file; one that is there already is not kept twice.
   * @param name what to call it: a file name
   * @returns what stands for it: "own:" and the SHA-256 of its bytes
   * @throws StorageError if it cannot be kept
   */
  keep(file: Blob, name: string): Promise<string>;
  /**
   * @param src as `keep` returned it
   * @returns null if no such picture is kept here
   * @throws StorageError if it cannot be read
   */
  get(src: string): Promise<KeptPicture | null>;
  /**
   * All that are kept, as `keep` returned them.
   * @throws StorageError if they cannot be read
   */
  list(): Promise<string[]>;
}

export interface KeptPicture {
  file: Blob;
  name: string;
}

/** Does this `src` stand for a picture that the person brought along? */
export function isOwnPicture(src: string): boolean {
  return OWN.test(src);
}

/** All kept pictures that some plain data speaks of, each once. */
export function picturesIn(data: unknown): Set<string> {
  return new Set(JSON.stringify(data)?.match(OWN_ANYWHERE) ?? []);
}

const OWN = /^own:[0-9a-f]{64}$/;
const OWN_ANYWHERE = /own:[0-9a-f]{64}/g;
