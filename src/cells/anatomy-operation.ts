import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { optimiserOf, readersOf } from "./anatomy-model";
import "./anatomy-output";
import type { Taken } from "./anatomy-taken";
import { formatMilliseconds, givenInput, operationMeaning } from "./anatomy-words";
import type { Kernels } from "./context";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";
import { formatBytes, formatShape } from "./value-facts";

/** Operations that read an output and are named; there are seldom more. */
const READERS = 6;

/**
 * One operation of a step: what it does, what it took, its inputs and its readers as links to those operations, and its output.
 *
 *     <nst-anatomy-operation .taken=${taken} .operation=${17} .kernels=${kernels} @nst-operation=${…}></nst-anatomy-operation>
 *
 * @fires nst-operation - detail: index of the operation that a link leads to
 */
@customElement("nst-anatomy-operation")
export class AnatomyOperation extends LitElement {
  @property({ attribute: false }) taken: Taken | null = null;
  @property({ attribute: false }) operation = -1;
  @property({ attribute: false }) kernels: Kernels | null = null;

  override render() {
    const { taken, operation: index } = this;
    const operations = taken?.record.operations ?? [];
    const operation = operations[index];
    if (!operation) return nothing;
    const { name, layer, direction, inputs, shape, milliseconds, bytes, alive } = operation;
    const total = operations.reduce((sum, one) => sum + one.milliseconds, 0);
    const readers = readersOf(operations, index);
    return html`<div class="facts">
        <h3>
          <button aria-label="the operation before" ?disabled=${index === 0} @click=${() => this.go(index - 1)}>‹</button>
          <button aria-label="the next operation" ?disabled=${index === operations.length - 1} @click=${() => this.go(index + 1)}>›</button>
          <span class="mono">${name}</span> <span class="soft">${index + 1} of ${operations.length}</span>
        </h3>
        <p>${operationMeaning(operation, optimiserOf(operations))}</p>
        <dl class="number">
          <dt>where</dt><dd>${direction}${layer ? html`, <span class="mono">${layer}</span>` : nothing}</dd>
          <dt>reads</dt><dd>${inputs.length === 0 ? "nothing" : inputs.map(({ shape, from }, i) => html`<span class="input">${formatShape(shape)} ${from === null ? html`<span class="soft">${givenInput(operation, i)}</span>` : this.link(from)}</span>`)}</dd>
          <dt>gives</dt><dd>${formatShape(shape)}${bytes > 0 ? html`, ${formatBytes(bytes)}` : ", nothing copied"}</dd>
          <dt>read by</dt><dd>${readers.length === 0 ? html`<span class="soft">nothing that follows in this step</span>` : html`${readers.slice(0, READERS).map((reader) => this.link(reader))}${readers.length > READERS ? html` <span class="soft">and ${readers.length - READERS} more</span>` : nothing}`}</dd>
          <dt>took</dt><dd>${formatMilliseconds(milliseconds)}${total > 0 ? html` <span class="soft">${formatNumber((100 * milliseconds) / total, 2)} % of all</span>` : nothing}</dd>
          <dt>alive after it</dt><dd>${formatBytes(alive)}</dd>
        </dl>
      </div>
      <nst-anatomy-output .taken=${taken} .operation=${index} .kernels=${this.kernels}></nst-anatomy-output>`;
  }

  private link(to: number) {
    const { name } = this.taken!.record.operations[to];
    return html`<button class="link" @click=${() => this.go(to)}>${name} <span class="number">${to + 1}</span></button> `;
  }

  private go(index: number): void {
    this.dispatchEvent(new CustomEvent("nst-operation", { detail: index }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 20fr) minmax(0, 30fr);
        gap: 16px 28px;
      }
      h3 {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        margin: 0 0 8px;
        font: 13px/1.4 var(--sans);
      }
      h3 button {
        min-width: 30px;
        padding: 2px 8px;
      }
      h3 .mono {
        font-weight: 600;
        font-size: 13px;
        margin-left: 4px;
      }
      /* the links below stay where they are when another operation is gone to */
      p {
        margin: 0 0 10px;
        min-height: 4.5em;
        font: 14px/1.5 var(--sans);
      }
      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 4px 14px;
        margin: 0;
        font: 13px/1.5 var(--sans);
      }
      dt {
        color: var(--soft);
      }
      dd {
        margin: 0;
      }
      .input {
        display: block;
      }
      .link {
        min-height: 24px;
        padding: 0 7px;
        font: 12px/1.5 var(--mono);
      }
      @container (width < 700px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-anatomy-operation": AnatomyOperation;
  }
}
