import { html, LitElement, nothing, type PropertyValues, svg } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { kindShape, pullBars, type PullBar, type PullBars, type PullKind } from "./follow-bars";
import { followChartStyles } from "./follow-chart-styles";
import { colourText, pathText, signed } from "./follow-numbers";
import { type Channel, CHANNELS, type PixelPath } from "./follow-path";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/** Of the drawings, in units of their own: they are stretched to the width there is. */
const HEIGHT = 100;

/**
 * The way of a pixel over the steps, in three drawings above each other with one axis: its channels, its colour, and what
 * pulled one of the channels in each step, stacked. A step is read by pointing, and chosen by a click or the arrow keys.
 *
 *     <nst-follow-chart .path=${path} .kinds=${pullKinds(path.terms, false)} .channel=${0} .of=${80} .step=${12} @nst-step=${…}></nst-follow-chart>
 *
 * @fires nst-step - detail: the step that was chosen, 1 for the first
 * @fires nst-inspect - detail: the step that is pointed at, null when none is
 */
@customElement("nst-follow-chart")
export class FollowChart extends LitElement {
  @property({ attribute: false }) path: PixelPath | null = null;
  @property({ attribute: false }) kinds: readonly PullKind[] = [];
  /** whose pulls are drawn */
  @property({ attribute: false }) channel: Channel = 0;
  /** steps that the axis reaches to */
  @property({ attribute: false }) of = 1;
  /** the one that is chosen */
  @property({ attribute: false }) step = 1;
  /** steps at which the settings were changed */
  @property({ attribute: false }) changes: readonly number[] = [];

  @state() private inspected: number | null = null;
  @query(".swatches") private swatches!: HTMLCanvasElement;
  private drawn: PullBars = { bars: [], reach: 0, cut: [] };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!this.path || !(changed.has("path") || changed.has("kinds") || changed.has("channel"))) return;
    this.drawn = pullBars(this.path, this.kinds, this.channel);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if ((changed.has("path") || changed.has("of")) && this.path) this.paintColours(this.path);
  }

  override render() {
    const { path, of, kinds, channel } = this;
    if (!path) return nothing;
    const { bars, reach } = this.drawn;
    const shown = Math.min(path.steps, this.inspected ?? this.step);
    const line = (c: number) => Array.from({ length: path.steps + 1 }, (_, s) => `${s},${((1 - path.colours[s * 3 + c]) * HEIGHT).toFixed(2)}`).join(" ");
    const net = bars.map(({ from, to, net }) => `M${from} ${Math.max(0, Math.min(HEIGHT, (HEIGHT / 2) * (1 - net / (reach || 1))))}H${to}`).join("");
    const rule = (y: number) => svg`<line class="grid" x1="0" x2=${of} y1=${y} y2=${y} />`;
    const mark = svg`<rect class="mark" x=${Math.max(0, shown - 1)} width="1" y="0" height=${HEIGHT} />`;
    const changes = this.changes.filter((step) => step > 0 && step < of).map((step) => svg`<line class="change" x1=${step} x2=${step} y1="0" y2=${HEIGHT} />`);
    const drawing = (name: string, body: unknown) => html`<svg class=${name} viewBox="0 0 ${of} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${body}</svg>`;
    return html`<div class="rows" role="img" aria-label="${pathText(path)} ${this.barsText()}">
        <span class="ends"><i>1</i><i class="name">colour</i><i>0</i></span>
        ${drawing("curves", [mark, rule(0), rule(HEIGHT / 2), rule(HEIGHT), changes, ...CHANNELS.map((name, c) => svg`<polyline class="${name} ${c === channel ? "chosen" : ""}" points=${line(c)} />`)])}
        <span class="ends"></span>
        <canvas class="swatches" height="1"></canvas>
        <span class="ends"><i>${signed(reach, 3)}</i><i class="name">pulls, ${CHANNELS[channel]}</i><i>${signed(-reach, 3)}</i></span>
        ${drawing("bars", [mark, changes, ...kinds.map((kind, k) => svg`<path class=${kind.name === "clip" ? "clip" : "pull"} style="fill: ${kind.colour}; stroke: ${kind.colour}" d=${kindShape(bars, k, reach, HEIGHT)} />`), rule(HEIGHT / 2), svg`<path class="net" d=${net} />`])}
        <span></span>
        <span class="axis"><i>0</i><i>${bars[0]?.to > 1 ? `one bar for ${bars[0].to} steps` : "step"}</i><i>${formatNumber(of)}</i></span>
      </div>
      <p class="cut">${this.cutText()}</p>
      <div
        class="hit" role="slider" tabindex="0" aria-label="Step to take apart" aria-valuemin=${Math.min(1, path.steps)} aria-valuemax=${path.steps} aria-valuenow=${Math.min(path.steps, this.step)}
        aria-valuetext="step ${Math.min(path.steps, this.step)}: colour ${colourText(path.colours, Math.min(path.steps, this.step))}"
        @pointermove=${(event: PointerEvent) => event.pointerType !== "touch" && this.inspect(this.at(event))} @pointerleave=${() => this.inspect(null)} @click=${(event: MouseEvent) => this.choose(this.at(event))} @keydown=${this.key}
      ></div>`;
  }

  private barsText(): string {
    const all = (k: number) => this.drawn.bars.reduce((sum, { parts }) => sum + parts[k], 0);
    return `Pulls on its ${CHANNELS[this.channel]} value, summed over the steps: ${this.kinds.map(({ title }, k) => `${title} ${signed(all(k), 4)}`).join(", ")}.`;
  }

  private cutText(): string {
    const { cut } = this.drawn;
    if (cut.length === 0) return "";
    const name = ({ from, to }: PullBar) => (to - from > 1 ? `steps ${from + 1} to ${to}` : `step ${to}`);
    return `${cut.length === 1 ? `The bar of ${name(cut[0])} goes` : `${cut.length} bars go`} beyond the drawing: as far as ${formatNumber(Math.max(...cut.map(({ reach }) => reach)), 2)}.`;
  }

  /** The colour after step s reaches half a step to either side. */
  private paintColours({ steps, colours }: PixelPath): void {
    const { swatches } = this;
    const width = 2 * this.of;
    if (swatches.width !== width) swatches.width = width;
    const image = new ImageData(width, 1);
    for (let i = 0; i < width; i++) {
      const step = Math.ceil(i / 2);
      if (step > steps) break;
      for (let c = 0; c < 3; c++) image.data[i * 4 + c] = colours[step * 3 + c] * 255;
      image.data[i * 4 + 3] = 255;
    }
    swatches.getContext("2d")!.putImageData(image, 0, 0);
  }

  private at({ clientX, currentTarget }: MouseEvent): number {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    return this.within(Math.ceil(((clientX - left) / width) * this.of));
  }

  private within(step: number): number {
    return Math.max(Math.min(1, this.path!.steps), Math.min(this.path!.steps, step));
  }

  private inspect(step: number | null): void {
    if (step === this.inspected) return;
    this.inspected = step;
    this.dispatchEvent(new CustomEvent<number | null>("nst-inspect", { detail: step }));
  }

  private choose(step: number): void {
    this.dispatchEvent(new CustomEvent<number>("nst-step", { detail: this.within(step) }));
  }

  private key = (event: KeyboardEvent): void => {
    const { step } = this;
    const far = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: step - far, ArrowDown: step - far, ArrowRight: step + far, ArrowUp: step + far, PageDown: step - 10, PageUp: step + 10, Home: 1, End: this.path!.steps }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.choose(to);
  };

  static override styles = [controlStyles, followChartStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-follow-chart": FollowChart;
  }
}
