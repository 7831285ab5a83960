import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CopyDifference, CopyKind, KeptNetwork } from "../models/client";
import type { Kernels } from "./context";
import { Listening } from "./listening";
import { sourceOf } from "./network-checks";
import type { NetworkDesk } from "./network-desk";
import "./network-job";
import { channelMeans } from "./network-measures";
import { networkStyles } from "./network-styles";
import type { NetworkEntry } from "./networks";
import { formatNumber } from "./numbers";
import { formatBytes } from "./value-facts";

interface Kind {
  how: CopyKind;
  title: string;
  about: string;
}

const KINDS: readonly Kind[] = [
  {
    how: "rescaled",
    title: "As in the paper",
    about: "Average pooling, and every filter rescaled so that its mean activation over pictures and positions is 1 (Gatys et al. 2015). The layers compute the same up to these factors; no filter counts for more in a Gram matrix only because it answers in larger numbers. Filters that hardly answer are scaled by less. In 32 bits.",
  },
  { how: "fp16", title: "In 16 bits", about: "Every number rounded to about three significant digits, two bytes each." },
  { how: "int8", title: "In 8 bits", about: "Kernels in 255 steps, one byte a number, with a scale of its own for each filter." },
];

/** What there can be made of a network, what there is already, and what it costs. */
@customElement("nst-network-copies")
export class NetworkCopies extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  @property({ attribute: false }) network: KeptNetwork | null = null;
  @property({ attribute: false }) entries: readonly NetworkEntry[] = [];
  /** the means of channels are being measured */
  @state() private measuring: { id: string; done: number; of: number } | null = null;
  @state() private problem = "";
  /** what is being measured is given up when the element goes */
  #here: AbortSignal | null = null;

  constructor() {
    super();
    new Listening(this, () => this.desk, (desk, signal) => {
      this.#here = signal;
      desk.addEventListener("changed", () => this.requestUpdate(), { signal });
    });
  }

  override render() {
    const { network, desk } = this;
    if (!network || !desk) return nothing;
    const kinds = KINDS.filter(({ how }) => possible(network, how));
    if (!network.copyOf && kinds.length === 0) return nothing;
    return html`<h3>Copies</h3>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing} ${network.copyOf ? this.#against(network, network.copyOf) : nothing}
      ${kinds.length > 0
        ? html`<ul>
              ${kinds.map((kind) => this.#kind(kind, network, desk))}
            </ul>
            <p class="small soft">A copy is a network of its own beside this one. In use, all take the same ${formatBytes(network.memory)} of memory: it is computed in 32 bits.</p>`
        : nothing}`;
  }

  #kind({ how, title, about }: Kind, network: KeptNetwork, desk: NetworkDesk) {
    const copy = this.entries.find(({ kept }) => kept?.copyOf === network.id && kept.made === how)?.kept;
    const job = desk.importer?.jobs.find(({ task, state }) => task.kind === "copy" && task.id === network.id && task.how === how && state.phase !== "done");
    const measuring = this.measuring?.id === network.id ? this.measuring : null;
    return html`<li>
      <div class="head">
        <b>${title}</b>
        ${copy ? html`<span class="chip">${copy.id}</span> <span class="number small">${formatBytes(copy.bytes)} <span class="soft">instead of ${formatBytes(network.bytes)}</span></span>` : nothing}
        <span class="spacer"></span>
        ${copy
          ? html`<button type="button" aria-label="Look at ${copy.card.title}" @click=${() => this.#show(copy.id)}>Look at it</button>`
          : job
            ? nothing
            : html`<button type="button" aria-label="Make the copy: ${title}" ?disabled=${!desk.importer || measuring !== null} @click=${() => void this.#make(network, how)}>${how === "rescaled" && measuring ? measuringText(measuring) : "Make it"}</button>`}
      </div>
      <p class="small soft">${about}</p>
      ${job ? html`<nst-network-job .importer=${desk.importer} .job=${job}></nst-network-job>` : nothing} ${copy ? this.#cost(copy, network, desk) : nothing}
    </li>`;
  }

  /** What a copy costs against this network: measured, or to be measured. */
  #cost(copy: KeptNetwork, original: KeptNetwork, { checks }: NetworkDesk) {
    const going = checks.going.get(copy.id);
    if (going?.what === "difference") return html`<p class="small soft" role="status">Measuring what it costs: the same short run with both${going.of > 0 ? `, ${going.done} of ${going.of}` : ""} …</p>`;
    const problem = checks.problems.get(copy.id);
    return html`${problem ? html`<p class="problem" role="alert">${problem}</p>` : nothing}
      ${copy.difference?.against === original.id
        ? differenceView(copy.difference, copy.made)
        : html`<div class="controls"><button type="button" ?disabled=${going !== undefined} @click=${() => void checks.difference(copy, original)}>Measure what it costs</button></div>`}`;
  }

  #against({ difference, made }: KeptNetwork, of: string) {
    const original = this.entries.find(({ id }) => id === of);
    return html`<p class="small">Made of ${original ? html`<button type="button" class="plain link" @click=${() => this.#show(of)}>${original.title}</button>` : of}.</p>
      ${difference ? differenceView(difference, made) : nothing}`;
  }

  async #make(network: KeptNetwork, how: CopyKind): Promise<void> {
    const { importer, kernels } = this.desk!;
    if (!importer) return;
    this.problem = "";
    const signal = this.#here!;
    try {
      importer.makeCopy(network.id, how, how === "rescaled" ? await this.#means(kernels, network, signal) : null);
    } catch (error) {
      if (!signal.aborted) this.problem = `The copy could not be made: ${(error as Error).message}`;
    } finally {
      this.measuring = null;
    }
  }

  async #means(kernels: Kernels, network: KeptNetwork, signal: AbortSignal): Promise<Record<string, Float32Array>> {
    this.measuring = { id: network.id, done: 0, of: 0 };
    return channelMeans(kernels, sourceOf(network), { signal, progress: (done, of) => (this.measuring = { id: network.id, done, of }) });
  }

  #show(id: string): void {
    this.dispatchEvent(new CustomEvent<string>("nst-show", { detail: id, bubbles: true, composed: true }));
  }

  static override styles = [
    ...networkStyles,
    css`
      ul {
        margin: 0 0 10px;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 10px 0;
        border-bottom: 1px solid var(--line);
      }
      li > p {
        margin: 4px 0 6px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
        min-height: 30px;
      }
      .cost {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 22px;
        margin: 0 0 4px;
        font: 13px/1.5 var(--sans);
      }
      .cost div {
        display: flex;
        gap: 6px;
      }
      .link {
        min-height: 0;
        padding: 0;
        border-radius: 3px;
        text-decoration: underline;
        text-underline-offset: 2px;
      }
    `,
  ];
}

const measuringText = ({ done, of }: { done: number; of: number }) => (of > 0 ? `Measuring, ${done} of ${of} …` : "Measuring …");

/** Which copies make sense: fewer bits than there are, rescaled once, and nothing is made of 8 bits. */
function possible({ card, made }: KeptNetwork, how: CopyKind): boolean {
  const { dtype } = card.weights;
  if (dtype === "I8") return false;
  return how === "rescaled" ? made !== "rescaled" : how === "int8" || dtype === "F32";
}

function differenceView({ size, steps, costs, picture }: CopyDifference, made: KeptNetwork["made"]) {
  const [before, after] = costs.end;
  const share = before > 0 ? 100 * (after / before - 1) : 0;
  const sign = share < 0 ? "−" : "+";
  const rescaled = made === "rescaled";
  return html`<dl class="cost number">
      <div><dt>J after ${steps} steps at ${size} px</dt><dd>${formatNumber(before)} → ${formatNumber(after)}${rescaled ? nothing : ` (${sign}${formatNumber(Math.abs(share), 2)} %)`}</dd></div>
      <div><dt>pictures differ by</dt><dd>${formatNumber(picture.mean, 2)} of 255 on average, ${formatNumber(picture.largest, 2)} at most</dd></div>
    </dl>
    ${rescaled ? html`<p class="small soft">Its J is measured in other units, and weighs the filters otherwise: it is another style, not a worse one.</p>` : nothing}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-copies": NetworkCopies;
  }
}
