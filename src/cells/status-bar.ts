import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { BackendName } from "../kernel/protocol";
import type { Kernels, KernelsStatus } from "./context";
import { controlStyles } from "./theme";

const NAMES: Record<BackendName, string> = { wasm: "wasm", webgl: "WebGL", webgpu: "WebGPU", cpu: "plain JavaScript" };

/** What computes, and how much it holds: network · backend, threads · tensors · MB; and the choice of backend. */
@customElement("nst-status-bar")
export class StatusBar extends LitElement {
  @property({ attribute: false }) kernels: Kernels | null = null;
  /** title of the notebook's network */
  @property({ attribute: false }) network = "";
  @state() private failure = "";
  #heard: Kernels | null = null;

  readonly #changed = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen(this.kernels);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(null);
  }

  override willUpdate(): void {
    if (this.isConnected) this.#listen(this.kernels);
  }

  #listen(kernels: Kernels | null): void {
    if (kernels === this.#heard) return;
    this.#heard?.removeEventListener("status", this.#changed);
    kernels?.addEventListener("status", this.#changed);
    this.#heard = kernels;
  }

  async #switch(select: HTMLSelectElement): Promise<void> {
    this.failure = "";
    try {
      await this.kernels!.switchBackend(select.value as BackendName);
    } catch (error) {
      this.failure = `${NAMES[select.value as BackendName]} did not start: ${(error as Error).message}`;
    }
    this.requestUpdate();
  }

  override render() {
    if (!this.kernels) return nothing;
    const { status } = this.kernels;
    const trouble = this.failure || status.message;
    return html`${this.network ? html`<div class="network">${this.network}</div>` : nothing}
      <label>computes on ${this.#choice(status)}</label>
      ${status.engine ? html`<div>${counts(status)}</div>` : nothing}
      <div role="status" class=${this.failure || status.state === "failed" ? "failed" : ""}>${trouble}</div>`;
  }

  #choice({ available, engine }: KernelsStatus) {
    const known = available.map(({ backend }) => backend);
    const listed = engine && !known.includes(engine.backend) ? [...available, { backend: engine.backend, seconds: null, note: "" }] : available;
    return html`<select ?disabled=${listed.length === 0} @change=${(event: Event) => void this.#switch(event.target as HTMLSelectElement)}>
      ${engine ? nothing : html`<option selected disabled value="">…</option>`}
      ${listed.map(({ backend, seconds, note }) => {
        const threads = engine?.backend === backend && backend === "wasm" ? `, ${engine.threads} ${engine.threads === 1 ? "thread" : "threads"}` : "";
        const speed = seconds === null ? note : `${Math.max(1, Math.round(seconds * 1000))} ms`;
        return html`<option value=${backend} title=${note} .selected=${engine?.backend === backend}>${NAMES[backend]}${threads}${speed ? ` · ${speed}` : ""}</option>`;
      })}
    </select>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        color: var(--soft);
        font: 12px/1.65 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      .network {
        color: var(--ink);
      }
      label {
        display: block;
        font-size: 12px;
      }
      select {
        display: block;
        width: 100%;
        margin: 3px 0 5px;
        font-size: 12px;
        text-overflow: ellipsis;
      }
      [role="status"]:not(:empty) {
        margin-top: 3px;
      }
      .failed {
        color: var(--error);
      }
    `,
  ];
}

/** Both workers together; the heap of wasm beside it, because tfjs does not see most of what is in there. */
function counts({ engine, lab }: KernelsStatus): string {
  const both = [engine, lab].filter((one) => one !== null);
  const sum = (key: "tensors" | "bytes" | "heapBytes") => both.reduce((total, one) => total + one[key], 0);
  const tensors = sum("tensors");
  const heap = sum("heapBytes");
  return `${tensors.toLocaleString("en")} ${tensors === 1 ? "tensor" : "tensors"} · ${megabytes(sum("bytes"))}${heap > 0 ? ` (heap ${megabytes(heap)})` : ""}`;
}

function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  return `${mb < 10 ? mb.toFixed(1) : Math.round(mb)} MB`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-status-bar": StatusBar;
  }
}
