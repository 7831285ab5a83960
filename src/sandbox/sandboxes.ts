import { FrameWatch } from "./frame-watch";
import { JsFrame } from "./js-frame";
import { KernelSandbox, type SandboxMemory } from "./kernel-sandbox";
import { LIMITS, type Limits } from "./limits";
import type { CodeRunner } from "./runs";
import { themeTokens, watchTheme } from "./theme-tokens";

export interface SandboxOptions {
  /**
   * What kernel cells may read of the workbench: the file at "models/…" or "samples/…", or the kept picture "own:…". Asked
   * for no other path.
   * @throws Error that says what is missing
   */
  files(path: string): Promise<Blob>;
  /** the wasm binary of tfjs with that file name: code has no network to fetch it through (see kernel/wasm-files) */
  wasm(file: string): Promise<ArrayBuffer>;
  /** shorter in tests */
  limits?: Partial<Limits>;
}

/** No way up, no address: what is in these folders, and nothing else. */
const READABLE = /^(models|samples)(\/[\w-][\w.-]*)+$|^own:[0-9a-f]{64}$/;

/**
 * Where the code of a page's notebooks runs. Starts nothing until the first run.
 *
 * Dispatches "restarted" (detail: keys) when a kernel cell had to be ended and the results of the cells with those keys went
 * with it, also of those whose run had ended long before: their values cannot be read any more, so run them again.
 */
export class Sandboxes extends EventTarget {
  readonly kernel: CodeRunner & {
    /** seconds that the cell's code has been running without giving way; 0 if it is not */
    busyFor(key: string): number;
    /** ends the cell's run: its iteration throws a CellCrashError */
    stop(key: string): void;
    /** what all kernel cells together hold */
    memory(): Promise<SandboxMemory>;
  };
  private readonly frames = new Map<string, JsFrame>();
  private readonly limits: Limits;
  private readonly watch: FrameWatch;
  private followsTheme = false;

  constructor({ files, wasm, limits }: SandboxOptions) {
    super();
    this.limits = { ...LIMITS, ...limits };
    const file = async (path: string) => {
      if (path.startsWith("asset:")) return wasm(path.slice("asset:".length));
      if (!READABLE.test(path)) throw new Error(`“${path}” cannot be read by a cell: there are the networks of models/, the pictures of samples/ and your own pictures.`);
      return files(path);
    };
    const restarted = (keys: string[]) => void this.dispatchEvent(new CustomEvent("restarted", { detail: keys }));
    const kernel = new KernelSandbox({ file, limits: this.limits, restarted });
    this.kernel = kernel;
    this.watch = new FrameWatch(() => this.frames.values(), this.limits.answer, () => kernel.restart(null));
  }

  /** The frame of a js cell; made when it is first asked for. */
  frame(key: string): JsFrame {
    let frame = this.frames.get(key);
    if (!frame) {
      frame = new JsFrame(key, {
        settings: () => ({ loop: this.limits.loop, tokens: themeTokens() }),
        busy: () => this.watch.start(),
        removed: () => void this.frames.delete(key),
      });
      this.frames.set(key, frame);
      this.followTheme();
    }
    return frame;
  }

  private followTheme(): void {
    if (this.followsTheme) return;
    this.followsTheme = true;
    watchTheme(() => {
      const tokens = themeTokens();
      for (const frame of this.frames.values()) frame.post({ type: "theme", tokens });
    });
  }
}
