/** The page's own files where its code looks for them: behind `fetch`, `<img>`, links, and in its workers. */
import { serveSamples } from "../cells/samples";
import { decodeFiles, serveFiles, type Files } from "./files";
import { WORKER_FILE } from "./names";
import { pageFiles } from "./page";
import type { FilesMessage } from "./worker-files";

/**
 * From now on the page finds its files inside of itself.
 * @returns makes a worker of the kernel, which finds them too
 */
export async function serveFromInside(): Promise<(name: string) => Worker> {
  const files = await decodeFiles(pageFiles(document), document.baseURI);
  serveFiles(files);
  const addresses = new Map<string, string>();
  /** Address of a file for elements, which do not ask through `fetch`; null if it is not here. */
  const blobAddress = (at: string): string | null => {
    if (!addresses.has(at) && Object.hasOwn(files, at)) addresses.set(at, URL.createObjectURL(files[at]));
    return addresses.get(at) ?? null;
  };
  serveSamples((path) => {
    const { href } = new URL(path, document.baseURI);
    return blobAddress(href) ?? href;
  });
  serveLinks(blobAddress);
  const code = blobAddress(WORKER_FILE)!;
  const forWorkers: Files = Object.fromEntries(Object.entries(files).filter(([at]) => at !== WORKER_FILE));
  return (name) => {
    const worker = new Worker(code, { name });
    worker.postMessage({ type: "files", files: forWorkers } satisfies FilesMessage);
    return worker;
  };
}

/** Links to files that come with the workbench, such as the credits of its pictures. */
function serveLinks(blobAddress: (at: string) => string | null): void {
  addEventListener("click", (event) => {
    const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement);
    const held = link?.href ? blobAddress(link.href.split("#")[0]) : null;
    if (!held) return;
    event.preventDefault();
    open(held, "_blank");
  });
}
