import { css, html, LitElement } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { controlStyles } from "./theme";
import { credit, sampleAddress, SAMPLES, type Sample } from "./samples";

/**
 * The sample pictures as a strip of thumbnails; the credit of the one that is pointed at, focused or in use stands below.
 * Fires "sample" (detail: Sample) when one is chosen.
 */
@customElement("nst-sample-gallery")
export class SampleGallery extends LitElement {
  /** file name of the sample in use, "" if none is */
  @property() current = "";
  /** the kind that comes first */
  @property() first: Sample["kind"] = "photograph";
  @state() private pointed: Sample | null = null;

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 12px/1.45 var(--sans);
        color: var(--soft);
      }
      .strip {
        display: flex;
        gap: 6px;
        margin: -4px;
        padding: 4px;
        overflow-x: auto;
        scrollbar-width: thin;
      }
      button {
        flex: none;
        padding: 0;
        border: 0;
        border-radius: 6px;
        width: 58px;
        height: 48px;
        overflow: hidden;
        opacity: 0.82;
        transition: opacity 0.15s;
      }
      button:hover,
      button:focus-visible,
      button[aria-pressed="true"] {
        opacity: 1;
      }
      button[aria-pressed="true"] {
        outline: 2.5px solid var(--accent, var(--ink));
        outline-offset: 1px;
      }
      button:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: 2px;
      }
      .gap {
        margin-left: 8px;
      }
      img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }
      p {
        margin: 7px 0 0;
        min-height: 1.45em;
      }
    `,
  ];

  override render() {
    const ordered = [...SAMPLES.filter(({ kind }) => kind === this.first), ...SAMPLES.filter(({ kind }) => kind !== this.first)];
    const shown = this.pointed ?? SAMPLES.find(({ src }) => src === this.current);
    return html`<div class="strip" role="group" aria-label="Sample pictures" @pointerleave=${() => (this.pointed = null)}>
        ${ordered.map(
          (sample, i) => html`<button
            class=${i > 0 && ordered[i - 1].kind !== sample.kind ? "gap" : ""}
            aria-pressed=${sample.src === this.current}
            title=${credit(sample)}
            @click=${() => this.dispatchEvent(new CustomEvent<Sample>("sample", { detail: sample }))}
            @pointerenter=${() => (this.pointed = sample)}
            @focus=${() => (this.pointed = sample)}
            @blur=${() => (this.pointed = null)}
          >
            <img src=${sampleAddress(sample.src)} alt=${credit(sample)} loading="lazy" draggable="false" />
          </button>`,
        )}
      </div>
      <p>${shown ? credit(shown) : "Samples: photographs and paintings in the public domain."}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sample-gallery": SampleGallery;
  }
}
