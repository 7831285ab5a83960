import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { RunConfig } from "../kernel/protocol";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import { layerShapes } from "../nst/layer-shapes";
import { paperName } from "../nst/names";
import type { TransferSettings } from "../nst/settings";
import { type BalanceAt, unitPulls } from "./balance-measure";
import { type ContentSize, PAPER, paperRatio, shareOf, type UnitPulls, weightsFor } from "./balance-share";
import { balanceStyles } from "./balance-styles";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import type { NetworkValue } from "./network";
import "./number-field";
import { formatCount, formatNumber } from "./numbers";

interface Inputs {
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

/** What was measured, and of what. */
interface Measured {
  of: unknown;
  pulls: Promise<UnitPulls>;
  abort: AbortController;
}

/** What stands beneath the slider. */
interface Shown {
  pulls: UnitPulls;
  size: ContentSize;
  layer: string;
}

/**
 * Balances the two costs by how hard they pull: the share of the content cost in ‖α∇J_content‖ + ‖β∇J_style‖ is set by a
 * slider, and α and β follow. Gives the settings with these weights, so that a run can read them; as long as the slider has
 * not been moved, they are the settings that it reads.
 *
 *     <nst-balance as="balanced" of="content style" network="network" settings="settings"></nst-balance>
 *     <nst-run as="G" of="content style" network="network" settings="balanced"></nst-run>
 *
 * `share` is the share of content in per cent, `at` where it is measured ("step" or "blend", see BalanceAt).
 */
@customElement("nst-balance")
export class BalanceCell extends Cell<TransferSettings> {
  static override title = "balance";
  static override roles = ["content", "style", "network", "settings"];
  /** `share`: of content, in per cent; null or the empty text: as in the settings. `at`: where the pulls are measured */
  static override params: Record<"share" | "at", unknown> = { share: null, at: "step" };
  static override lazy = true;
  static override reserve = 240;

  private measured: Measured | null = null;
  private shown: Shown | null = null;

  async compute({ content, style, network, settings }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<TransferSettings> {
    for (const [name, one] of Object.entries({ content, style })) if (!one?.picture) throw new Error(`There is no ${name} picture yet.`);
    const problem = checkSettings({ ...settings, alphaTimesM: 1, beta: 1 }, network.card).errors[0];
    if (problem) throw new Error(problem);
    if (settings.contentLayer === null || Object.keys(settings.styleLayers).length === 0) throw new Error("There is nothing to balance: choose a content layer and at least one style layer in the settings.");
    const config = { network: { card: network.card, base: network.base, random: network.random }, content: content.picture!, style: style.picture!, settings };
    const pulls = await this.pulls(kernel, config);
    signal.throwIfAborted();
    const { width, height } = content.picture!;
    const shape = layerShapes(network.card, width, height).get(settings.contentLayer)!;
    this.shown = { pulls, size: { channels: shape.channels, positions: shape.width * shape.height }, layer: settings.contentLayer };
    const share = this.share;
    return share === null ? settings : { ...settings, ...weightsFor(share / 100, pulls, settings, network.card.defaults) };
  }

  /** Measured once for the same pictures, network, layers and learning rate: the weights alone may change as often as they like. */
  private pulls(kernels: Kernels, config: RunConfig): Promise<UnitPulls> {
    const { contentLayer, styleLayers, pooling, tap, contentTap, styleStatistic, optimiser } = config.settings;
    const of = { ...config, settings: { contentLayer, styleLayers, pooling, tap, contentTap, styleStatistic, optimiser }, at: this.at };
    if (this.measured && equal(this.measured.of, of)) return this.measured.pulls;
    this.measured?.abort.abort();
    // not the signal of this computation: the slider may have moved long before the pulls are known
    const abort = new AbortController();
    const pulls = unitPulls(kernels, config, this.at, abort.signal);
    this.measured = { of, pulls, abort };
    pulls.catch(() => {
      if (this.measured?.pulls === pulls) this.measured = null;
    });
    return pulls;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (!this.isConnected) this.measured?.abort.abort();
    });
  }

  private get at(): BalanceAt {
    return this.param<string>("at") === "blend" ? "blend" : "step";
  }

  /** In per cent; null: as in the settings. @throws Error for what is no share */
  private get share(): number | null {
    const share = this.param<number | string | null>("share");
    if (share === null || share === "") return null;
    const number = Number(share);
    if (!(number >= 0 && number <= 100)) throw new Error(`share="${share}" should be a number from 0 to 100: the share of content in per cent.`);
    return number;
  }

  override headerNote(): typeof nothing {
    return nothing;
  }

  view(value: TransferSettings | undefined): TemplateResult | typeof nothing {
    const { shown } = this;
    if (!value || !shown) return this.error ? nothing : html`<div class="body soft">${this.status === "waiting" ? `“${this.waitingFor}” has no value yet.` : "Measuring how hard the two pull …"}</div>`;
    const percent = 100 * shareOf(value, shown.pulls);
    const text = formatNumber(percent, 2);
    const choose = (share: number) => this.setParam("share", Math.max(0, Math.min(100, share)));
    const either = (at: BalanceAt, text: string) => html`<button aria-pressed=${this.at === at} @click=${() => this.setParam("at", at)}>${text}</button>`;
    return html`<div class="body">
        <div class="slider">
          <span class="content">content</span>
          <nst-number-field label="share of content in the pull, in per cent, as a number" unit="%" .value=${Number(percent.toPrecision(3))} .min=${0} .max=${100} @nst-change=${(e: CustomEvent<number>) => choose(e.detail)}></nst-number-field>
          <span class="spacer"></span>
          <span class="style">style <b>${formatNumber(100 - percent, 2)} %</b></span>
          <span class="bar" aria-hidden="true"><i class="of-content" style="width: ${percent}%"></i><i class="of-style" style="width: ${100 - percent}%"></i></span>
          <input type="range" min="0" max="100" step="0.5" .value=${String(percent)} aria-label="share of content in the pull, in per cent" aria-valuetext="content ${text} per cent, style ${formatNumber(100 - percent, 2)} per cent" @input=${(e: Event) => choose((e.target as HTMLInputElement).valueAsNumber)} />
        </div>
        <div class="controls">
          <span class="choice"><span class="soft">measured</span> <span class="either">${either("step", "after one step")}${either("blend", "halfway")}</span></span>
          <button ?disabled=${this.param("share") === null || this.param("share") === ""} @click=${() => this.setParam("share", null)}>As in the settings</button>
        </div>
        <p class="note">${this.at === "step"
          ? html`Measured after one step of Adam from the content picture. In the content picture itself the content cost is 0 and so is its gradient: no weight could make it pull.`
          : html`Measured halfway between the content and the style picture, where both costs are far from 0. In the content picture itself the content cost has no gradient, in the style picture the style cost has none.`}</p>
      </div>
      <div class="body">${this.raw(value, shown)}</div>`;
  }

  /** The weights as they stand in the formula. */
  private raw(value: TransferSettings, { size, layer }: Shown) {
    const { alphaTimesM, beta } = value;
    const alpha = alphaTimesM / size.positions;
    const number = (part: number) => (Number.isFinite(part) ? formatNumber(part, 3) : "–");
    return html`<dl class="number">
      <div><dt><i>α</i> · <i>M</i></dt><dd class="content">${number(alphaTimesM)}</dd></div>
      <div><dt><i>β</i></dt><dd class="style">${number(beta)}</dd></div>
      <div><dt><i>α</i></dt><dd>${number(alpha)}<small>with <i>M</i> = ${formatCount(size.positions)} positions of ${paperName(layer)}</small></dd></div>
      <div><dt><i>α</i> / <i>β</i></dt><dd>${number(alpha / beta)}<small>as the formula has it, at this size</small></dd></div>
      <div><dt><i>α</i> / <i>β</i> in the paper’s unit</dt><dd>${number(paperRatio(value, size))}<small>for the same weight on each number of a layer that has ${PAPER.channels} maps of ${formatCount(PAPER.positions)} positions, as in VGG-19 at 512 px. Another network answers with other numbers, so that only the order of such values can be compared.</small></dd></div>
    </dl>`;
  }

  static override styles = balanceStyles;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-balance": BalanceCell;
  }
}
