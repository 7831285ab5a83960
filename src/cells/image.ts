import { html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { CropRect, OpenPicture } from "../kernel/protocol";
import { isOwnPicture } from "../notebook/pictures";
import type { ModelCard } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import { Camera, cameraExists } from "./camera";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import { centredCrop, outputSize, ratioOf, type Aspect, type Size } from "./crop-geometry";
import "./crop-frame";
import { imageStyles } from "./image-styles";
import { formatNumber } from "./numbers";
import { pixelsOf, type Pixels, type Probe } from "./pixel-canvas";
import { clipboardCanBeRead, droppedFile, pastedFile, readClipboard } from "./picture-sources";
import "./sample-gallery";
import { SAMPLES, type Sample } from "./samples";
import { SourcePicture, type Source } from "./source-picture";
import type { NetworkInput } from "./tensor-strip";
import "./tensor-strip";

/** A picture as the network will see it. */
export interface ImageValue {
  /** cut out and resized */
  picture: Picture;
  /** file name, or what else it is called */
  name: string;
  /** of the upright source picture, in pixels */
  source: Size;
}

const SIZES = [64, 96, 128, 192, 256, 384, 512];
/** Fewer pixels a side than this and the deeper layers have no position left. */
const SMALLEST = 16;
const LARGEST = 2048;
/** From settings, because a run takes no more. */
const LARGEST_SET = 1024;
/** Longer side, in CSS pixels, beyond which the network's picture is shown smaller than it is. */
const SHOWN = 256;

/**
 * A picture chosen by the person, cropped and resized to what the network will read.
 *
 *     <nst-image as="content" src="neuschwanstein.jpg"></nst-image>
 *
 * `src` is a file of public/samples, or "own:" and a hash for a picture of the person's own, which is kept in this browser
 * only. `label` (else the name) chooses the colour: "content" blue, "style" orange.
 */
@customElement("nst-image")
export class ImageCell extends Cell<ImageValue> {
  static override title = "image";
  static override roles = ["settings.size", "network.card"];
  static override params = {
    src: "",
    /** what a picture of the person's own is called */
    file: "",
    /** "settings", or the longer side in pixels */
    size: "settings",
    aspect: "square",
    /** CropRect in pixels of the source; null: the largest in the middle */
    crop: null,
  };
  static override styles = [...Cell.styles, imageStyles];

  @state() private networkInput: NetworkInput | null = null;
  @state() private probe: Probe = null;
  @state() private dropping = false;
  @query("input[type=file]") private picker!: HTMLInputElement;
  @query("nst-camera") private camera!: Camera;

  #source = new SourcePicture({
    kernels: () => this.context?.kernels ?? null,
    pictures: () => this.context?.pictures ?? null,
    opened: ({ src, name }, { chosen, replaced }) => {
      if (chosen) {
        this.setParam("src", src, { recompute: false });
        this.setParam("file", isOwnPicture(src) ? name : "", { recompute: false });
        // a frame belongs to the picture that it was drawn on
        this.setParam("crop", null, { recompute: false });
      }
      // without a source before, compute is still waiting for this one, or has failed
      if (replaced || this.status === "rejected") this.invalidate();
    },
    changed: () => this.requestUpdate(),
  });
  #last: { key: string; source: Source; value: ImageValue } | null = null;
  #shown: { value: ImageValue; pixels: Pixels } | null = null;
  #dragDepth = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("paste", this.#pasted);
    this.addEventListener("dragenter", this.#dragged);
    this.addEventListener("dragover", this.#dragged);
    this.addEventListener("dragleave", this.#dragged);
    this.addEventListener("drop", this.#dropped);
    // the source shows before there is a network or a size
    if (this.context) this.#source.begin(this.param("src"), this.param("file"));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener("paste", this.#pasted);
    this.removeEventListener("dragenter", this.#dragged);
    this.removeEventListener("dragover", this.#dragged);
    this.removeEventListener("dragleave", this.#dragged);
    this.removeEventListener("drop", this.#dropped);
    // as the base class does: moving an element in the page is not the end of it
    queueMicrotask(() => {
      if (!this.isConnected) this.#source.release();
    });
  }

  async compute(inputs: { "settings.size": number; "network.card": ModelCard }, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): Promise<ImageValue> {
    this.#source.begin(this.param("src"), this.param("file"));
    const source = await this.#source.current();
    const crop = this.#crop(source.opened);
    const size = outputSize(crop, this.#longerSide(inputs["settings.size"]), SMALLEST);
    const key = JSON.stringify([crop, size]);
    if (this.#last?.source !== source || this.#last.key !== key) {
      const picture = await this.#source.cut(source, crop, size, signal);
      this.#last = { key, source, value: { picture, name: source.name, source: { width: source.opened.width, height: source.opened.height } } };
    }
    const { value } = this.#last;
    void this.#preprocess(value.picture, inputs["network.card"], kernel, signal);
    return value;
  }

  /** A picture with a size of its own needs no settings in the notebook. */
  protected override reads(): readonly string[] {
    return this.param("size") === "settings" ? ImageCell.roles : ["network.card"];
  }

  override headerNote() {
    if (this.#source.opening) return html`<span role="status">opening ${this.#source.opening}</span>`;
    if (!this.value) return nothing;
    const { width, height } = this.value.picture;
    const time = this.milliseconds === null ? "" : ` · ${Math.max(1, Math.round(this.milliseconds))} ms`;
    return `${height} × ${width} × 3${time}`;
  }

  view(value: ImageValue | undefined) {
    const kind = this.#kind;
    const { source, opening, problem } = this.#source;
    return html`<div
      class="drop ${this.dropping ? "dropping" : ""}"
      style="--accent:var(--${kind ?? "ink"})"
      tabindex="-1"
    >
      ${problem && source ? html`<p class="problem" role="alert"><span>${problem}</span><button class="plain" aria-label="Dismiss the message" @click=${() => this.#source.complain("")}>×</button></p>` : nothing}
      <div class="body stage">
        ${source ? this.#sourceView(source) : html`<p class="empty">${opening ? `Opening ${opening} …` : "Drop a picture here"}</p>`}
        ${value ? this.#seenView(value) : nothing}
      </div>
      <div class="body choose">
        <nst-sample-gallery
          .current=${source?.src ?? ""}
          .first=${kind === "style" ? "painting" : "photograph"}
          @sample=${(event: CustomEvent<Sample>) => this.#source.chooseSample(event.detail.src)}
        ></nst-sample-gallery>
        <div>
          <div class="controls">
            <button @click=${() => this.picker.click()}>Choose a file…</button>
            ${clipboardCanBeRead() ? html`<button @click=${this.#pasteButton}>Paste</button>` : nothing}
            ${cameraExists() ? html`<button @click=${() => this.camera.open()}>Camera…</button>` : nothing}
          </div>
          <p class="soft hint">or drop or paste one here</p>
        </div>
      </div>
      <input type="file" accept="image/*" hidden @change=${this.#picked} />
      <nst-camera @capture=${(event: CustomEvent<Blob>) => this.#source.chooseFile({ file: event.detail, name: "photograph" })}></nst-camera>
    </div>`;
  }

  #sourceView({ opened, name, src: own }: Source) {
    const sample = SAMPLES.find(({ src }) => src === own);
    const aspect = this.param<Aspect>("aspect");
    const title = sample?.title ?? name;
    return html`<figure class="source" style="--aspect:${opened.width / opened.height}">
      <nst-crop-frame
        .image=${opened.preview}
        .source=${opened}
        .rect=${this.#crop(opened)}
        .ratio=${ratioOf(aspect, opened)}
        .smallest=${SMALLEST}
        .label=${sample ? `${sample.title}, by ${sample.author}` : name}
        @crop=${(event: CustomEvent<CropRect>) => this.setParam("crop", event.detail)}
      ></nst-crop-frame>
      <figcaption>
        <span class="title">${title}</span> · ${uprightSize(opened)}${opened.notes.map((note) => html` · <span class="noted">${note}</span>`)}
      </figcaption>
      <div class="controls">
        <label
          >Crop
          <select @change=${(event: Event) => this.#setAspect((event.target as HTMLSelectElement).value as Aspect)}>
            ${(["square", "original", "free"] as const).map((one) => html`<option value=${one} ?selected=${one === aspect}>${one}</option>`)}
          </select></label
        >
        <label
          >Size
          <select @change=${(event: Event) => this.setParam("size", (event.target as HTMLSelectElement).value)}>
            <option value="settings" ?selected=${this.param("size") === "settings"}>as in settings</option>
            ${this.#sizes().map((size) => html`<option value=${size} ?selected=${this.param("size") === String(size)}>${size} px</option>`)}
          </select></label
        >
        ${this.param("crop") ? html`<button class="plain" @click=${() => this.setParam("crop", null)}>Centre</button>` : nothing}
      </div>
    </figure>`;
  }

  #seenView(value: ImageValue) {
    const { picture } = value;
    if (this.#shown?.value !== value) this.#shown = { value, pixels: pixelsOf(picture) };
    const kind = this.#kind;
    const share = picture.width / this.#crop(value.source).width;
    const shown = Math.min(1, SHOWN / Math.max(picture.width, picture.height));
    const setProbe = (event: CustomEvent<Probe>) => (this.probe = event.detail);
    const probe = this.probe && this.probe.x < picture.width && this.probe.y < picture.height ? this.probe : null;
    return html`<figure class="seen" style="--seen:${Math.round(picture.width * shown)}px">
        <nst-pixel-canvas .pixels=${this.#shown.pixels} .probe=${probe} label="${value.name} as the network sees it. Arrow keys read its pixels." reachable @probe=${setProbe}></nst-pixel-canvas>
        <figcaption>
          ${kind ? html`<b class=${kind}>${kind}</b> as the network sees it` : html`<b>as the network sees it</b>`}<br />
          ${probe
            ? html`<span class="number">pixel ${probe.x}, ${probe.y}: ${colourAt(picture, probe)}</span>`
            : html`<span class="number">${picture.height} × ${picture.width} × 3, values 0 … 1${share > 1.005 ? html`, <span class="noted">enlarged ${formatNumber(share, 2)}×</span>` : nothing}${shown < 1 ? html`, <span class="noted">shown at ${Math.round(100 * shown)} %</span>` : nothing}</span>`}
        </figcaption>
      </figure>
      ${this.networkInput ? html`<nst-tensor-strip .input=${this.networkInput} .probe=${probe} @probe=${setProbe}></nst-tensor-strip>` : nothing}`;
  }

  /** Which of the two pictures this is, if the author says so. */
  get #kind(): "content" | "style" | null {
    const label = this.getAttribute("label") ?? this.name;
    return label === "content" || label === "style" ? label : null;
  }

  /** The crop in force: the person's, if it fits the source, else the largest in the middle. */
  #crop(source: Size): CropRect {
    const chosen = this.param<CropRect | null>("crop");
    if (chosen && chosen.x + chosen.width <= source.width && chosen.y + chosen.height <= source.height) return chosen;
    return centredCrop(source, ratioOf(this.param<Aspect>("aspect"), source));
  }

  #longerSide(settings: number): number {
    const own = this.param<string>("size");
    // A size that is being typed is out of range for a moment. Whoever starts a run says so; nothing fails here, which would stop all that follows.
    if (own === "settings") return Math.min(LARGEST_SET, Math.max(SMALLEST, Math.round(settings)));
    const side = Number(own);
    if (!Number.isInteger(side) || side < SMALLEST || side > LARGEST) throw new Error(`size="${own}" is no size. Write size="settings", or whole pixels from ${SMALLEST} to ${LARGEST}.`);
    return side;
  }

  /** What the select offers: also a size that the author of the notebook chose. */
  #sizes(): number[] {
    const own = Number(this.param("size"));
    return Number.isInteger(own) && !SIZES.includes(own) ? [...SIZES, own].sort((a, b) => a - b) : SIZES;
  }

  #setAspect(aspect: Aspect) {
    // a free frame starts from the one that is there
    const crop = aspect === "free" && this.#source.source ? this.#crop(this.#source.source.opened) : null;
    this.setParam("crop", crop, { recompute: false });
    this.setParam("aspect", aspect);
  }

  async #preprocess(picture: Picture, card: ModelCard, kernel: Kernels, signal: AbortSignal): Promise<void> {
    const { networkInput } = this;
    if (networkInput?.picture === picture && networkInput.spec === card.input) return;
    try {
      const data = await kernel.lab.call("picture.preprocess", { picture, card }, { signal });
      if (!signal.aborted) this.networkInput = { picture, data, spec: card.input };
    } catch (error) {
      if (!signal.aborted) this.#source.complain(`The network's view of it could not be worked out: ${(error as Error).message}`);
    }
  }

  #picked = () => {
    const file = this.picker.files?.[0];
    // the same file can be chosen again after it was mended
    this.picker.value = "";
    if (file) this.#source.chooseFile({ file, name: file.name });
  };

  #pasteButton = async () => {
    try {
      this.#source.chooseFile(await readClipboard());
    } catch (error) {
      this.#source.complain((error as Error).message);
    }
  };

  #pasted = (event: ClipboardEvent) => {
    const chosen = pastedFile(event.clipboardData);
    event.preventDefault();
    if (chosen) this.#source.chooseFile(chosen);
    else this.#source.complain("The clipboard holds no picture. Copy one first.");
  };

  #dragged = (event: DragEvent) => {
    if (event.type === "dragenter") this.#dragDepth++;
    if (event.type === "dragleave") this.#dragDepth--;
    if (event.type !== "dragleave") event.preventDefault();
    this.dropping = this.#dragDepth > 0;
  };

  #dropped = (event: DragEvent) => {
    event.preventDefault();
    this.#dragDepth = 0;
    this.dropping = false;
    try {
      this.#source.chooseFile(droppedFile(event.dataTransfer));
    } catch (error) {
      this.#source.complain((error as Error).message);
    }
  };
}

/** What the file holds, as it is seen: a header gives the size before turning. */
function uprightSize({ width, height, original }: OpenPicture): string {
  const turned = width > height !== original.width > original.height && width !== height;
  return turned ? `${original.height} × ${original.width}` : `${original.width} × ${original.height}`;
}

function colourAt({ width, data }: Picture, { x, y }: NonNullable<Probe>): string {
  const at = (y * width + x) * 3;
  return `R ${data[at].toFixed(3)}, G ${data[at + 1].toFixed(3)}, B ${data[at + 2].toFixed(3)}`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-image": ImageCell;
  }
}
