import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Importer, ImportJob, ImportPhase } from "../models/client";
import { networkStyles } from "./network-styles";
import { progressText } from "./network-words";

const DOING: Record<ImportPhase, string> = {
  reading: "Reading what is in the file",
  downloading: "Downloading",
  converting: "Reading and checking the weights",
  keeping: "Keeping the last of it",
  done: "Done",
  failed: "",
  paused: "Paused",
};

/**
 * A network on its way into this browser: how far it has come, how fast, how long still, and what can be done about it.
 *
 *     html`<nst-network-job .importer=${importer} .job=${job}></nst-network-job>`
 *
 * @fires nst-show - (detail: string) id of the network that has come in, when the person wants to see it
 */
@customElement("nst-network-job")
export class NetworkJobView extends LitElement {
  @property({ attribute: false }) job: ImportJob | null = null;
  @property({ attribute: false }) importer: Importer | null = null;
  #following: AbortController | null = null;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("job")) this.#follow();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#follow();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#following?.abort();
  }

  #follow(): void {
    this.#following?.abort();
    const { signal } = (this.#following = new AbortController());
    this.job?.addEventListener("change", () => this.requestUpdate(), { signal });
  }

  override render() {
    const { job } = this;
    if (!job) return nothing;
    const { phase, message, recognised, network } = job.state;
    const title = network?.card.title ?? recognised?.title ?? job.title;
    if (phase === "failed")
      return html`<p class="problem" role="alert"><b>${job.title}:</b> ${message}</p>
        <div class="controls">${this.#button("Try again", () => job.resume())}${this.#button("Dismiss", () => this.importer?.dismiss(job), "plain")}</div>`;
    if (phase === "done")
      return html`<div class="controls">
        <span role="status"><b>${title}</b> is here. ${message}</span>
        ${network ? this.#button("Look at it", () => this.#show(network.id)) : nothing}${this.#button("Dismiss", () => this.importer?.dismiss(job), "plain")}
      </div>`;
    const paused = phase === "paused";
    return html`<p class="what"><b>${title}</b>${recognised && recognised.title !== job.title ? html` <span class="soft">from ${job.title}</span>` : nothing}</p>
      ${this.#bar(job)}
      <p class="doing small"><span role="status">${message || DOING[phase]}</span> <span class="soft number">${progressText(job.state)}</span></p>
      <div class="controls">
        ${paused ? this.#button("Resume", () => job.resume(), "primary") : job.task.kind === "download" ? this.#button("Pause", () => job.pause()) : nothing}
        ${this.#button("Cancel", () => this.#cancel(job), "plain")}
      </div>`;
  }

  #bar({ state }: ImportJob) {
    const { phase, done, of } = state;
    const share = of > 0 ? Math.min(1, done / of) : 0;
    return html`<div
      class="progress ${phase} ${of > 0 ? "" : "unknown"}" role="progressbar" aria-label="Bytes of ${this.job!.title}" aria-valuemin="0" aria-valuemax="100"
      aria-valuenow=${of > 0 ? Math.round(100 * share) : nothing} aria-valuetext=${progressText(state) || DOING[phase]}
    ><i style="transform: scaleX(${share})"></i></div>`;
  }

  #button(label: string, does: () => unknown, kind = "") {
    return html`<button type="button" class=${kind} @click=${does}>${label}</button>`;
  }

  #cancel(job: ImportJob): void {
    job.cancel();
    this.importer?.dismiss(job);
  }

  #show(id: string): void {
    this.dispatchEvent(new CustomEvent<string>("nst-show", { detail: id, bubbles: true, composed: true }));
  }

  static override styles = [
    ...networkStyles,
    css`
      .what {
        margin: 0 0 6px;
        overflow-wrap: anywhere;
      }
      .doing {
        margin: 6px 0 8px;
      }
      .progress {
        height: 6px;
        border-radius: 3px;
        background: var(--line);
        overflow: clip;
      }
      .progress i {
        display: block;
        height: 100%;
        background: var(--picture);
        transform-origin: left;
      }
      .progress.paused i {
        background: var(--edge);
      }
      .progress.unknown:not(.paused) i {
        width: 30%;
        transform: none !important;
        animation: to-and-fro 1.6s ease-in-out infinite alternate;
      }
      @keyframes to-and-fro {
        to {
          margin-left: 70%;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-job": NetworkJobView;
  }
}
