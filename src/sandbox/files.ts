/** Files that the page hands into the worker, which has no network. */
import type { FromKernel, ToKernel } from "./protocol";

type File = Blob | ArrayBuffer;

export class Files {
  private readonly asked = new Map<number, { resolve(file: File): void; reject(error: Error): void }>();
  private last = 0;

  constructor(private readonly post: (message: FromKernel) => void) {}

  /** @throws Error in the page's words when there is no such file */
  get(path: string): Promise<File> {
    return new Promise((resolve, reject) => {
      const request = ++this.last;
      this.asked.set(request, { resolve, reject });
      this.post({ type: "file", request, path });
    });
  }

  answer(message: Extract<ToKernel, { type: "file" | "no-file" }>): void {
    const asked = this.asked.get(message.request);
    this.asked.delete(message.request);
    if (message.type === "file") asked?.resolve(message.file);
    else asked?.reject(new Error(message.message));
  }
}
