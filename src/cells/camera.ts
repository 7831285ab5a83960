import { css, html, LitElement, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { controlStyles } from "./theme";

/** Why a camera does not start, by the error's name (Media Capture and Streams, getUserMedia). */
const REASONS: Record<string, string> = {
  NotAllowedError: "The camera was not allowed. Allow it in the browser's settings for this page, then try again.",
  NotFoundError: "No camera was found. Connect one, then try again.",
  NotReadableError: "The camera is in use by another program. Close that, then try again.",
};

/** Is there anything that could be a camera? Pages that are not served securely have none. */
export function cameraExists(): boolean {
  return typeof navigator.mediaDevices?.getUserMedia === "function";
}

/**
 * A dialog with the camera's picture. `open()` shows it; fires "capture" (detail: Blob, a JPEG) when a picture is taken.
 * The camera is off again as soon as the dialog closes, however that happens.
 */
@customElement("nst-camera")
export class Camera extends LitElement {
  @state() private problem = "";
  @state() private live = false;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("video") private video!: HTMLVideoElement;
  #stream: MediaStream | null = null;

  static override styles = [
    controlStyles,
    css`
      dialog {
        width: min(640px, calc(100vw - 32px));
        padding: 14px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        color: var(--ink);
        font: 13px/1.5 var(--sans);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
      h2 {
        margin: 0 0 10px;
        font: 600 14px/1.4 var(--sans);
      }
      video {
        display: block;
        width: 100%;
        aspect-ratio: 4 / 3;
        background: var(--code);
        border-radius: 6px;
        object-fit: contain;
      }
      .controls {
        margin-top: 12px;
        justify-content: flex-end;
      }
      .problem {
        margin: 10px 0 0;
        color: var(--error);
      }
    `,
  ];

  override render() {
    return html`<dialog aria-label="Take a picture" @close=${this.#stop}>
      <h2>Take a picture</h2>
      <video playsinline muted aria-label="What the camera sees" @playing=${() => (this.live = true)}></video>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <div class="controls">
        <button @click=${() => this.dialog.close()}>Cancel</button>
        <button class="primary" ?disabled=${!this.live} @click=${this.#capture}>Take it</button>
      </div>
    </dialog>`;
  }

  async open(): Promise<void> {
    await this.updateComplete;
    this.problem = "";
    this.dialog.showModal();
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "environment" }, audio: false });
      // the person may have closed the dialog while the browser was asking
      if (!this.dialog.open) return stop(stream);
      this.#stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      const { name, message } = error as Error;
      if (name !== "AbortError") this.problem = REASONS[name] ?? `The camera does not start: ${message}.`;
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  #capture = async () => {
    const { videoWidth: width, videoHeight: height } = this.video;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")!.drawImage(this.video, 0, 0);
    this.dialog.close();
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    this.dispatchEvent(new CustomEvent<Blob>("capture", { detail: blob }));
  };

  #stop = () => {
    if (this.#stream) stop(this.#stream);
    this.#stream = null;
    this.live = false;
    if (this.video) this.video.srcObject = null;
  };
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-camera": Camera;
  }
}
