/** What the page uses of the workers. Cells import from here and nowhere else in this folder (types of the protocol aside). */
export { KernelClient, KernelError, KernelLostError, type KernelStream } from "./kernel-client";
export { Kernels, startKernels, type AvailableBackend, type KernelsStatus } from "./kernels";
export { RunHandle } from "./run-handle";
export { Gauge } from "./gauge";
export { replay, type ReplayOptions } from "./replay";
export { RunRecord } from "./run-record";
export { checkpointArrays } from "./checkpoint-arrays";
