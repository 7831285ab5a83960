/** In a worker: takes the page's files before the kernel's own messages begin. */
import { serveFiles, type Files } from "./files";

/** The first message to a worker of a page that is one file. */
export interface FilesMessage {
  type: "files";
  files: Files;
}

self.addEventListener("message", (event: MessageEvent<FilesMessage>) => {
  serveFiles(event.data.files);
  event.stopImmediatePropagation();
}, { once: true });
