/** How hard the two costs pull, measured where both do. */
import { adamOptions } from "../nst/adam-options";
import { Gauge } from "../kernel/client";
import type { RunConfig } from "../kernel/protocol";
import { cutMiddle } from "../nst/cut-middle";
import type { Picture } from "../nst/picture";
import type { UnitPulls } from "./balance-share";
import type { Kernels } from "./context";
import { adamFloor, descentDirection, stepped } from "./descend-step";
import { lengthOfSum } from "./pulls-numbers";

/**
 * Where the pulls are measured. The content picture itself will not do, since the content cost has no gradient there.
 * "step": one step of Adam away from it, along the style cost alone, which is where a run comes to first. "blend": halfway
 * between the content and the style picture.
 */
export type BalanceAt = "step" | "blend";

/**
 * @param config α, β and τ do not matter; the layers, their weights, and the optimiser do
 * @param signal gives up
 * @throws DOMException AbortError when given up; Error naming what cannot be measured
 */
export async function unitPulls(kernels: Kernels, config: RunConfig, at: BalanceAt, signal: AbortSignal): Promise<UnitPulls> {
  const gauge = new Gauge(kernels, { ...config, settings: { ...config.settings, alphaTimesM: 1, beta: 1, totalVariation: 0 } });
  const close = () => gauge.close();
  signal.addEventListener("abort", close);
  try {
    const { terms, cosines } = await gauge.measure(await reference(gauge, config, at), { gradients: true });
    const n = terms.length + 1;
    const gram = terms.flatMap((term, i) => (term.kind === "gram" ? [{ norm: term.norm!, i }] : []));
    const content = terms.find(({ kind }) => kind === "content");
    return {
      content: content?.norm ?? 0,
      style: lengthOfSum(gram.map(({ norm }) => norm), (a, b) => cosines![gram[a].i * n + gram[b].i]),
    };
  } finally {
    signal.removeEventListener("abort", close);
    gauge.close();
  }
}

async function reference(gauge: Gauge, { content, style, network, settings }: RunConfig, at: BalanceAt): Promise<Picture> {
  const { width, height } = content;
  if (at === "blend") {
    const { data } = cutMiddle(style, width, height);
    return { width, height, data: content.data.map((value, i) => (value + data[i]) / 2) };
  }
  const { gradient } = await gauge.measure(content, { gradients: true });
  const adam = adamOptions(settings.optimiser, network.card);
  return stepped(content, descentDirection(gradient!, "adam", adamFloor(adam)), adam.learningRate).picture;
}
