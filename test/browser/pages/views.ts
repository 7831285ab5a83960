/** What the teaching views ask the workers for, without the workbench around. Ready when `window.views` exists. */
import { parseModelCard, readSafetensors } from "../../../src/nst";
import { startKernels } from "../../../src/kernel/client";
import { moduleWorker } from "../../../src/kernel/module-worker";
import type { AscentBatch, AscentConfig, BackendStatus, NetworkSource, RunBatch, Streams } from "../../../src/kernel/protocol";
import type { Picture } from "../../../src/nst";
import { relativeError } from "../../support/parity";
import views from "../../fixtures/views.json";
import viewsUrl from "../../fixtures/views.safetensors?url";

/** What a test sees of an ascent. */
export interface AscentRecord {
  /** by step */
  activations: number[];
  states: AscentBatch["state"][];
  notices: string[];
  step: number;
  /** sides of the pictures that came */
  sides: number[];
  error: string | null;
  ended: boolean;
}

export interface ViewsApi {
  /** relative errors of what the lab says beside PyTorch's numbers, by name */
  measure(): Promise<Record<string, number>>;
  status(worker: "engine" | "lab"): Promise<BackendStatus>;
  /** starts every method that takes time, aborts each after so many ms, and waits until all have ended; their names and how */
  abortAll(after: number): Promise<string[]>;
  /** names of what ended, in that order, when all were asked at once: a long stream first, a short call last */
  together(): Promise<string[]>;
  ascend(config: Partial<AscentConfig>): number;
  control(ascent: number, kind: Streams["ascent"]["control"]["kind"] | "drop"): void;
  record(ascent: number): AscentRecord;
  /** a run of so many steps at 64 px; the steps that ascents had done by the time it ended */
  runBeside(steps: number): Promise<{ run: number; ascents: number[] }>;
}

declare global {
  interface Window {
    views: ViewsApi;
  }
}

const kernels = startKernels(moduleWorker);
const base = new URL("models/vgg19-slim/", document.baseURI).href;
const network: NetworkSource = { base, card: parseModelCard(await (await fetch(`${base}model.json`)).json()) };
const tensors = readSafetensors(await (await fetch(viewsUrl)).arrayBuffer());
const pictureOf = (key: string): Picture => {
  const { shape: [height, width], data } = tensors.get(key)!;
  return { width, height, data: Float32Array.from(data) };
};
const noise = (side: number): Picture => ({ width: side, height: side, data: Float32Array.from({ length: side * side * 3 }, Math.random) });
const { lab, engine } = kernels;
const picture = pictureOf("picture");

async function measure(): Promise<Record<string, number>> {
  const errors: Record<string, number> = {};
  const note = (name: string, ours: ArrayLike<number>, theirs: ArrayLike<number>) => (errors[name] = relativeError(ours, theirs));
  const stored = (key: string) => tensors.get(key)!.data;
  const features = await lab.call("features", { network, picture, layers: views.layers });
  const statistics = await lab.call("statistics", { network, picture, layers: views.layers });
  for (const layer of views.layers as (keyof typeof views.statistics)[]) {
    note(`features of ${layer}`, features[layer].data, stored(`features/${layer}`));
    const { mean, maximum, sparsity, dead } = statistics[layer];
    const theirs = views.statistics[layer];
    note(`statistics of ${layer}`, [mean, maximum, sparsity, 1 + dead], [theirs.mean, theirs.maximum, theirs.sparsity, 1 + theirs.dead]);
    note(`statistics by channel of ${layer}`, (await lab.call("maps.statistics", { maps: features[layer] })).variance, stored(`statistics/${layer}/variance`));
  }
  const pair = features[views.gram.layer];
  const gram = await lab.call("maps.gram", { maps: pair });
  note("the entry of the Gram matrix", [gram.data[views.gram.i * pair.channels + views.gram.j]], [views.gram.value]);

  const { layer, seed, angle, shuffled, rotated } = views.rearranged;
  const F = features[layer];
  const before = await lab.call("maps.gram", { maps: F });
  for (const [name, theirs, maps] of [["shuffled", shuffled, await lab.call("maps.shuffle", { maps: F, seed })], ["rotated", rotated, await lab.call("maps.rotate", { maps: F, seed, angle })]] as const) {
    note(`the content cost of ${name} maps`, [(await lab.call("maps.difference", { a: maps, b: F })).cost], [theirs.contentCost]);
    note(`the Gram matrix of ${name} maps`, (await lab.call("maps.gram", { maps })).data, before.data);
  }
  const other = (await lab.call("features", { network, picture: pictureOf("other"), layers: [layer] }))[layer];
  const { cost, positions, channels } = await lab.call("maps.difference", { a: F, b: other });
  note("the content cost of another picture", [cost], [views.difference.cost]);
  note("where it comes from", [...positions, ...channels], [...stored("difference/positions"), ...stored("difference/channels")]);

  for (const unit of views.arithmetic) {
    if (unit.sum === undefined) continue;
    const { shape: [k, , cin, cout], kernel, bias } = await lab.call("weights", { network, layer: unit.layer });
    note(`the kernel at ${unit.key}`, Array.from({ length: k * k * cin }, (_, i) => kernel[i * cout + unit.channel]), stored(`${unit.key}/kernel`));
    note(`the bias at ${unit.key}`, [bias[unit.channel]], [unit.bias]);
  }
  return errors;
}

const ascents: { record: AscentRecord; abort: AbortController; stream: ReturnType<typeof engine.stream<"ascent">> }[] = [];

async function follow({ record, stream }: (typeof ascents)[number]): Promise<void> {
  try {
    for await (const { step, activations, first, state, image, notice } of stream) {
      activations.forEach((value, k) => (record.activations[first + k] = value));
      if (record.states.at(-1) !== state) record.states.push(state);
      if (notice) record.notices.push(notice);
      if (image) record.sides.push(image.width, image.height);
      image?.close();
      record.step = step;
    }
  } catch (error) {
    record.error = `${(error as Error).name}: ${(error as Error).message}`;
  }
  record.ended = true;
}

const ends = async (name: string, work: Promise<unknown>): Promise<string> => work.then(() => `${name} ended`, (error: Error) => `${name}: ${error.name}`);
const drain = async (items: AsyncIterable<unknown>): Promise<void> => {
  for await (const item of items) (item as { image?: ImageBitmap }).image?.close();
};
const settings = { ...network.card.defaults, tap: "after" as const, seed: 0, size: 64, initialisation: { kind: "noise" as const } };
const channel = { network, layer: "block3_conv1", channel: 18, size: 64, seed: 1, steps: 1000, learningRate: 0.02, totalVariation: 3 };

window.views = {
  measure,
  status: (worker) => kernels[worker].call("status", {}),
  async abortAll(after) {
    const signals: AbortController[] = [];
    const signal = () => {
      signals.push(new AbortController());
      return { signal: signals.at(-1)!.signal };
    };
    const [big, layers] = [noise(256), ["block1_conv2", "block5_conv1"]];
    const working = [
      ends("features", lab.call("features", { network, picture: big, layers }, signal())),
      ends("statistics", lab.call("statistics", { network, picture: big, layers }, signal())),
      ends("patches", drain(lab.stream("patches", { network, layer: "block3_conv1", pictures: Array(40).fill(big), top: 10 }, signal()))),
      ends("ascent", drain(engine.stream("ascent", channel, signal()))),
    ];
    await new Promise((resolve) => setTimeout(resolve, after));
    for (const one of signals) one.abort();
    const ended = await Promise.all(working);
    // the workers hear of it in the order of their messages
    await Promise.all([lab.call("status", {}), engine.call("status", {})]);
    return ended;
  },
  async together() {
    const ended: string[] = [];
    const note = async (name: string, work: Promise<unknown>) => void ended.push(await ends(name, work));
    await Promise.all([
      note("patches", drain(lab.stream("patches", { network, layer: "block4_conv1", pictures: Array(6).fill(noise(192)), top: 5 }))),
      note("features", lab.call("features", { network, picture: noise(64), layers: ["block2_conv1"] })),
      note("status", lab.call("status", {})),
    ]);
    return ended;
  },
  ascend(config) {
    const abort = new AbortController();
    const record: AscentRecord = { activations: [], states: [], notices: [], step: 0, sides: [], error: null, ended: false };
    const ascent = { record, abort, stream: engine.stream("ascent", { ...channel, ...config }, { signal: abort.signal }) };
    void follow(ascent);
    return ascents.push(ascent) - 1;
  },
  control: (ascent, kind) => (kind === "drop" ? ascents[ascent].abort.abort() : ascents[ascent].stream.control({ kind })),
  record: (ascent) => ascents[ascent].record,
  async runBeside(steps) {
    let run = 0;
    for await (const batch of engine.stream("run", { config: { network, content: noise(64), style: noise(64), settings: { ...settings, steps } } }) as AsyncIterable<RunBatch>) {
      batch.image?.close();
      run = batch.step;
    }
    return { run, ascents: ascents.map(({ record }) => record.step) };
  },
};
