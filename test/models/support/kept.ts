import { MemoryDatabase } from "../../../src/notebook/database";
import type { ModelCard } from "../../../src/nst/model-card";

/** The card of a network with one convolution. */
export function thinCard(change: Partial<ModelCard> = {}): ModelCard {
  return {
    id: "thin",
    title: "Thin",
    layers: [{ name: "conv", kind: "conv", channels: 5, kernel: 1, stride: 1, padding: "same", activation: "relu" }],
    input: { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 },
    weights: { file: "weights.safetensors", kernelLayout: "HWIO", dtype: "F32" },
    defaults: {
      pooling: "average",
      contentLayer: "conv",
      styleLayers: { conv: 1 },
      beta: 1,
      alphaTimesM: 1,
      totalVariation: 0,
      initialisation: "content",
      size: 256,
      steps: 10,
      optimiser: { kind: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    },
    credits: {},
    ...change,
  };
}

/** Takes so many bytes of numbers, and no more: as a browser does whose disk is full. */
export class FullDatabase extends MemoryDatabase {
  constructor(public room: number) {
    super();
  }

  override async put(key: string, value: unknown): Promise<void> {
    const bytes = value instanceof Uint8Array ? value : (value as { bytes?: unknown } | undefined)?.bytes;
    const taken = bytes instanceof Uint8Array ? bytes.length : 0;
    if (taken > this.room) throw new DOMException("full", "QuotaExceededError");
    this.room -= taken;
    await super.put(key, value);
  }
}
