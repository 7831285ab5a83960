import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Comparison } from "./compare-merge";
import { controlStyles } from "./theme";

/** Two columns of text need this much to be read. */
const WIDE = "(min-width: 900px)";

/**
 * Two texts of a notebook, with what differs marked: beside each other, or in one column on narrow screens.
 * Fires "nst-taken-back" (detail: my text without the change) when a change is taken back.
 */
@customElement("nst-compare-texts")
export class CompareView extends LitElement {
  @property({ attribute: false }) shipped = "";
  @property({ attribute: false }) mine = "";
  /** whether changes can be taken back one by one */
  @property({ type: Boolean }) revertible = false;
  @state() private changes: number | null = null;
  @state() private wide = matchMedia(WIDE).matches;
  @state() private problem = "";
  @query(".texts") private texts!: HTMLElement;
  #comparison: Comparison | null = null;
  #media = matchMedia(WIDE);
  /** my text, without what was taken back */
  #left: string | null = null;
  #opening = 0;

  readonly #resized = () => (this.wide = this.#media.matches);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#media.addEventListener("change", this.#resized);
    if (this.hasUpdated) void this.#open();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#media.removeEventListener("change", this.#resized);
    this.#opening++;
    this.#comparison?.destroy();
    this.#comparison = null;
  }

  override willUpdate(changed: PropertyValues): void {
    if (changed.has("mine")) this.#left = null;
  }

  override updated(changed: PropertyValues): void {
    if (["shipped", "mine", "revertible", "wide"].some((name) => changed.has(name))) void this.#open();
  }

  async #open(): Promise<void> {
    const opening = ++this.#opening;
    const module = await import("./compare-merge").catch(() => null);
    if (opening !== this.#opening) return;
    if (!module) {
      this.problem = "The comparison could not be loaded. Check the connection, then reload the page.";
      return;
    }
    this.#comparison?.destroy();
    this.texts.textContent = "";
    this.#comparison = module.compare({
      root: this.shadowRoot!,
      parent: this.texts,
      shipped: this.shipped,
      mine: this.#left ?? this.mine,
      labels: { shipped: "As shipped", mine: "Mine" },
      unified: !this.wide,
      revertible: this.revertible,
      changed: (mine) => this.#takenBack(mine),
    });
    this.changes = this.#comparison.changes;
  }

  #takenBack(mine: string): void {
    this.#left = mine;
    this.changes = this.#comparison!.changes;
    this.dispatchEvent(new CustomEvent<string>("nst-taken-back", { detail: mine }));
    // the button that was pressed goes with its change
    setTimeout(() => {
      const next = this.texts.querySelector<HTMLElement>(".take-back") ?? this.texts.querySelector<HTMLElement>(".cm-content:last-child");
      if (this.isConnected && !this.shadowRoot!.activeElement) next?.focus({ preventScroll: true });
    });
  }

  override render() {
    const said = this.changes === null ? "" : this.changes === 0 ? "The two texts are the same." : this.changes === 1 ? "They differ in one place." : `They differ in ${this.changes} places.`;
    return html`<p class="said" role="status">${said}${this.revertible && this.changes ? " Each change can be taken back alone." : nothing}</p>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <div class="heads ${this.wide ? "" : "one"}">
        <span class="shipped">As shipped</span>
        <span class="mine">Mine</span>
      </div>
      <div class="texts"></div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        --was: color-mix(in srgb, var(--error) 11%, transparent);
        --is: color-mix(in srgb, var(--focus) 12%, transparent);
        font: 13px/1.5 var(--sans);
      }
      .said {
        margin: 0 0 8px;
        min-height: 1.5em;
        color: var(--soft);
      }
      .problem {
        color: var(--error);
      }
      .heads {
        display: grid;
        grid-template-columns: 1fr 1fr;
        padding: 5px 0;
        border: 1px solid var(--line);
        border-bottom: none;
        border-radius: 6px 6px 0 0;
        font: 600 12px/1.5 var(--sans);
      }
      .heads.one {
        display: flex;
        gap: 14px;
      }
      .heads span {
        padding-left: 12px;
      }
      .heads span::before {
        content: "";
        display: inline-block;
        width: 9px;
        height: 9px;
        margin-right: 7px;
        border-radius: 2px;
      }
      .shipped::before {
        background: var(--error);
      }
      .mine::before {
        background: var(--focus);
      }
      .texts {
        border: 1px solid var(--line);
        border-radius: 0 0 6px 6px;
        min-height: 120px;
        max-height: min(62vh, 720px);
        overflow: auto;
        background: var(--paper);
      }
      .texts .cm-editor {
        color: var(--ink);
        background: transparent;
      }
      .texts .cm-editor.cm-focused {
        outline: none;
      }
      .texts .cm-content:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      .texts .cm-scroller {
        font: 12px/1.6 var(--mono);
      }
      .texts .cm-content {
        padding: 6px 0;
      }
      .texts .cm-gutters {
        background: transparent;
        border: none;
      }
      .texts .cm-mergeView {
        min-width: 0;
      }
      .texts .cm-merge-revert {
        width: 30px;
        border-inline: 1px solid var(--line);
        background: var(--code);
      }
      .texts .cm-editor .take-back,
      .texts .cm-merge-revert .take-back {
        min-height: 22px;
        padding: 1px 8px;
        border: 1px solid var(--edge);
        border-radius: 5px;
        background: var(--card);
        color: var(--ink);
        font: 500 11.5px/1.5 var(--sans);
      }
      .texts .cm-editor .take-back:hover,
      .texts .cm-merge-revert .take-back:hover {
        border-color: var(--ink);
      }
      .texts .cm-merge-revert .take-back {
        width: 24px;
        margin-left: 2px;
        padding: 0;
        line-height: 1;
      }
      .texts .cm-deletedChunk .cm-chunkButtons {
        position: static;
        padding: 3px 0;
      }
      .texts .cm-merge-a .cm-changedLine,
      .texts .cm-deletedChunk {
        background-color: var(--was);
      }
      .texts .cm-merge-b .cm-changedLine,
      .texts .cm-insertedLine {
        background-color: var(--is);
      }
      .texts .cm-merge-a .cm-changedText,
      .texts .cm-deletedChunk .cm-deletedText {
        background: color-mix(in srgb, var(--error) 22%, transparent);
      }
      .texts .cm-merge-b .cm-changedText {
        background: color-mix(in srgb, var(--focus) 24%, transparent);
      }
      .texts .cm-merge-a .cm-changedLineGutter,
      .texts .cm-deletedLineGutter {
        background: var(--error);
      }
      .texts .cm-merge-b .cm-changedLineGutter {
        background: var(--focus);
      }
      .texts .cm-collapsedLines {
        color: var(--soft);
        background: var(--code);
        font: 11.5px/1.5 var(--sans);
      }
      .texts .cm-collapsedLines::before,
      .texts .cm-collapsedLines::after {
        content: "···";
      }
      @media (forced-colors: active) {
        .heads span::before,
        .texts .cm-changeGutter {
          forced-color-adjust: none;
        }
        .texts .cm-changedText,
        .texts .cm-deletedText {
          text-decoration: underline;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-texts": CompareView;
  }
}
