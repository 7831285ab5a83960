/** All that cells use of the sandbox, where the notebook's code runs: without the page's origin, storage and network. */
export { CellCrashError, CodeRunError, SandboxRestartedError } from "./errors";
export { JsFrame } from "./js-frame";
export { KernelValue, type TensorData } from "./kernel-value";
export { LIMITS, type Limits } from "./limits";
export type { CodeItem, CodeRun, CodeRunner, RunnableCode } from "./runs";
export { Sandboxes, type SandboxOptions } from "./sandboxes";
export { workbenchFile } from "./workbench-files";
export { showTensor } from "./show-tensor";
export type * from "./shown";
