import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { Kernels as Workers } from "./context";
import type { NetworkSource } from "../kernel/protocol";
import type { ModelCard } from "../nst/model-card";
import { Cell } from "./cell";
import { brightnessShare, type FirstKernels, kernelPixels, kernelWeights, reachOf } from "./kernels-picture";
import { kernelsStyles } from "./kernels-styles";
import "./kernels-numbers";
import { formatNumber } from "./numbers";
import { ARROWS, type Pixels } from "./pixel-canvas";

/** The value of a kernels cell: weights, and what they come to. */
export interface KernelsValue extends FirstKernels {
  /** Keras name of the layer */
  layer: string;
  /** the largest weight of all, without its sign */
  largest: number;
  /** mean over the kernels of the share that answers to brightness and not to colour, in [0, 1] */
  brightness: number;
}

interface Drawn {
  value: KernelsValue;
  scale: string;
  kernels: { weights: Float32Array; reach: number; pixels: Pixels }[];
}

/**
 * The kernels of the first layer: the only ones that read a picture, and so the only ones that can be looked at as small
 * pictures themselves. Grey is 0; what is brighter in a colour counts for it, what is darker against it. One can be pointed
 * at, or gone to with the arrow keys: its weights are shown as numbers.
 *
 *     <nst-kernels network="network"></nst-kernels>
 *
 * Value: KernelsValue; numbers to ask for are `largest` and `brightness`.
 */
@customElement("nst-kernels")
export class KernelsCell extends Cell<KernelsValue> {
  static override title = "kernels";
  static override roles = ["network"];
  static override params = {
    /** the kernel whose numbers are shown */
    kernel: 0,
    /** what the ends of the colours are: "each" kernel's largest weight, or the largest of "all" */
    scale: "each",
  };
  static override lazy = true;
  static override styles = [...Cell.styles, kernelsStyles];

  @state() private pointed: number | null = null;
  #drawn: Drawn | null = null;

  async compute({ network: { card, base, random } }: { network: NetworkSource }, { signal, kernel: workers }: { signal: AbortSignal; kernel: Workers }): Promise<KernelsValue> {
    const layer = firstConvolution(card);
    const { shape, kernel, bias } = await workers.lab.call("weights", { network: { card, base, random }, layer }, { signal });
    const found: FirstKernels = { side: shape[0], count: shape[3], data: kernel, bias, order: card.input.channels };
    const shares = Array.from({ length: found.count }, (_, i) => brightnessShare(kernelWeights(found, i)));
    return { ...found, layer, largest: reachOf(kernel), brightness: shares.reduce((sum, share) => sum + share, 0) / found.count };
  }

  override headerNote() {
    return this.value ? `${this.value.count} kernels of ${this.value.side} × ${this.value.side} × 3` : nothing;
  }

  view(value: KernelsValue | undefined) {
    if (!value) return html`<div class="body soft">Reading the weights …</div>`;
    const { kernels } = this.#draw(value);
    const chosen = Math.min(this.param<number>("kernel"), value.count - 1);
    const shown = Math.min(this.pointed ?? chosen, value.count - 1);
    const scale = this.param<string>("scale");
    return html`<div class="body kernels">
      <div class="all">
        <div class="grid" role="radiogroup" aria-label="Kernel of ${value.layer}" style="--side:${value.side}" @keydown=${this.#key} @pointerleave=${() => (this.pointed = null)}>
          ${kernels.map(
            ({ pixels, weights, reach }, i) => html`<button
              role="radio"
              aria-checked=${i === chosen}
              aria-label="kernel ${i}: largest weight ${formatNumber(reach)}, ${Math.round(100 * brightnessShare(weights))} % brightness"
              tabindex=${i === chosen ? 0 : -1}
              class=${i === shown ? "shown" : ""}
              @pointerenter=${() => (this.pointed = i)}
              @click=${() => this.#choose(i)}
            >
              <nst-pixel-canvas aria-hidden="true" .pixels=${pixels}></nst-pixel-canvas><span>${i}</span>
            </button>`,
          )}
        </div>
        <div class="foot">
          <div class="key" role="img" aria-label="Scale of colours: dark is −1, grey is 0, bright is 1 times ${scale === "each" ? "the kernel's largest weight" : formatNumber(value.largest)}">
            <div class="ramp"></div>
            <div class="ends">${scale === "each" ? html`<span>−largest</span><span>0</span><span>largest</span>` : html`<span>${formatNumber(-value.largest)}</span><span>0</span><span>${formatNumber(value.largest)}</span>`}</div>
          </div>
          <label>colours reach to the largest weight of
            <select @change=${(event: Event) => this.setParam("scale", (event.target as HTMLSelectElement).value, { recompute: false })}>
              <option value="each" ?selected=${scale === "each"}>each kernel</option>
              <option value="all" ?selected=${scale === "all"}>all kernels</option>
            </select></label>
        </div>
      </div>
      <nst-kernel-numbers .kernel=${shown} .side=${value.side} .weights=${kernels[shown].weights} .bias=${value.bias[shown]} .pixels=${kernels[shown].pixels}></nst-kernel-numbers>
    </div>`;
  }

  #draw(value: KernelsValue): Drawn {
    const scale = this.param<string>("scale");
    if (this.#drawn?.value !== value || this.#drawn.scale !== scale) {
      const kernels = Array.from({ length: value.count }, (_, i) => {
        const weights = kernelWeights(value, i);
        const reach = reachOf(weights);
        return { weights, reach, pixels: kernelPixels(weights, value.side, scale === "all" ? value.largest : reach) };
      });
      this.#drawn = { value, scale, kernels };
    }
    return this.#drawn;
  }

  #choose(kernel: number): void {
    this.setParam("kernel", kernel, { recompute: false });
  }

  #key = (event: KeyboardEvent): void => {
    const step = ARROWS[event.key];
    const grid = event.currentTarget as HTMLElement;
    const buttons = [...grid.querySelectorAll("button")];
    if (!step || buttons.length === 0) return;
    event.preventDefault();
    const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0].offsetTop).length;
    const now = Math.min(this.param<number>("kernel"), buttons.length - 1);
    const next = now + step[0] + columns * step[1];
    if (next < 0 || next >= buttons.length) return;
    this.pointed = null;
    this.#choose(next);
    buttons[next].focus();
  };
}

/** Keras name of the convolution that reads the picture. @throws Error if another layer does */
function firstConvolution({ layers, title }: ModelCard): string {
  if (layers[0].kind !== "conv") throw new Error(`The first layer of ${title} is no convolution, so that it has no kernels to look at.`);
  return layers[0].name;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-kernels": KernelsCell;
  }
}
