import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { StepOperation } from "../kernel/protocol";
import { type AnatomyValue, DIRECTIONS, type Widths } from "./anatomy-model";
import "./anatomy-operation";
import "./anatomy-shares";
import "./anatomy-table";
import type { Taken } from "./anatomy-taken";
import "./anatomy-timeline";
import { formatMilliseconds, operationText } from "./anatomy-words";
import type { Kernels } from "./context";
import { controlStyles } from "./theme";
import { formatBytes } from "./value-facts";

/**
 * One step taken apart: the timeline of its operations with the memory above, one operation in full, and where the time goes.
 *
 *     <nst-anatomy-view .taken=${taken} .numbers=${value} .operation=${-1} widths="time" by="layer" .kernels=${kernels}></nst-anatomy-view>
 *
 * @fires nst-operation - detail: index of the operation that was chosen
 * @fires nst-widths - detail: "time" or "even"
 * @fires nst-by - detail: "layer" or "kernel"
 * @fires nst-again - the step is to be taken apart anew
 */
@customElement("nst-anatomy-view")
export class AnatomyView extends LitElement {
  @property({ attribute: false }) taken: Taken | null = null;
  @property({ attribute: false }) numbers: AnatomyValue | null = null;
  /** −1: the first convolution */
  @property({ attribute: false }) operation = -1;
  @property() widths: Widths = "time";
  @property() by: "layer" | "kernel" = "layer";
  @property({ attribute: false }) kernels: Kernels | null = null;
  @state() private pointed = -1;
  @state() private tableOpen = false;

  private get selected(): number {
    const operations = this.taken?.record.operations ?? [];
    return operations[this.operation] ? this.operation : Math.max(0, operations.findIndex(({ name }) => name === "FusedConv2D"));
  }

  override render() {
    const { taken, numbers, selected } = this;
    if (!taken || !numbers) return nothing;
    const { operations, activations } = taken.record;
    const shown = operations[this.pointed] ? this.pointed : selected;
    return html`<div class="body">
        ${this.summary(numbers)}
        <div class="controls">
          <span class="either" role="group" aria-label="width of an operation">
            ${([["time", "wide as it took"], ["even", "all alike"]] as const).map(([widths, text]) => html`<button aria-pressed=${this.widths === widths} @click=${() => this.send("nst-widths", widths)}>${text}</button>`)}
          </span>
          <button @click=${() => this.send("nst-again", null)}>Take another</button>
          <span class="legend" aria-hidden="true"><i class="dashes"></i>all feature maps together, ${formatBytes(activations)}</span>
        </div>
        <nst-anatomy-timeline
          .operations=${operations} .activations=${activations} .widths=${this.widths} .selected=${selected} .kinds=${this.kind}
          @nst-operation=${this.choose} @nst-point=${(e: CustomEvent<number>) => (this.pointed = e.detail)}
        ></nst-anatomy-timeline>
        <p class="readout number" aria-hidden="true">${operations[shown] ? operationText(operations[shown], shown, operations.length) : nothing}</p>
      </div>
      <div class="body"><nst-anatomy-operation .taken=${taken} .operation=${selected} .kernels=${this.kernels} @nst-operation=${this.choose}></nst-anatomy-operation></div>
      <div class="body">
        <nst-anatomy-shares .operations=${operations} .by=${this.by} @nst-by=${(e: CustomEvent<string>) => this.send("nst-by", e.detail)}></nst-anatomy-shares>
        <details @toggle=${(e: Event) => (this.tableOpen = (e.target as HTMLDetailsElement).open)}>
          <summary>All ${operations.length} operations as a table</summary>
          ${this.tableOpen ? html`<nst-anatomy-table .operations=${operations} .selected=${selected} @nst-operation=${this.choose}></nst-anatomy-table>` : nothing}
        </details>
      </div>`;
  }

  private summary(numbers: AnatomyValue) {
    const { operations, milliseconds, inOperations, peak, peakOverActivations, threads } = numbers;
    const { record: { heap }, takes } = this.taken!;
    const parts = DIRECTIONS.map((direction) => `${direction} ${formatMilliseconds(numbers[direction].milliseconds)}`).join(", ");
    return html`<p class="summary number">
      <b>${operations} operations in ${formatMilliseconds(milliseconds)}</b>${threads > 1 ? ` on ${threads} threads` : ""}${takes > 1 ? `, the fastest of ${takes} times` : ""}: ${parts}; the other
      ${formatMilliseconds(Math.max(0, milliseconds - inOperations))} pass between them. At most <b>${formatBytes(peak)}</b> are alive at once, ${peakOverActivations.toFixed(2)}
      times what the feature maps of all layers take together${heap > 0 ? html`<span class="soft"> (the worker holds ${formatBytes(heap)} in all, with the network and what it has not given back)</span>` : nothing}.
    </p>`;
  }

  /** Costs have the colour of what they compare with. */
  private kind = ({ direction, layer }: StepOperation): string => {
    const { settings } = this.taken!.config;
    if (direction !== "costs" || layer === "") return "";
    return layer in settings.styleLayers ? "gram" : layer === settings.contentLayer ? "content" : "";
  };

  private choose = ({ detail }: CustomEvent<number>): void => this.send("nst-operation", detail);

  private send(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .body {
        padding: 14px;
      }
      .body + .body {
        border-top: 1px solid var(--line);
      }
      .summary {
        margin: 0 0 12px;
        max-width: 86ch;
        font: 14px/1.5 var(--sans);
      }
      .controls {
        margin-bottom: 12px;
      }
      .legend {
        color: var(--soft);
        font-size: 12px;
      }
      .dashes {
        display: inline-block;
        width: 22px;
        margin-right: 6px;
        border-top: 1px dashed var(--soft);
        vertical-align: middle;
      }
      .readout {
        margin: 8px 0 0;
        min-height: 36px;
        font: 12px/1.5 var(--sans);
        color: var(--soft);
      }
      details {
        margin-top: 14px;
        font: 13px/1.5 var(--sans);
      }
      summary {
        cursor: pointer;
        color: var(--soft);
      }
      @container (width < 520px) {
        .readout {
          min-height: 54px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-view": AnatomyView;
  }
}
