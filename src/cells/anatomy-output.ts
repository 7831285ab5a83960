import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ChannelStatistics, Methods } from "../kernel/protocol";
import { outputLook, type OutputLook } from "./anatomy-look";
import type { Taken } from "./anatomy-taken";
import "./colour-legend";
import type { Kernels } from "./context";
import { channelScales, channelText } from "./features";
import "./gram-map";
import { type MatrixWindow, wholeWindow } from "./gram-window";
import "./map-grid";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";
import { colourScale } from "./value-colours";
import { formatShape } from "./value-facts";
import "./value-view";

type Output = Methods["step.output"]["result"];
type Entry = readonly [number, number];

interface Shown {
  /** of the operation */
  name: string;
  look: OutputLook;
  shape: number[];
  /** of maps */
  statistics: ChannelStatistics | null;
}

/** Outputs kept to be looked at again, in numbers: 16 MB. */
const KEPT = 4e6;
/** An operation that is passed on the way to another is not computed: it must have rested for so long, in ms. */
const REST = 120;

/**
 * What an operation of a step gave: the step is taken once more, and this output of it kept. Maps as a grid, a Gram matrix as
 * a heat map, a number as a number.
 *
 *     <nst-anatomy-output .taken=${taken} .operation=${17} .kernels=${kernels}></nst-anatomy-output>
 */
@customElement("nst-anatomy-output")
export class AnatomyOutput extends LitElement {
  @property({ attribute: false }) taken: Taken | null = null;
  @property({ attribute: false }) operation = -1;
  @property({ attribute: false }) kernels: Kernels | null = null;

  @state() private shown: Shown | null = null;
  /** the operation that `shown` belongs to */
  @state() private of = -1;
  @state() private problem = "";
  @state() private channel = 0;
  @state() private entry: Entry = [0, 0];
  @state() private matrix: MatrixWindow = wholeWindow(0);
  /** outputs by operation, the one that was looked at last at the end */
  private readonly outputs = new Map<number, Output>();
  private asked: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.asked?.abort();
    this.outputs.clear();
    this.of = -1;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) void this.look();
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has("taken")) {
      this.outputs.clear();
      this.of = -1;
    }
    if (["taken", "operation", "kernels"].some((name) => changed.has(name))) void this.look();
  }

  private async look(): Promise<void> {
    const { taken, operation, kernels } = this;
    this.asked?.abort();
    if (!taken || !kernels || !taken.record.operations[operation]) return;
    const { signal } = (this.asked = new AbortController());
    try {
      if (!this.outputs.has(operation)) await new Promise((resolve) => setTimeout(resolve, REST));
      signal.throwIfAborted();
      const { shape, data } = await this.output(taken, operation, kernels, signal);
      const { operations } = taken.record;
      const look = outputLook(shape, data, operations[operation], operations);
      const statistics = look.as === "maps" ? await kernels.lab.call("maps.statistics", { maps: look.maps }, { signal }) : null;
      signal.throwIfAborted();
      this.shown = { name: operations[operation].name, look, shape, statistics };
      this.of = operation;
      this.problem = "";
      this.channel = 0;
      this.entry = [0, 0];
      this.matrix = wholeWindow(look.as === "gram" ? look.n : 0);
    } catch (error) {
      if (!signal.aborted) this.problem = (error as Error).message;
    }
  }

  private async output({ config, from }: Taken, operation: number, kernels: Kernels, signal: AbortSignal): Promise<Output> {
    const known = this.outputs.get(operation);
    const output = known ?? (await kernels.lab.call("step.output", { config, from, operation }, { signal }));
    this.outputs.delete(operation);
    this.outputs.set(operation, output);
    let numbers = 0;
    for (const [other, { data }] of [...this.outputs].reverse()) {
      numbers += data.length;
      if (numbers > KEPT && other !== operation) this.outputs.delete(other);
    }
    return output;
  }

  override render() {
    const { shown, of, operation, problem } = this;
    if (problem) return html`<p class="soft" role="status">The output could not be read: ${problem}</p>`;
    if (!shown) return html`<p class="soft">Taking the step once more, to keep this output …</p>`;
    return html`<div class=${of === operation ? "" : "stale"} aria-busy=${of !== operation}>${this.drawn(shown)}</div>`;
  }

  private drawn({ name, look, shape, statistics }: Shown) {
    switch (look.as) {
      case "maps":
        return this.maps(look, statistics!, name);
      case "gram":
        return this.gram(look, name);
      case "value":
        return html`<nst-value .shown=${look.shown} label="output of ${name}, ${formatShape(shape)}"></nst-value>`;
    }
  }

  private maps({ maps, matrix }: Extract<OutputLook, { as: "maps" }>, statistics: ChannelStatistics, name: string) {
    const scales = channelScales(statistics, false);
    const channel = Math.min(this.channel, maps.channels - 1);
    const { height, width, channels } = maps;
    return html`<nst-map-grid
        .maps=${maps} .order=${Array.from({ length: channels }, (_, i) => i)} .scales=${scales} .selected=${channel} .visible=${3} .describe=${(one: number) => channelText(statistics, one)}
        label="output of ${name}: ${channels} maps of ${height} × ${width}. Arrow keys choose one."
        @nst-channel=${(e: CustomEvent<number>) => (this.channel = e.detail)}
      ></nst-map-grid>
      <div class="beneath">
        <nst-colour-legend .scale=${scales[channel]} label="map ${channel}"></nst-colour-legend>
        <p class="number">
          ${channelText(statistics, channel).replace("channel", "Map")}, minimum ${formatNumber(statistics.minimum[channel])}.
          ${matrix ? html`The matrix of ${height} · ${width} positions and ${channels} maps, drawn as the maps that it holds.` : nothing}
          ${channels > 1 ? "Each map has a scale of its own." : nothing}
        </p>
      </div>`;
  }

  private gram({ values, n }: Extract<OutputLook, { as: "gram" }>, name: string) {
    const [i, j] = this.entry;
    let [min, max] = [Infinity, -Infinity];
    for (const value of values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const scale = colourScale(min, max);
    return html`<div class="gram">
      <nst-gram-map
        .values=${values} .order=${Array.from({ length: n }, (_, k) => k)} .scale=${scale} spread="root" .window=${this.matrix} .entry=${this.entry}
        label="output of ${name}, a symmetric matrix of ${n} × ${n}, from ${formatNumber(min)} to ${formatNumber(max)}"
        @point=${(e: CustomEvent<Entry | null>) => e.detail && (this.entry = e.detail)} @choose=${(e: CustomEvent<Entry>) => (this.entry = e.detail)}
        @window=${(e: CustomEvent<MatrixWindow>) => (this.matrix = e.detail)}
      ></nst-gram-map>
      <p class="number">Maps ${i} and ${j}: <b>${formatNumber(values[i * n + j], 4)}</b>. Colours go by the square root.</p>
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        min-height: 150px;
        font: 12px/1.5 var(--sans);
        color: var(--soft);
      }
      p {
        margin: 0;
      }
      b {
        color: var(--ink);
      }
      .stale {
        opacity: 0.6;
      }
      .beneath {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 24px;
        margin-top: 10px;
      }
      .beneath nst-colour-legend {
        flex: 0 1 220px;
      }
      .beneath p {
        flex: 1 1 220px;
        max-width: 60ch;
      }
      .gram {
        max-width: 380px;
      }
      .gram p {
        margin-top: 8px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-output": AnatomyOutput;
  }
}
