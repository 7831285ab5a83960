/** Small runs for tests of the kernel: a narrow network with random weights, and pictures of a few colours. */
import { vi } from "vitest";
import type { NetworkSource, RunBatch, RunConfig } from "../../src/kernel/protocol";
import { Run } from "../../src/kernel/run";
import type { Picture, TransferSettings } from "../../src/nst";
import { mulberry32 } from "../../src/nst/random";
import { vggCard } from "../../src/nst/vgg";

export const NETWORK: NetworkSource = { card: vggCard(11, [4, 6, 8, 8, 8]), base: "", random: 3 };

export const SETTINGS: TransferSettings = {
  pooling: "average", contentLayer: "block3_conv1", styleLayers: { block1_conv1: 0.5, block2_conv1: 0.3, block4_conv1: 0.2 }, tap: "after", alphaTimesM: 0.5, beta: 1e3, totalVariation: 0.05,
  initialisation: { kind: "content" }, seed: 1, size: 36, steps: 12, optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
};

/** Waves of a few colours, with a little noise. */
export function wavyPicture(width: number, height: number, seed: number): Picture {
  const random = mulberry32(seed);
  const waves = Array.from({ length: 3 }, () => [random(), random(), 6 * random()]);
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const [across, down, phase] = waves[i % 3];
    data[i] = Math.min(1, Math.max(0, 0.5 + 0.4 * Math.sin(across * x + down * y + phase) + 0.1 * (random() - 0.5)));
  }
  return { width, height, data };
}

export function runConfig(changes: Partial<TransferSettings> = {}): RunConfig {
  return { network: NETWORK, content: wavyPicture(36, 32, 1), style: wavyPicture(32, 40, 2), settings: { ...SETTINGS, ...changes } };
}

/** Node has no bitmaps; what they show is the browser tests' business. */
export function withoutBitmaps(): void {
  vi.stubGlobal("ImageData", class { constructor(readonly data: Uint8ClampedArray, readonly width: number, readonly height: number) {} });
  vi.stubGlobal("createImageBitmap", async ({ width, height }: ImageData) => ({ width, height }));
}

/** Runs to the end; `during` sees every batch and may control. */
export async function runToEnd(config: RunConfig, during: (batch: RunBatch, run: Run) => void = () => {}, from?: RunBatch["checkpoint"]): Promise<RunBatch[]> {
  const batches: RunBatch[] = [];
  const run: Run = new Run(config, from, (batch) => {
    // what crosses to the page is copied on the way
    batches.push(structuredClone(batch));
    during(batch, run);
  });
  await run.go(new AbortController().signal);
  return batches;
}

/** The costs of a run by step, by name. */
export function costsOf(batches: readonly RunBatch[]): Record<string, number>[] {
  const rows: Record<string, number>[] = [];
  for (const { columns, costs, first } of batches)
    for (let at = 0; at < costs.length; at += columns.length) rows[first + at / columns.length] = Object.fromEntries(columns.map((name, c) => [name, costs[at + c]]));
  return rows;
}
