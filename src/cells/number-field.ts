import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { fieldText, parseNumber } from "./numbers";
import { controlStyles } from "./theme";

/**
 * A field for a number, typed as people write numbers (`0.2`, `0,2`, `1e-4`). What was typed stays as it was typed: text
 * that is no number, or none that will do, is kept with a message beneath, and the value stays what it was.
 *
 *     <nst-number-field label="steps" .value=${150} .rules=${{ min: 1, whole: true }} @nst-change=${(e) => e.detail}></nst-number-field>
 *
 * Up and down change a whole number by one, others by a tenth of their size.
 *
 * @fires nst-change - detail: the number, when what was typed is one
 */
@customElement("nst-number-field")
export class NumberField extends LitElement {
  @property({ type: Number }) value = 0;
  /** read by screen readers; the visible label is the surrounding cell's matter */
  @property() label = "";
  @property() unit = "";
  @property({ type: Number }) min = -Infinity;
  @property({ type: Number }) max = Infinity;
  @property({ type: Boolean }) whole = false;
  @property({ type: Boolean }) disabled = false;

  @state() private text = "";
  @state() private problem: string | null = null;
  @query("input") private input!: HTMLInputElement;

  override focus(): void {
    this.input?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("value")) return;
    // While the text means the value, it stays: "1e-4" is not rewritten to "0.0001" under the person's hands.
    const typed = parseNumber(this.text);
    if (this.problem === null && "value" in typed && typed.value === this.value) return;
    this.text = fieldText(this.value);
    this.problem = null;
  }

  private read(text: string): void {
    this.text = text;
    const read = parseNumber(text, { min: this.min, max: this.max, whole: this.whole });
    this.problem = "problem" in read ? read.problem : null;
    if ("value" in read && read.value !== this.value) this.emit(read.value);
  }

  private emit(value: number): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent("nst-change", { detail: value }));
  }

  private onKey(event: KeyboardEvent): void {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction === undefined || this.problem !== null) return;
    event.preventDefault();
    const stride = this.whole ? (event.shiftKey ? 10 : 1) : 10 ** (Math.floor(Math.log10(Math.abs(this.value) || 1)) - (event.shiftKey ? 0 : 1));
    const value = Number((this.value + direction * stride).toPrecision(12));
    this.text = fieldText(Math.max(this.min, Math.min(this.max, value)));
    this.read(this.text);
  }

  override render() {
    const { problem } = this;
    return html`<span class="field">
        <input
          type="text" inputmode=${this.whole ? "numeric" : "decimal"} autocomplete="off" spellcheck="false" .value=${this.text} ?disabled=${this.disabled}
          aria-label=${this.label || nothing} aria-invalid=${problem !== null} aria-describedby=${problem === null ? nothing : "problem"}
          @input=${(e: Event) => this.read((e.target as HTMLInputElement).value)} @keydown=${this.onKey}
        />${this.unit ? html`<span class="unit">${this.unit}</span>` : nothing}
      </span>
      ${problem === null ? nothing : html`<span id="problem" class="problem" role="status">${problem} Still ${fieldText(this.value)}.</span>`}`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: inline-block;
        font: 13px/1.4 var(--sans);
        --field-width: 5.6em;
      }
      .field {
        display: inline-flex;
        align-items: center;
        gap: 5px;
      }
      input {
        width: var(--field-width);
        padding: 2px 7px !important;
        min-height: 28px !important;
      }
      input[aria-invalid="true"] {
        border-color: var(--error);
      }
      .unit {
        color: var(--soft);
      }
      .problem {
        display: block;
        margin-top: 3px;
        max-width: 22em;
        color: var(--error);
        font-size: 12px;
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-number-field": NumberField;
  }
}
