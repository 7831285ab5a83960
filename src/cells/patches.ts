import { css, html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { NetworkSource, Patch } from "../kernel/protocol";
import { kerasName } from "../nst/names";
import { receptiveField } from "../nst/receptive-field";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import { layerSelect, layerTitle } from "./layer-choice";
import "./number-field";
import { type NamedPicture, PatchPictures } from "./patches-pictures";
import "./patches-sheet";
import "./patches-strip";

/** The value of a patches cell. */
export interface PatchesValue {
  /** Keras name */
  layer: string;
  /** pictures that have been looked through, of how many */
  done: number;
  of: number;
  /** what the pictures are called */
  names: string[];
  /** for every channel the units that answered most, best first; `picture` is an index of `names` */
  channels: Patch[][];
}

/** Patches of a channel that are kept. */
const TOP = 8;

/**
 * What excites the channels of a layer: the places, in the sample pictures, the reader's own and those that are given, where
 * each channel answers most, cut out to what one unit sees. All channels of a layer are worked out together, picture by
 * picture, so that another channel is there at once.
 *
 *     <nst-patches network="network" chosen="layer" of="content style"></nst-patches>
 *     <nst-patches network="network" layer="block3_conv1" channel="18"></nst-patches>
 *
 * Value: PatchesValue, renewed with each picture; a number to ask for is such as `patches.channels.18.0.value`.
 */
@customElement("nst-patches")
export class PatchesCell extends Cell<PatchesValue> {
  static override title = "patches";
  static override roles = ["picture", "second", "third", "network", "chosen"];
  static override params = {
    /** Keras' or the paper's name; empty for the layer that the network recommends for the content */
    layer: "",
    /** the channel that is shown */
    channel: 0,
    /** longer side in pixels that the pictures are read at */
    size: 256,
  };
  static override lazy = true;
  static override reserve = 420;

  #gallery = new PatchPictures();
  /** what a value was computed from, by its list of names; pictures are too heavy to be a part of values */
  #sources = new WeakMap<string[], { pictures: NamedPicture[]; missing: string[]; network: NetworkSource }>();

  protected override reads(): readonly string[] {
    const given = (this.getAttribute("of") ?? "").split(/\s+/).filter((name) => name !== "").length;
    return ["picture", "second", "third"].filter((role, i) => i < given || this.getAttribute(role)?.trim()).concat("network", this.#follows ? "chosen" : []);
  }

  /** The layer is another cell's choice. */
  get #follows(): boolean {
    return !!this.getAttribute("chosen")?.trim();
  }

  async *compute(inputs: { picture?: PictureValue; second?: PictureValue; third?: PictureValue; network: NetworkSource; chosen?: string }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): AsyncGenerator<PatchesValue> {
    const { card, base, random } = inputs.network;
    const layer = kerasName(inputs.chosen ?? this.param<string>("layer"), card) || card.defaults.contentLayer;
    receptiveField(card, layer); // says so if there is no such layer
    const given = [inputs.picture, inputs.second, inputs.third].flatMap((value, i) => (value?.picture ? [{ name: value.name ?? `picture ${i + 1}`, picture: value.picture }] : []));
    const { pictures, missing } = await this.#gallery.gather(kernel.lab, this.context?.pictures ?? null, this.param<number>("size"), given, signal);
    const names = pictures.map(({ name }) => name);
    const stream = kernel.lab.stream("patches", { network: { card, base, random }, layer, pictures: pictures.map(({ picture }) => picture), top: TOP }, { signal });
    this.#sources.set(names, { pictures, missing, network: inputs.network });
    for await (const { done, of, channels } of stream) yield { layer, done, of, names, channels };
  }

  override headerNote() {
    if (!this.value) return nothing;
    const { done, of } = this.value;
    return done < of ? html`<span role="status">${done} of ${of} pictures</span>` : `best ${TOP} of ${of} pictures`;
  }

  view(value: PatchesValue | undefined) {
    const source = value && this.#sources.get(value.names);
    if (!source) return html`<div class="body soft">Opening the pictures …</div>`;
    const { pictures, missing, network } = source;
    const field = receptiveField(network.card, value.layer);
    const channel = Math.max(0, Math.min(value.channels.length - 1, this.param<number>("channel")));
    const choose = (channel: number) => this.setParam("channel", channel, { recompute: false });
    return html`<div class="body">
        <div class="controls">
          ${this.#follows ? html`<span class="soft">${layerTitle(value.layer)}</span>` : layerSelect(network.card, value.layer, (layer) => this.setParam("layer", layer))}
          <label>channel <nst-number-field label="channel" whole .value=${channel} .min=${0} .max=${value.channels.length - 1} @nst-change=${(event: CustomEvent<number>) => choose(event.detail)}></nst-number-field></label>
          <span class="soft">of ${value.channels.length}; one unit sees ${field.size} × ${field.size} pixels</span>
        </div>
        ${value.done < value.of ? html`<progress max=${value.of} .value=${value.done} aria-label="Pictures looked through"></progress>` : nothing}
        <nst-patch-sheet .pictures=${pictures} .channels=${value.channels} .field=${field} .chosen=${channel} @nst-channel=${(event: CustomEvent<number>) => choose(event.detail)}></nst-patch-sheet>
      </div>
      <div class="body">
        <nst-patch-strip .pictures=${pictures} .patches=${value.channels[channel]} .field=${field}></nst-patch-strip>
        ${missing.length > 0 ? html`<p class="soft missing">Left out: ${missing.join(" ")}</p>` : nothing}
      </div>`;
  }

  static override styles = [
    ...Cell.styles,
    css`
      nst-number-field {
        --field-width: 4.5em;
      }
      progress {
        display: block;
        width: 100%;
        height: 4px;
        margin-top: 10px;
        accent-color: var(--ink);
      }
      nst-patch-sheet {
        margin-top: 12px;
      }
      .missing {
        margin: 10px 0 0;
        font-size: 12px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-patches": PatchesCell;
  }
}
