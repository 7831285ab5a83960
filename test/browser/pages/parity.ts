/** `window.parity(backend, threads)` measures every fixture on one backend. Ready when `window.parity` exists. */
import * as tf from "@tensorflow/tfjs";
import { parseModelCard, readSafetensors } from "../../../src/nst";
import { startBackend } from "../../../src/kernel/backends";
import type { BackendName, BackendStatus } from "../../../src/kernel/protocol";
import { type Fixture, measureAdam, measureOtherNetworks, measureSlim, measureSmallVgg, type Measurement } from "../../support/parity";
import { measureViews } from "../../support/views";
import adamJson from "../../fixtures/adam.json";
import adamUrl from "../../fixtures/adam.safetensors?url";
import othersJson from "../../fixtures/other-networks.json";
import othersUrl from "../../fixtures/other-networks.safetensors?url";
import slimJson from "../../fixtures/slim.json";
import slimUrl from "../../fixtures/slim.safetensors?url";
import smallJson from "../../fixtures/small-vgg.json";
import smallUrl from "../../fixtures/small-vgg.safetensors?url";
import viewsJson from "../../fixtures/views.json";
import viewsUrl from "../../fixtures/views.safetensors?url";

declare global {
  interface Window {
    parity(backend: BackendName, threads: number): Promise<{ status: BackendStatus; measurements: Measurement[]; leaked: number }>;
  }
}

const bytes = async (url: string) => (await fetch(url)).arrayBuffer();
const fixture = async (json: unknown, url: string): Promise<Fixture> => ({ json, tensors: readSafetensors(await bytes(url)) });

window.parity = async (backend, threads) => {
  const status = await startBackend(backend, { threads });
  const before = tf.memory().numTensors;
  const card = parseModelCard(await (await fetch("models/vgg19-slim/model.json")).json());
  const weights = readSafetensors(await bytes("models/vgg19-slim/weights.safetensors"));
  const gpu = backend === "webgl" || backend === "webgpu";
  const measurements = [
    ...(await measureSmallVgg(await fixture(smallJson, smallUrl))),
    ...(await measureSlim(await fixture(slimJson, slimUrl), card, weights, gpu)),
    // views compute in the lab, which is never on a GPU
    ...(gpu ? [] : await measureViews(await fixture(viewsJson, viewsUrl), card, weights)),
    // where Node has no such backend; not on WebGPU, which takes a minute for so many shapes where it is computed in software
    ...(backend === "webgl" || threads > 1 ? await measureOtherNetworks(await fixture(othersJson, othersUrl), gpu) : []),
    ...(await measureAdam(await fixture(adamJson, adamUrl))),
  ];
  return { status, measurements, leaked: tf.memory().numTensors - before };
};
