import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { ImportJob } from "../models/client";
import { chooseFiles } from "./import-file";
import { droppedFiles } from "./dropped-files";
import type { NetworkDesk } from "./network-desk";
import "./network-job";
import { networkStyles } from "./network-styles";
import { networkFiles, NO_NETWORKS, verdictText, WEIGHTS_FILES, weightsIn } from "./network-words";

const NO_WEIGHTS = "There is no weights file in this folder. Such files end in .safetensors, .h5, .pth or .pt, or are a model.json with its parts.";

/**
 * Where weights files are dropped or chosen, and what becomes of them.
 *
 *     html`<nst-network-import .desk=${desk} .jobs=${jobs}></nst-network-import>`
 */
@customElement("nst-network-import")
export class NetworkImport extends LitElement {
  @property({ attribute: false }) desk: NetworkDesk | null = null;
  /** those to show here */
  @property({ attribute: false }) jobs: readonly ImportJob[] = [];
  @state() private over = false;
  @state() private problem = "";

  override render() {
    const importer = this.desk?.importer;
    if (!importer) return html`<p class="none">${NO_NETWORKS}</p>`;
    return html`<div class="zone ${this.over ? "over" : ""}" @dragover=${this.#dragged} @dragleave=${() => (this.over = false)} @drop=${this.#dropped}>
        <div class="controls"><span><b>Drop a weights file or a folder here</b>, or</span> <button @click=${this.#choose}>Choose a file…</button></div>
        <p class="small soft">safetensors, Keras’ <code>.h5</code>, PyTorch’s <code>.pth</code>, or TensorFlow.js’ <code>model.json</code> together with its parts. VGG-11 to VGG-19, SqueezeNet and AlexNet are recognised by their tensors. Files are read on this computer and go nowhere.</p>
      </div>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.jobs.length > 0
        ? html`<ul aria-label="Being brought in">${this.jobs.map((job) => html`<li><nst-network-job .importer=${importer} .job=${job}></nst-network-job>${this.#what(job)}</li>`)}</ul>`
        : nothing}`;
  }

  /** What was found in a file that is in: why its pixels are read so, and whether it answers as it should. */
  #what({ state: { phase, network, recognised } }: ImportJob) {
    if (phase !== "done" || !network) return nothing;
    const { checks, kept } = this.desk!;
    const sanity = kept.get(network.id)?.sanity;
    const test = checks.going.has(network.id)
      ? "Testing it with the sample photographs …"
      : sanity
        ? `Sanity test: it ${verdictText(sanity.verdict)}.`
        : (checks.problems.get(network.id) ?? "");
    return html`<p class="found small ${sanity && sanity.verdict !== "fits" ? "suspicious" : ""}">${recognised?.inputFrom ?? ""} <span role="status">${test}</span></p>`;
  }

  readonly #dragged = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.over = true;
  };

  readonly #dropped = (event: DragEvent) => {
    this.over = false;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.problem = "";
    droppedFiles(event.dataTransfer).then(
      ({ files, folders }) => {
        for (const group of [files, ...folders.map(weightsIn)]) this.#import(group);
        if (folders.some((folder) => weightsIn(folder).length === 0)) this.problem = NO_WEIGHTS;
      },
      (error: Error) => (this.problem = error.message),
    );
  };

  readonly #choose = async () => {
    // systems of telephones know none of these endings, and would offer no file at all
    const files = await chooseFiles(matchMedia("(pointer: coarse)").matches ? "" : WEIGHTS_FILES);
    this.#import(files);
  };

  #import(files: readonly File[]): void {
    for (const group of networkFiles(files)) this.desk?.importer?.importFiles(group);
  }

  static override styles = [
    ...networkStyles,
    css`
      .zone {
        padding: 14px 16px;
        border: 1.5px dashed var(--edge);
        border-radius: var(--radius);
      }
      .zone.over {
        background: var(--code);
        border-color: var(--ink);
      }
      .zone .controls {
        margin-bottom: 8px;
        font-size: 14px;
      }
      .zone p,
      .none {
        margin: 0;
      }
      ul {
        margin: 12px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding: 12px 16px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      li + li {
        margin-top: 8px;
      }
      .found {
        margin: 6px 0 0;
        color: var(--soft);
      }
      .suspicious [role="status"] {
        color: var(--error);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-import": NetworkImport;
  }
}
