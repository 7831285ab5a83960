import { describe, expect, it } from "vitest";
import { Gauge } from "../../src/kernel/gauge";
import { KernelError, KernelLostError } from "../../src/kernel/kernel-client";
import type { Kernels } from "../../src/kernel/kernels";
import type { Measure, MeasureControl, RunConfig } from "../../src/kernel/protocol";
import { liveSettings } from "../../src/nst/live-settings";
import { SETTINGS, wavyPicture } from "../support/transfers";

const config = { settings: SETTINGS } as RunConfig;
const picture = wavyPicture(4, 4, 1);
const rest = () => new Promise((resolve) => setTimeout(resolve, 2));

/** A lab whose streams the test answers, fails and counts. */
class FakeLab {
  readonly heard: MeasureControl[] = [];
  readonly configs: RunConfig[] = [];
  aborted = 0;
  private push: (item: unknown) => void = () => {};
  private breakDown: (error: Error) => void = () => {};

  stream(_: "measure", streamed: RunConfig, { signal }: { signal: AbortSignal }) {
    this.configs.push(streamed);
    const items: unknown[] = [];
    let wake = () => {};
    let failure: Error | null = null;
    this.push = (item) => (items.push(item), wake());
    this.breakDown = (error) => ((failure = error), wake());
    signal.addEventListener("abort", () => (this.aborted++, this.breakDown(signal.reason)));
    return {
      control: (message: MeasureControl) => void this.heard.push(message),
      async *[Symbol.asyncIterator]() {
        for (;;) {
          while (items.length) yield items.shift();
          if (failure) throw failure;
          await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  }
  answer(id: number): Promise<unknown> {
    this.push({ id, terms: [], total: id } satisfies Measure);
    return rest();
  }
  refuse(id: number, error: string): Promise<unknown> {
    this.push({ id, error });
    return rest();
  }
  fail(error: Error): Promise<unknown> {
    this.breakDown(error);
    return rest();
  }
  get asked(): number[] {
    return this.heard.flatMap((message) => (message.kind === "measure" ? [message.id] : []));
  }
}

function gauge() {
  const lab = new FakeLab();
  return { lab, gauge: new Gauge({ lab } as unknown as Kernels, config) };
}
const outcome = (promise: Promise<Measure>) => promise.then(({ total }) => total, (error: Error) => error.name);

describe("a gauge", () => {
  it("opens its stream with the first picture, and asks for one picture after the other", async () => {
    const { lab, gauge: g } = gauge();
    expect(lab.configs.length).toBe(0);
    const first = g.measure(picture, { gradients: true });
    expect(lab.heard).toEqual([{ kind: "measure", id: 1, picture, gradients: true }]);
    await lab.answer(1);
    expect((await first).total).toBe(1);
    const second = g.measure(picture);
    await lab.answer(2);
    expect((await second).total).toBe(2);
    expect(lab.configs).toEqual([config]);
  });

  it("gives up pictures that were overtaken while another was measured, and measures the newest", async () => {
    const { lab, gauge: g } = gauge();
    const outcomes = [1, 2, 3, 4].map(() => outcome(g.measure(picture)));
    expect(lab.asked).toEqual([1]);
    await lab.answer(1);
    expect(lab.asked).toEqual([1, 2]);
    await lab.answer(2);
    expect(await Promise.all(outcomes)).toEqual([1, "AbortError", "AbortError", 2]);
  });

  it("hands on what was wrong with one picture, and measures the next", async () => {
    const { lab, gauge: g } = gauge();
    const bad = g.measure(picture).catch((error: Error) => error.message);
    const good = outcome(g.measure(picture));
    await lab.refuse(1, "too small");
    await lab.answer(2);
    expect([await bad, await good]).toEqual(["too small", 2]);
  });

  it("opens its stream again when the lab was lost, with the settings of now, and asks again", async () => {
    const { lab, gauge: g } = gauge();
    const measured = outcome(g.measure(picture));
    const settings = liveSettings({ ...SETTINGS, beta: 77 });
    g.update(settings);
    expect(lab.heard.at(-1)).toEqual({ kind: "update", settings });
    await lab.fail(new KernelLostError("crashed"));
    expect(lab.configs[1].settings.beta).toBe(77);
    expect(lab.asked).toEqual([1, 1]);
    await lab.answer(1);
    expect(await measured).toBe(1);
  });

  it("gives up when the lab is lost again and again over one picture, and begins anew with the next", async () => {
    const { lab, gauge: g } = gauge();
    const measured = outcome(g.measure(picture));
    for (let i = 0; i < 4; i++) await lab.fail(new KernelLostError("crashed"));
    expect(await measured).toBe("KernelLostError");
    const next = outcome(g.measure(picture));
    await lab.answer(2);
    expect(await next).toBe(2);
  });

  it("hands on an error that ends the stream, and opens another for the next picture", async () => {
    const { lab, gauge: g } = gauge();
    const [measured, waiting] = [outcome(g.measure(picture)), outcome(g.measure(picture))];
    await lab.fail(new KernelError("WeightsError", "no weights"));
    expect(await Promise.all([measured, waiting])).toEqual(["WeightsError", "WeightsError"]);
    void outcome(g.measure(picture));
    expect(lab.configs.length).toBe(2);
  });

  it("that is closed ends its stream, gives up what waits, and takes nothing more", async () => {
    const { lab, gauge: g } = gauge();
    const outcomes = [outcome(g.measure(picture)), outcome(g.measure(picture))];
    g.close();
    expect(await Promise.all(outcomes)).toEqual(["AbortError", "AbortError"]);
    expect(lab.aborted).toBe(1);
    expect(await outcome(g.measure(picture))).toBe("AbortError");
    await rest();
  });
});
