/** How a file of PyTorch is refused. */
import { WeightsError } from "../nst/safetensors";

export interface TorchRefusals {
  /**
   * @param what is wrong, after the file's name: “is damaged”
   * @param then what to do, a sentence without its full stop; empty if it is said already
   */
  fail(what: string, then?: string): never;
  /** @param what the name of a Python function or class that the file would have called */
  refuse(what: string): never;
}

/** Modules by which a pickle gets hold of the machine; no weights file has a reason to name them. */
const HARMFUL = /^(os|posix|nt|sys|subprocess|builtins|__builtin__|runpy|socket|shutil|pty|platform|importlib|ctypes|code|codecs|webbrowser|urllib|requests|pickle|marshal|types|functools|operator|asyncio|commands|timeit|bdb|pdb)\./;

export function refusalsOf(file: string): TorchRefusals {
  return {
    fail(what, then = "Fetch or export it again") {
      throw new WeightsError(`“${file}” ${what}.${then ? ` ${then}.` : ""}`);
    },
    refuse(what) {
      const harmful = HARMFUL.test(what) ? " Files that do harm look like this: do not open it in Python." : "";
      throw new WeightsError(
        `“${file}” is more than a list of tensors: it asks for Python's “${what}”. Nothing of it was run.${harmful || ' A file with tensors alone is needed; in Python, torch.save(model.state_dict(), "weights.pth") writes one.'}`,
      );
    },
  };
}
