import { html, nothing, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { Gauge, type Kernels, RunHandle } from "../kernel/client";
import type { RunBatch, RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { adamOptions } from "../nst/adam-options";
import { checkSettings } from "../nst/check-settings";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { Coalesced } from "./coalesce";
import { CostHistory } from "../runs/cost-history";
import type { PictureValue } from "./features-value";
import { fitted, wholeNumber } from "./growth-plans";
import { Latest } from "./latest";
import type { NetworkValue } from "./network";
import type { AdamFrom } from "./paint-adam";
import { colourAt, colourOf, hexOf } from "./paint-brush";
import { PaintMeter } from "./paint-meter";
import { Painting } from "./paint-model";
import { percent, stepsBelow } from "./paint-score";
import { PAINT_STARTS, type PaintStart, paintStart } from "./paint-start";
import { type Brush, type Tool, TOOLS } from "./paint-tools";
import "./paint-view";
import type { AdamCourse, PaintView } from "./paint-view";

/** The value of a painting. Numbers are null while they are not known; shares are of J at the start. */
export interface PaintValue {
  /** what has been painted, as it was last measured; other cells can read the painting as a picture */
  picture: Picture;
  /** J of it */
  cost: number | null;
  /** what the content term adds to J */
  content: number | null;
  /** what the style terms add to J, all together */
  style: number | null;
  /** J as a share of J at the start */
  share: number | null;
  /** the smallest share reached so far by painting */
  best: number | null;
  /** the share that Adam has reached, null before it was started */
  adam: number | null;
  /** number of Adam's steps after which its picture was better than the best painted one, null if it is not (yet) */
  adamSteps: number | null;
}

interface Inputs {
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

/** Milliseconds between two values at least: cells that read the painting are not to be asked for every stroke. */
const INTERVAL = 600;
const NO_COURSE: AdamCourse = { state: "idle", step: 0, steps: 0, stepsPerSecond: 0, shares: new Float64Array(0), notice: "" };

/**
 * You are the optimiser: a canvas to paint on, and what every stroke does to J. Then Adam, from the same start.
 *
 *     <nst-paint as="painted" of="content style" network="network" settings="settings" size="96"></nst-paint>
 *
 * Attributes: `size` (longer side in pixels; both pictures are made so small), `start` ("content" | "style" | "noise": what is
 * painted on), `seed` (of the noise). Its value is a picture and has numbers that questions may ask for: `painted.share`,
 * `painted.best`, `painted.adamSteps` … (see PaintValue).
 */
@customElement("nst-paint")
export class PaintCell extends Cell<PaintValue | null> {
  static override title = "paint";
  static override roles = ["content", "style", "network", "settings"];
  static override params = {
    size: 96, start: "content", seed: 0,
    // what the person has in their hand; colour "" and stamp null: from the middle of the style picture
    tool: "colour", colour: "", brush: 14, softness: 0.6, strength: 0.5, stamp: null,
    /** what Adam starts from: "start" or "yours" */
    adam: "start",
  };
  static override lazy = true;
  static override reserve = 720;

  private kernels: Kernels | null = null;
  private config: RunConfig | null = null;
  private painting: Painting | null = null;
  private meter: PaintMeter | null = null;
  private notice = "";
  /** name of the picture that is not there yet */
  private missing = "";
  private run: RunHandle | null = null;
  private history = new CostHistory();
  private course = NO_COURSE;
  @query("nst-paint-view") private paintView!: PaintView | null;
  private readonly latest = new Latest<PaintValue | null>(null);
  private readonly renew = new Coalesced(() => this.give(), INTERVAL);
  private measured = 0;

  compute({ content, style, network, settings }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncIterable<PaintValue | null> {
    const names = this.pictureNames;
    for (const [i, read] of [content, style].entries()) {
      if (read?.picture === undefined) throw new Error(`“${names[i]}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    }
    this.missing = content.picture === null ? names[0] : style.picture === null ? names[1] : "";
    if (content.picture && style.picture) this.prepare(kernel, network, content.picture, style.picture, settings);
    else {
      this.drop();
      this.painting = null;
      this.latest.give(null);
    }
    return this.latest.follow(signal);
  }

  /** Goes on with the painting that there is, unless it began as another picture than one would begin as now. */
  private prepare(kernels: Kernels, { card, base, random }: NetworkValue, contentPicture: Picture, stylePicture: Picture, settings: TransferSettings): void {
    const [size, seed, start] = [this.param<number>("size"), this.param<number>("seed"), this.param<PaintStart>("start")];
    wholeNumber("size", size, 32, 256, "pixels");
    wholeNumber("seed", seed, 0, 2 ** 31 - 1);
    if (!PAINT_STARTS.includes(start)) throw new Error(`start is “${start}”. Write ${PAINT_STARTS.map((one) => `“${one}”`).join(", ")}.`);
    const { errors } = checkSettings({ ...settings, size }, card);
    if (errors.length > 0) throw new Error(errors.join("\n"));

    const [content, style] = [fitted(contentPicture, size), fitted(stylePicture, size)];
    const config: RunConfig = { network: { card, base, random }, content, style, settings: { ...settings, size, initialisation: { kind: "content" }, seed } };
    const beginning = paintStart(start, content, style, seed);
    const goesOn = this.painting !== null && equal(this.painting.start, beginning);
    if (goesOn && this.meter && this.kernels === kernels && equal(config, this.config)) return;
    const best = goesOn ? (this.meter?.score.best?.picture ?? null) : null;
    this.drop();
    if (!goesOn) this.painting = new Painting(beginning);
    this.kernels = kernels;
    this.config = config;
    this.notice = "";
    this.course = NO_COURSE;
    this.meter = new PaintMeter(new Gauge(kernels, config), this.painting!, best, () => this.scored(), (error) => this.fail(error));
    this.give();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (!this.isConnected) this.drop();
    });
  }

  override headerNote(): string {
    const { score } = this.meter ?? {};
    return score?.now ? `J at ${percent(score.share(score.now))}` : "";
  }

  view(): TemplateResult | typeof nothing {
    const { painting, config, meter } = this;
    if (this.missing) return html`<div class="body soft">“${this.missing}” has no picture yet: start the run.</div>`;
    if (!painting || !config || !meter) return this.error ? nothing : html`<div class="body soft">Waits for its pictures …</div>`;
    return html`<nst-paint-view
      .painting=${painting} .version=${painting.version} .contentPicture=${config.content} .stylePicture=${config.style} .brush=${this.brush} .stamp=${this.stamp} .start=${this.param<PaintStart>("start")}
      .score=${meter.score} .measured=${this.measured} .notice=${this.notice} .adam=${this.course} .from=${this.adamFrom}
      @nst-painted=${this.painted} @nst-choose=${this.choose} @nst-stamp=${({ detail }: CustomEvent<{ x: number; y: number }>) => this.set("stamp", detail)}
      @nst-start=${({ detail }: CustomEvent<PaintStart>) => this.setParam("start", detail)}
      @start=${this.begin} @stop=${() => this.run?.stop()} @nst-from=${({ detail }: CustomEvent<AdamFrom>) => this.set("adam", detail)}
    ></nst-paint-view>`;
  }

  /** What the two pictures are called in this notebook. */
  private get pictureNames(): [string, string] {
    const [content, style] = bindings(PaintCell.roles, (attribute) => this.getAttribute(attribute));
    return [content.name, style.name];
  }

  private get brush(): Brush {
    const tool = this.param<Tool>("tool");
    const { style } = this.config!;
    return {
      tool: TOOLS.includes(tool) ? tool : "colour",
      colour: colourOf(this.param("colour")) ?? colourAt(style, style.width >> 1, style.height >> 1),
      size: this.param("brush"), softness: this.param("softness"), strength: this.param("strength"),
    };
  }

  private get stamp(): { x: number; y: number } {
    const { width, height } = this.config!.style;
    const { x, y } = this.param<{ x: number; y: number } | null>("stamp") ?? { x: width >> 1, y: height >> 1 };
    return { x: Math.min(x, width - 1), y: Math.min(y, height - 1) };
  }

  private get adamFrom(): AdamFrom {
    return this.param("adam") === "yours" ? "yours" : "start";
  }

  private set(name: string, value: unknown): void {
    this.setParam(name, value, { recompute: false });
  }

  private choose = ({ detail }: CustomEvent<Partial<Brush>>): void => {
    const { colour, size, ...rest } = detail;
    if (colour) this.set("colour", hexOf(colour));
    if (size !== undefined) this.set("brush", size);
    for (const [name, value] of Object.entries(rest)) this.set(name, value);
  };

  private painted = (): void => {
    this.meter?.ask();
    this.requestUpdate();
  };

  private scored(): void {
    this.measured++;
    this.notice = "";
    this.renew.request();
    this.requestUpdate();
  }

  private fail(error: Error): void {
    this.notice = `This picture could not be measured: ${error.message}`;
    this.requestUpdate();
  }

  private give(): void {
    const { painting, meter, course } = this;
    if (!painting || !meter) return;
    const { score } = meter;
    const { now } = score;
    const share = (value: number) => (Number.isFinite(value) ? value : null);
    const best = score.share(score.best?.costs);
    this.latest.give({
      // what the numbers are of: a newer one has still to be measured
      picture: score.picture ?? painting.copy(),
      cost: now?.total ?? null, content: now?.content ?? null, style: now?.style ?? null,
      share: share(score.share(now)), best: share(best),
      adam: course.shares.at(-1) ?? null, adamSteps: stepsBelow(course.shares, best),
    });
  }

  private begin = (): void => {
    const { config, kernels, painting } = this;
    if (!config || !kernels || !painting) return;
    this.run?.drop();
    this.history = new CostHistory();
    this.course = { ...NO_COURSE, state: "preparing", steps: config.settings.steps };
    const { width, height, data } = this.adamFrom === "yours" ? painting.copy() : painting.start;
    const nothingYet = () => new Float32Array(data.length);
    const from = { step: 0, width, height, picture: data, moment1: nothingYet(), moment2: nothingYet() };
    const { settings, network } = config;
    const byAdam = { ...config, settings: { ...settings, optimiser: adamOptions(settings.optimiser, network.card) } };
    const run = (this.run = new RunHandle(kernels, byAdam, (batch) => (this.run === run ? this.follow(batch) : batch.image?.close()), from));
    run.ended.catch((error: Error) => {
      if (this.run !== run || error.name === "AbortError") return;
      this.course = { ...this.course, state: "stopped", notice: error.message };
      this.requestUpdate();
    });
    this.requestUpdate();
  };

  private follow(batch: RunBatch): void {
    const { state, step, stepsPerSecond, notice } = batch;
    this.history.append(batch);
    const start = this.meter?.score.start?.total ?? NaN;
    this.course = { ...this.course, state, step, stepsPerSecond, notice: notice ?? this.course.notice, shares: this.history.column("total").map((total) => total / start) as Float64Array<ArrayBuffer> };
    if (batch.image) {
      if (this.paintView) this.paintView.show(batch.image);
      else batch.image.close();
    }
    this.renew.request();
    this.requestUpdate();
  }

  /** Ends what goes on elsewhere for this painting. */
  private drop(): void {
    this.renew.cancel();
    this.meter?.close();
    this.meter = null;
    this.run?.drop();
    this.run = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-paint": PaintCell;
  }
}
