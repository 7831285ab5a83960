import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Draft, Importer, ImportJob, WeightsSource } from "../models/client";
import "./network-job";
import { networkStyles } from "./network-styles";
import { formatBytes } from "./value-facts";

/**
 * A network that can be had from a public place by one press: what it is, how much is fetched, from where and under which
 * licence; then how far it has come; and when the way is blocked, another one.
 *
 *     html`<nst-network-get .importer=${importer} .source=${SOURCES.vgg19} .draft=${null}></nst-network-get>`
 */
@customElement("nst-network-get")
export class NetworkGet extends LitElement {
  @property({ attribute: false }) source: WeightsSource | null = null;
  /** null: this page cannot fetch */
  @property({ attribute: false }) importer: Importer | null = null;
  /** what an earlier page has fetched of it already */
  @property({ attribute: false }) draft: Draft | null = null;
  /** the download, if there is one */
  @property({ attribute: false }) job: ImportJob | null = null;

  override render() {
    const { source, importer, job, draft } = this;
    if (!source) return nothing;
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">${source.title}</h3>
      <p class="about">The network that the lessons are written for, trained on the photographs of ImageNet. Only its convolutions are fetched, <b>${formatBytes(source.bytes)} of the ${formatBytes(source.fileBytes)}</b> in the file: style transfer needs no classifier. They are checked, and kept in this browser.</p>
      <p class="small soft">From <a href=${source.page} target="_blank" rel="noopener">${source.from}</a>. Licence: ${source.licence}.</p>
      ${job
        ? html`<nst-network-job .importer=${importer} .job=${job}></nst-network-job>`
        : html`${draft ? html`<p class="small">${formatBytes(draft.done)} of it are here already, from an earlier visit.</p>` : nothing}
            <div class="controls">
              <button class="primary" ?disabled=${!importer} @click=${() => importer?.download(source)}>${draft ? "Go on with the download" : `Get ${source.title}`}</button>
              ${draft ? html`<button class="plain" @click=${() => void importer?.networks.removeDraft(draft.key)}>Forget what is here</button>` : nothing}
            </div>`}
      ${this.#otherWays(source, job?.state.phase === "failed")}
    </section>`;
  }

  /** For schools and offices whose networks let nothing through. */
  #otherWays({ title, instead, url }: WeightsSource, failed: boolean) {
    return html`<details ?open=${failed}>
      <summary>${failed ? "Another way" : "When the download is blocked"}</summary>
      <ol>
        <li>Save <a href=${instead.url} target="_blank" rel="noopener">${instead.name}</a>, the file of Keras’ authors (${formatBytes(instead.bytes)}, licence ${instead.licence}). It holds the original weights of ${title}, which read pixels differently; that is seen in the file.</li>
        <li>Drop it here. Its MD5 is checked: <span class="mono">${instead.md5}</span></li>
      </ol>
      <p class="small">If you host this workbench for others, <code>npm run model -- ${url}</code> puts the network beside it once and for all.</p>
    </details>`;
  }

  static override styles = [
    ...networkStyles,
    css`
      h3 {
        font: 600 16px/1.4 var(--serif);
      }
      .about {
        font: 15px/1.5 var(--serif);
      }
      details {
        margin-top: 12px;
        font-size: 13px;
      }
      summary {
        width: fit-content;
        color: var(--soft);
        cursor: pointer;
      }
      summary:hover {
        color: var(--ink);
      }
      ol {
        max-width: 72ch;
        margin: 8px 0;
        padding-left: 22px;
      }
      li,
      code {
        overflow-wrap: anywhere;
      }
      details p {
        margin: 0;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-network-get": NetworkGet;
  }
}
