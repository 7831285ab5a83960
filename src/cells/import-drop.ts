import { css, html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type Dropped, droppedFiles } from "./dropped-files";

/** So long after the last sign of a file over the window it has left, or was let go elsewhere. */
const GONE_MS = 250;

/**
 * Takes files and folders that are dropped anywhere on the window where no cell wants them. A picture that misses its cell does nothing: without this, the browser would leave the page and show the picture.
 *
 * @fires nst-files - (detail: Promise<Dropped>)
 */
@customElement("nst-import-drop")
export class ImportDrop extends LitElement {
  @state() private over = false;
  #gone: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.#dragged);
    addEventListener("drop", this.#dropped);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("dragover", this.#dragged);
    removeEventListener("drop", this.#dropped);
    this.#show(false);
  }

  readonly #dragged = (event: DragEvent) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return this.#show(false);
    event.preventDefault();
    const pictures = [...event.dataTransfer.items].filter(({ kind }) => kind === "file").every(({ type }) => type.startsWith("image/"));
    event.dataTransfer.dropEffect = pictures ? "none" : "copy";
    this.#show(!pictures);
  };

  readonly #dropped = (event: DragEvent) => {
    this.#show(false);
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent<Promise<Dropped>>("nst-files", { detail: droppedFiles(event.dataTransfer) }));
  };

  #show(over: boolean): void {
    clearTimeout(this.#gone);
    this.over = over;
    if (over) this.#gone = setTimeout(() => (this.over = false), GONE_MS);
  }

  override render() {
    return this.over ? html`<div class="over">Drop to import</div>` : nothing;
  }

  static override styles = css`
    .over {
      position: fixed;
      inset: 10px;
      z-index: 30;
      display: grid;
      place-items: center;
      border: 2px dashed var(--edge);
      border-radius: 12px;
      background: color-mix(in srgb, var(--paper) 88%, transparent);
      color: var(--ink);
      font: 600 17px var(--sans);
      pointer-events: none;
    }
    @media print {
      .over {
        display: none;
      }
    }
  `;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-import-drop": ImportDrop;
  }
}
