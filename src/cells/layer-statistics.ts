import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { NetworkSource } from "../kernel/protocol";
import type { LayerStatistics } from "../nst/map-statistics";
import { paperName } from "../nst/names";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import "./layer-statistics-histograms";
import { formatCount, formatNumber } from "./numbers";

/** The value of a statistics cell: by Keras name of the layer, in the network's order. Empty while there is no picture. */
export type LayerStatisticsValue = Record<string, LayerStatistics>;

const ACCENTS = ["content", "style"];

/**
 * What a picture does to every layer, in numbers: mean, largest number, share of zeros, maps that are 0 everywhere, and how the
 * numbers are spread; as small histograms, or as a table. Pools are left out: they add nothing of their own.
 *
 *     <nst-layer-statistics as="statistics" of="content" network="network"></nst-layer-statistics>
 *
 * Value: LayerStatisticsValue; numbers to ask for are such as `statistics.block5_conv4.sparsity`, `.mean`, `.maximum`, `.dead`.
 */
@customElement("nst-layer-statistics")
export class LayerStatisticsCell extends Cell<LayerStatisticsValue> {
  static override title = "layer statistics";
  static override roles = ["picture", "network"];
  /** `view`: "histograms" or "table" */
  static override params = { view: "histograms" };
  static override lazy = true;
  static override reserve = 420;

  async compute({ picture: { picture }, network }: { picture: PictureValue; network: NetworkSource }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<LayerStatisticsValue> {
    if (!picture) return {};
    const { card, base, random } = network;
    const layers = card.layers.filter(({ kind }) => kind !== "pool").map(({ name }) => name);
    const found = await kernel.lab.call("statistics", { network: { card, base, random }, picture, layers }, { signal });
    return Object.fromEntries(layers.map((layer) => [layer, found[layer]]));
  }

  view(value: LayerStatisticsValue | undefined) {
    if (!value) return html`<div class="body soft">Reading the layers …</div>`;
    const layers = Object.values(value);
    if (layers.length === 0) return html`<div class="body soft">There is no picture yet: start the run.</div>`;
    const view = this.param<string>("view");
    return html`<div class="body">
      <div class="controls">
        <span class="either" role="group" aria-label="How to show the numbers">
          ${["histograms", "table"].map((one) => html`<button aria-pressed=${one === view} @click=${() => this.setParam("view", one, { recompute: false })}>${one}</button>`)}
        </span>
        <span class="soft">${view === "table" ? nothing : "each from 0 to the largest number of its layer; zeros are left out; height: square root of how many; line: the mean, zeros included"}</span>
      </div>
      ${view === "table" ? table(layers) : html`<nst-layer-histograms .statistics=${layers} accent=${this.#accent}></nst-layer-histograms>`}
    </div>`;
  }

  /** The colour of what is read, if it has one. */
  get #accent(): string {
    const of = (this.getAttribute("of") ?? this.getAttribute("picture") ?? "").trim();
    return ACCENTS.includes(of) ? of : "edge";
  }

  static override styles = [
    ...Cell.styles,
    css`
      nst-layer-histograms,
      .table {
        margin-top: 14px;
      }
      .table {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font: 12.5px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      th {
        font-weight: 400;
        color: var(--soft);
      }
      th,
      td {
        padding: 3px 10px 3px 0;
        border-bottom: 1px solid var(--line);
        text-align: right;
        white-space: nowrap;
      }
      th:first-child {
        text-align: left;
      }
      tbody th {
        font: 12px/1.5 var(--mono);
        color: var(--ink);
      }
      .bar {
        display: inline-block;
        width: clamp(20px, 12cqi, 120px);
        height: 8px;
        margin-right: 8px;
        border-radius: 2px;
        background: var(--code);
        text-align: left;
      }
      .bar i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--edge);
      }
      .short {
        display: none;
      }
      @container cell (width < 520px) {
        .long {
          display: none;
        }
        .short {
          display: inline;
        }
        .shape {
          display: none;
        }
      }
    `,
  ];
}

function table(layers: readonly LayerStatistics[]) {
  return html`<div class="table"><table>
    <thead><tr><th scope="col">layer</th><th scope="col" class="shape">shape</th><th scope="col">mean</th><th scope="col">largest</th><th scope="col">zeros</th><th scope="col">silent</th></tr></thead>
    <tbody>
      ${layers.map(
        ({ layer, height, width, channels, mean, maximum, sparsity, dead }) => html`<tr>
          <th scope="row"><span class="long">${layer}</span><span class="short">${paperName(layer)}</span></th>
          <td class="shape">${height} × ${width} × ${channels}</td>
          <td>${formatNumber(mean)}</td>
          <td>${formatNumber(maximum)}</td>
          <td><span class="bar" aria-hidden="true"><i style="width:${100 * sparsity}%"></i></span>${formatNumber(100 * sparsity)} %</td>
          <td>${formatCount(dead)} of ${formatCount(channels)}</td>
        </tr>`,
      )}
    </tbody>
  </table></div>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-layer-statistics": LayerStatisticsCell;
  }
}
