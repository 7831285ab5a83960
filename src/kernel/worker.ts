/** Entry of both workers: the engine (runs) and the lab (pictures and views). The first message says which. */
import * as tf from "@tensorflow/tfjs";
import * as nst from "../nst";
import { Ascent } from "./ascent";
import { backendStatus, startBackend, watchGpu } from "./backends";
import { calibrationSeconds } from "./calibration";
import { channelMeans } from "./channel-means";
import { serve, type StreamContext } from "./endpoint";
import { featureMethods } from "./feature-methods";
import { mapMethods } from "./map-methods";
import { measure } from "./measure";
import { networkDifference } from "./network-difference";
import { networkMethods } from "./network-methods";
import { patches } from "./patches";
import { pictureMethods } from "./picture-methods";
import type { PageMessage, StartMessage, Streams, WorkerMessage } from "./protocol";
import { replayRun } from "./replay-run";
import { Run } from "./run";
import { stepMethods } from "./step-record";

const post = (message: WorkerMessage, transfer: Transferable[] = []) => self.postMessage(message, { transfer });

const deliver = serve({
  calls: { status: backendStatus, calibrate: calibrationSeconds, ...pictureMethods, ...featureMethods, ...mapMethods, ...networkMethods, ...stepMethods },
  streams: {
    run: async ({ config, from }: Streams["run"]["args"], { signal, emit, onControl }: StreamContext) => {
      const run = new Run(config, from, emit);
      onControl((message) => run.control(message as Streams["run"]["control"]));
      await run.go(signal);
    },
    ascent: async (config: Streams["ascent"]["args"], { signal, emit, onControl }: StreamContext) => {
      const ascent = new Ascent(config, emit);
      onControl((message) => ascent.control(message as Streams["ascent"]["control"]));
      await ascent.go(signal);
    },
    patches,
    replay: replayRun,
    measure,
    "network.means": channelMeans,
    "network.difference": networkDifference,
  },
}, post);

/** @returns whether the backend started; if not, the page has been told */
async function start({ backend, threads }: StartMessage): Promise<boolean> {
  try {
    const status = await startBackend(backend, { threads });
    watchGpu((message) => post({ type: "lost", message }));
    // for whoever opens the console, or a test, to look around with
    Object.assign(self, { tf, nst });
    post({ type: "ready", status });
    return true;
  } catch (error) {
    post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

let started: Promise<boolean> = Promise.resolve(false);

self.onmessage = async ({ data }: MessageEvent<PageMessage>) => {
  if (data.type === "start") started = start(data);
  else if (await started) deliver(data);
};
