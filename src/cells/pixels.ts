import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import type { InputSpec, ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import { formatCount, formatNumber } from "./numbers";
import "./pixel-canvas";
import { pixelsOf, type Probe } from "./pixel-canvas";
import { backOf, bytesOf, chainOf, placeOf, roundTrip, type Stage, stagesOf, type Triple } from "./pixels-chain";
import "./pixels-grid";
import { pixelsStyles } from "./pixels-styles";
import "./pixels-window";
import { formatBytes } from "./value-facts";

/** The value of a pixels cell; null numbers: the picture is not there yet. */
export interface PixelsValue {
  picture: Picture | null;
  /** what the first layer reads: [height, width, 3], in the network's order */
  read: Float32Array | null;
  /** how the network reads pixels */
  input: InputSpec;
  /** numbers in the tensor, and what they take of the memory, in kB (1000 bytes) */
  count: number | null;
  kilobytes: number | null;
  /** of what the network reads */
  smallest: number | null;
  largest: number | null;
  /** largest difference between the picture and what the way back makes of it, in steps of 0 … 255 */
  roundTrip: number | null;
}

/** Pixels a side of the window; up to LEGIBLE each shows its numbers. */
const SIZES = [64, 32, 16, 8, 4];
const LEGIBLE = 8;
/** Numbers of the memory that are shown on each side of the one that is read. */
const AROUND = 4;

const COLOURS: Record<string, string> = { R: "red", G: "green", B: "blue" };

/**
 * A picture down to its numbers: a window on it that is moved and made smaller until one reads them; what is done to them
 * before the first layer, step by step, and back; and where each stands in memory.
 *
 *     <nst-pixels as="pixels" of="content" network="network"></nst-pixels>
 *
 * Questions can ask for `pixels.count`, `pixels.kilobytes`, `pixels.smallest`, `pixels.largest` and `pixels.roundTrip`.
 */
@customElement("nst-pixels")
export class PixelsCell extends Cell<PixelsValue> {
  static override title = "pixels";
  static override lazy = true;
  static override roles = ["picture", "network.card"];
  static override params = {
    /** upper left pixel of the window, { x, y }; null: in the middle */
    at: null,
    /** pixels a side of the window */
    zoom: 16,
    /** pixel of the window that is read, { x, y } */
    chosen: { x: 2, y: 2 },
    /** number of the pixel that is read, 0 to 2 */
    channel: 0,
    /** how far on the way the numbers are, 0 to 5 */
    stage: 0,
  };
  static override styles = [...Cell.styles, pixelsStyles];

  async compute({ picture: value, "network.card": card }: { picture: PictureValue; "network.card": ModelCard }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<PixelsValue> {
    const { picture } = value;
    if (picture === undefined) throw new Error(`“${this.getAttribute("of") ?? "picture"}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    if (!picture) return { picture: null, read: null, input: card.input, count: null, kilobytes: null, smallest: null, largest: null, roundTrip: null };
    const read = await kernel.lab.call("picture.preprocess", { picture, card }, { signal });
    const [smallest, largest] = extremes(read);
    return { picture, read, input: card.input, count: read.length, kilobytes: read.byteLength / 1000, smallest, largest, roundTrip: await roundTrip(picture, read, card.input, signal) };
  }

  override headerNote() {
    const picture = this.value?.picture;
    return picture ? `[${picture.height}, ${picture.width}, 3] float32 · ${formatBytes(picture.data.byteLength)}` : nothing;
  }

  view(value: PixelsValue | undefined) {
    if (!value) return html`<p class="body soft">Waiting for a picture.</p>`;
    if (!value.picture || !value.read) return html`<p class="body soft">There is no picture yet: start the run.</p>`;
    const { picture, read, input } = value;
    const stages = stagesOf(input);
    const size = Math.min(this.param<number>("zoom"), picture.width, picture.height);
    const at = this.#at(picture, size);
    const chosen = this.#chosen(size);
    const pixel = { x: at.x + chosen.x, y: at.y + chosen.y };
    return html`<div class="body stage">${this.#picture(picture, at, size)} ${this.#numbers(value.picture, read, input, stages, at, size)}</div>
      <div class="body">${this.#way(value, stages, pixel)}</div>
      <div class="body">${this.#memory(picture, read, stages.at(-1)!.letters, pixel)}</div>`;
  }

  #picture(picture: Picture, at: { x: number; y: number }, size: number) {
    const sizes = SIZES.filter((one) => one <= Math.min(picture.width, picture.height));
    return html`<figure class="whole">
      <nst-pixel-window label="The picture" .picture=${picture} .at=${at} .size=${size} @window=${(event: CustomEvent) => this.setParam("at", event.detail, { recompute: false })}></nst-pixel-window>
      <figcaption>Drag the window, or move it with the arrow keys.</figcaption>
      <div class="controls">
        <span id="zoom">window</span>
        <span class="either" role="group" aria-labelledby="zoom">${sizes.map((one) => html`<button aria-pressed=${one === size} aria-label="${one} by ${one} pixels" @click=${() => this.#zoom(one, picture)}>${one}</button>`)}</span>
      </div>
    </figure>`;
  }

  #numbers(picture: Picture, read: Float32Array, input: InputSpec, stages: Stage[], at: { x: number; y: number }, size: number) {
    const stage = Math.max(0, Math.min(stages.length - 1, this.param<number>("stage")));
    const chosen = this.#chosen(size);
    const choose = (event: CustomEvent<Probe>) => event.detail && this.setParam("chosen", event.detail, { recompute: false });
    return html`<figure class="zoomed">
      <div class="controls steps" role="group" aria-label="How far the numbers are on their way to the network">
        ${stages.map(({ title }, i) => html`<button aria-pressed=${i === stage} @click=${() => this.setParam("stage", i, { recompute: false })}>${title}</button>`)}
      </div>
      ${size <= LEGIBLE
        ? html`<nst-pixel-grid
            label="${size} × ${size} pixels, numbers after the step ${stages[stage].title}, ${stages[stage].letters.split("").map((letter) => COLOURS[letter]).join(", ")}"
            .columns=${size}
            .colours=${eachPixel(at, size, (x, y) => tripleAt(picture.data, placeOf(picture, y, x, 0)))}
            .numbers=${eachPixel(at, size, (x, y) => this.#after(stage, picture, read, input, x, y))}
            .chosen=${chosen}
            .channel=${this.param<number>("channel")}
            @choose=${choose}
          ></nst-pixel-grid>`
        : html`<nst-pixel-canvas label="${size} × ${size} pixels of the picture. Arrow keys go to a pixel; smaller windows show numbers." reachable .pixels=${pixelsOf(cropped(picture, at, size))} .probe=${chosen} @probe=${choose}></nst-pixel-canvas>`}
      <figcaption>${size <= LEGIBLE ? stages[stage].text : html`Smaller windows show the numbers. <button class="link" @click=${() => this.#zoom(LEGIBLE, picture)}>Zoom in to ${LEGIBLE} × ${LEGIBLE}</button>`}</figcaption>
    </figure>`;
  }

  /** The numbers of a pixel after a stage: at the last, those that the network reads. */
  #after(stage: number, picture: Picture, read: Float32Array, input: InputSpec, x: number, y: number): Triple {
    const place = placeOf(picture, y, x, 0);
    const chain = chainOf(tripleAt(picture.data, place), input);
    return stage === chain.length - 1 ? tripleAt(read, place) : chain[stage];
  }

  #way({ picture, read, input, roundTrip }: PixelsValue, stages: Stage[], { x, y }: { x: number; y: number }) {
    const shown = this.param<number>("stage");
    const back = backOf(tripleAt(read!, placeOf(picture!, y, x, 0)), input).map((value) => value * 255) as Triple;
    const numbers = (values: Triple, letters: string) => values.map((value, c) => html`<td class="number"><small aria-hidden="true">${letters[c]}</small> ${formatNumber(value, 5)}</td>`);
    return html`<h3>The way of pixel (${y}, ${x}) <small>row ${y}, column ${x}</small></h3>
      <table>
        <thead class="visually-hidden"><tr><th>step</th><th>first number</th><th>second</th><th>third</th></tr></thead>
        <tbody>
          ${stages.map(
            ({ title, text, letters, changes }, i) => html`<tr class="${i === shown ? "shown" : ""} ${changes ? "" : "idle"}">
              <th scope="row"><b>${title}</b> <span>${changes ? text : `${text}: nothing to do`}</span></th>
              ${numbers(this.#after(i, picture!, read!, input, x, y), letters)}
            </tr>`,
          )}
          <tr class="back">
            <th scope="row"><b>and back</b> <span>divided, added and put in order again</span></th>
            ${numbers(back, "RGB")}
          </tr>
        </tbody>
      </table>
      <p>Forth and back over all ${formatCount(read!.length)} numbers, the largest difference is <b class="number">${formatNumber(roundTrip!, 2)}</b> of a step from 0 to 255: the rounding of float32, nothing else.</p>`;
  }

  #memory(picture: Picture, read: Float32Array, letters: string, { x, y }: { x: number; y: number }) {
    const channel = this.param<number>("channel");
    const place = placeOf(picture, y, x, channel);
    const first = Math.max(0, Math.min(read.length - 2 * AROUND - 1, place - AROUND));
    const around = Array.from(read.subarray(first, first + 2 * AROUND + 1));
    return html`<h3>Where it stands in memory</h3>
      <p>
        The tensor is ${picture.height} rows of ${picture.width} pixels of 3 numbers: shape [${picture.height}, ${picture.width}, 3], ${formatCount(read.length)} numbers of 4 bytes, ${formatBytes(read.byteLength)}. In memory it is one line.
        <span class="either" role="group" aria-label="Number of the pixel">${[0, 1, 2].map((c) => html`<button aria-pressed=${c === channel} aria-label="number ${c}, ${COLOURS[letters[c]]}" @click=${() => this.setParam("channel", c, { recompute: false })}>${c} ${letters[c]}</button>`)}</span>
      </p>
      <ol class="ribbon" aria-label="Numbers ${first} to ${first + around.length - 1} of the memory">
        ${around.map((value, i) => {
          const index = first + i;
          return html`<li class=${index === place ? "here" : nothing} aria-current=${index === place ? "true" : nothing}><span>${letters[index % 3]}</span><b class="number">${formatNumber(value, 4)}</b><small class="number">${formatCount(index)}</small></li>`;
        })}
      </ol>
      <p class="number">
        (row ${y} × ${picture.width} + column ${x}) × 3 + channel ${channel} = <b>${formatCount(place)}</b>, bytes ${formatCount(4 * place)} to ${formatCount(4 * place + 3)}: <code>${bytesOf(read[place])}</code>
      </p>`;
  }

  #at(picture: Picture, size: number): { x: number; y: number } {
    const at = this.param<{ x: number; y: number } | null>("at") ?? { x: (picture.width - size) >> 1, y: (picture.height - size) >> 1 };
    return { x: Math.max(0, Math.min(picture.width - size, at.x)), y: Math.max(0, Math.min(picture.height - size, at.y)) };
  }

  #chosen(size: number): { x: number; y: number } {
    const { x, y } = this.param<{ x: number; y: number }>("chosen");
    return { x: Math.max(0, Math.min(size - 1, x)), y: Math.max(0, Math.min(size - 1, y)) };
  }

  /** Another size of the window, about the pixel that is read. */
  #zoom(size: number, picture: Picture) {
    const before = Math.min(this.param<number>("zoom"), picture.width, picture.height);
    const [at, chosen] = [this.#at(picture, before), this.#chosen(before)];
    const pixel = { x: at.x + chosen.x, y: at.y + chosen.y };
    this.setParam("zoom", size, { recompute: false });
    this.setParam("at", { x: pixel.x - (size >> 1), y: pixel.y - (size >> 1) }, { recompute: false });
    const now = this.#at(picture, size);
    this.setParam("chosen", { x: pixel.x - now.x, y: pixel.y - now.y }, { recompute: false });
  }
}

function tripleAt(data: Float32Array, place: number): Triple {
  return [data[place], data[place + 1], data[place + 2]];
}

function eachPixel(at: { x: number; y: number }, size: number, of: (x: number, y: number) => Triple): Triple[] {
  return Array.from({ length: size * size }, (_, i) => of(at.x + (i % size), at.y + Math.floor(i / size)));
}

function cropped(picture: Picture, at: { x: number; y: number }, size: number): Picture {
  return { width: size, height: size, data: Float32Array.from(eachPixel(at, size, (x, y) => tripleAt(picture.data, placeOf(picture, y, x, 0))).flat()) };
}

function extremes(values: Float32Array): [number, number] {
  let [smallest, largest] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return [smallest, largest];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pixels": PixelsCell;
  }
}
