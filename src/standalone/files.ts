/** Files by absolute address that are not on any server, and a `fetch` that gives them. */
import type { PageFile } from "./page";

export type Files = Record<string, Blob>;

/**
 * Reads the files that a page holds.
 * @param base address that the names are relative to: that of the page
 * @returns the files by absolute address, in the same order
 */
export async function decodeFiles(files: readonly PageFile[], base: string): Promise<Files> {
  const entries = files.map(async ({ name, base64, compressed }): Promise<[string, Blob]> => {
    const type = mediaType(name);
    const blob = new Blob([bytesOf(base64)], { type });
    return [new URL(name, base).href, compressed ? new Blob([await decompress(blob)], { type }) : blob];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** From now on `fetch` in this page or worker gives these files; for all else it is what it was. */
export function serveFiles(files: Files): void {
  const onward = self.fetch.bind(self);
  self.fetch = async (input, init) => {
    const address = new URL(input instanceof Request ? input.url : input, self.document?.baseURI).href.split("#")[0];
    if (!Object.hasOwn(files, address)) return onward(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
    signal?.throwIfAborted();
    return new Response(files[address], { headers: { "Content-Length": String(files[address].size) } });
  };
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

function decompress(blob: Blob): Promise<ArrayBuffer> {
  return new Response(blob.stream().pipeThrough(new DecompressionStream("deflate-raw"))).arrayBuffer();
}

const TYPES: Record<string, string> = {
  js: "text/javascript",
  json: "application/json",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  wasm: "application/wasm",
  // browsers offer text/markdown as a download
  md: "text/plain;charset=utf-8",
  txt: "text/plain;charset=utf-8",
};

function mediaType(name: string): string {
  return TYPES[name.slice(name.lastIndexOf(".") + 1).toLowerCase()] ?? "application/octet-stream";
}
