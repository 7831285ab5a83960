/** One unit view, without a notebook, on features that the real lab has computed. Ready when `window.unit` exists. */
import "../../../src/cells/theme.css";
import type { FeaturesValue } from "../../../src/cells/features-value";
import { followTheme } from "../../../src/cells/theme-choice";
import "../../../src/cells/unit-view";
import { Kernels, startKernels } from "../../../src/kernel/client";
import { moduleWorker } from "../../../src/kernel/module-worker";
import { parseModelCard } from "../../../src/nst/card";
import type { LayerSpec } from "../../../src/nst/model-card";
import type { Picture } from "../../../src/nst/picture";

export interface UnitOptions {
  layer: string;
  channel?: number;
  /** of the picture */
  width?: number;
  height?: number;
  options?: NonNullable<FeaturesValue["from"]>["options"];
  /** other layers than the default network's, with random weights */
  layers?: LayerSpec[];
  /** a sample, cropped to its middle; else waves of colour */
  sample?: string;
  /** pixels above the view, to keep it out of sight */
  above?: number;
  /** leaves out where the maps come from */
  alone?: boolean;
}

export interface UnitApi {
  /** computes features and shows them, in the view that is there or in a new one (`fresh`) */
  show(options: UnitOptions & { fresh?: boolean }): Promise<void>;
  /** the maps that are shown */
  features: FeaturesValue;
  kernels: Kernels;
  /** what the lab was asked since the page was opened, with how it ended */
  calls: { method: string; layer: string; end: "pending" | "done" | "aborted" | "failed" }[];
  /** calls of this method fail until it is set to null */
  failing: string | null;
}

declare global {
  interface Window {
    unit: UnitApi;
  }
}

followTheme();
const kernels = startKernels(moduleWorker);
const base = new URL("models/vgg19-slim/", document.baseURI).href;
const room = document.querySelector<HTMLElement>("#room")!;
const call = kernels.lab.call.bind(kernels.lab);
let ours = false;
kernels.lab.call = (async (method: "features", args: { layers?: string[]; layer?: string }, options: { signal?: AbortSignal }) => {
  if (ours || (method as string) === "status") return call(method, args as never, options);
  const entry: UnitApi["calls"][number] = { method, layer: args.layers?.[0] ?? args.layer ?? "", end: "pending" };
  window.unit.calls.push(entry);
  try {
    if (window.unit.failing === method) throw new Error("The lab could not read the layer.");
    const answer = await call(method, args as never, options);
    entry.end = "done";
    return answer;
  } catch (error) {
    entry.end = options.signal?.aborted ? "aborted" : "failed";
    throw error;
  }
}) as never;

window.unit = {
  features: null as never,
  kernels,
  calls: [],
  failing: null,
  async show({ layer, channel = 0, width = 96, height = 64, options = {}, layers, sample, above = 0, alone = false, fresh = true }) {
    const card = parseModelCard(await (await fetch(`${base}model.json`)).json());
    const network = layers ? { card: { ...card, layers, defaults: { ...card.defaults, contentLayer: layers[0].name, styleLayers: {} } }, base, random: 1 } : { card, base };
    ours = true;
    const picture = sample ? await cropped(sample, width, height) : waves(width, height);
    const maps = (await kernels.lab.call("features", { network, picture, layers: [layer], ...options }))[layer];
    ours = false;
    window.unit.features = alone ? maps : { ...maps, from: { picture, network, options, name: "content" } };
    scrollTo(0, 0);
    if (fresh) {
      const space = document.createElement("div");
      space.style.height = `${above}px`;
      room.replaceChildren(space, document.createElement("nst-unit-view"));
    }
    const view = room.querySelector("nst-unit-view")!;
    view.addEventListener("nst-channel", ({ detail }: CustomEventInit<number>) => (room.dataset["asked"] = String(detail)));
    Object.assign(view, { kernels, channel, features: window.unit.features });
    await view.updateComplete;
  },
};

/** The same numbers on every machine. */
function waves(width: number, height: number): Picture {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    data[i] = 0.5 + 0.3 * Math.sin(x / (3 + c) + y / 11) + 0.2 * Math.cos((x * y) / 90 + c);
  }
  return { width, height, data: data.map((value) => Math.min(1, Math.max(0, value))) };
}

async function cropped(name: string, width: number, height: number): Promise<Picture> {
  const file = await (await fetch(new URL(`samples/${name}`, document.baseURI))).blob();
  const { id, width: w, height: h } = await kernels.lab.call("picture.open", { file, name });
  const scale = Math.min(w / width, h / height);
  const crop = { x: (w - width * scale) / 2, y: (h - height * scale) / 2, width: width * scale, height: height * scale };
  const picture = await kernels.lab.call("picture.crop", { id, crop, width, height });
  await kernels.lab.call("picture.close", { id });
  return picture;
}
