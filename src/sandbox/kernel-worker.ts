/** Entry of the worker that kernel cells run in: tfjs on wasm, `tf` and `nst`, and nothing of the page's. */
import * as tf from "@tensorflow/tfjs";
import * as engine from "../nst";
import { startWasm } from "../kernel/wasm";
import * as api from "./api";
import { thrown } from "./cell-code";
import { closeWaysOut } from "./close-ways-out";
import { Files } from "./files";
import { trackTensors } from "./holding";
import { KernelRuns } from "./kernel-runs";
import { watchConsole } from "./logs";
import { Networks } from "./networks";
import { Pieces } from "./pieces";
import type { FromKernel, KernelSettings, ToKernel } from "./protocol";
import { surround } from "./surroundings";

/** Often enough for the page to know, seldom enough to cost nothing, in ms. */
const BEAT = 250;

/** In tfjs' stack traces the cell's own line stands far out. */
Error.stackTraceLimit = 60;

self.onmessage = ({ data, ports: [port] }: MessageEvent<{ settings: KernelSettings }>) => {
  self.onmessage = null;
  void start(port, data.settings);
};

async function start(port: MessagePort, { bytes, patience }: KernelSettings): Promise<void> {
  const post = (message: FromKernel) => port.postMessage(message);
  const fail = (error: unknown) => post({ type: "failed", message: thrown(error).message });
  const files = new Files(post);
  let told: number | null = null;
  let last = -Infinity;
  const beat = (free: boolean) => {
    last = performance.now();
    post({ type: "beat", run: told, free });
  };
  const pieces = new Pieces(1000 * patience, (run) => {
    const changed = run !== told;
    told = run;
    if (changed) beat(false);
  });
  const runs = new KernelRuns(pieces, bytes, post);
  port.onmessage = ({ data }: MessageEvent<ToKernel>) => {
    if (data.type === "file" || data.type === "no-file") files.answer(data);
    else if (data.type === "memory") post({ type: "value", request: data.request, value: { tensors: tf.memory().numTensors, bytes: tf.memory().numBytes } });
    else runs.receive(data);
  };

  try {
    // wasm needs its threads' workers and its binary; code gets neither way
    tf.env().platform.fetch = async (path) => {
      try {
        return new Response(await files.get(path.toString()));
      } catch (error) {
        // tfjs would wait for it for ever
        fail(error);
        throw error;
      }
    };
    const threads = await startWasm();
    watchConsole(() => pieces.current()?.log ?? null);
    trackTensors(() => pieces.holdings(), () => performance.now() - last > BEAT && beat(false));
    const within = <T>(holding: Parameters<typeof pieces.within>[0], work: () => T): T => pieces.within(holding, work);
    const file = (path: string) => files.get(path);
    surround({ file, within, holding: () => pieces.holdings()[0], networks: new Networks({ file, within }) });
    closeWaysOut();
    Object.assign(self, { tf, nst: Object.freeze({ ...engine, ...api }) });
    setInterval(() => runs.any && beat(true), BEAT);
    post({ type: "ready", threads });
  } catch (error) {
    fail(error);
  }
}
