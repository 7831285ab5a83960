import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { Cell } from "./cell";
import { formatNumber } from "./numbers";
import { parseOptions, rightOption } from "./predict-options";
import { runHeld } from "./run-held";
import { cellStyles, controlStyles } from "./theme";

/**
 * A question with its answer left open: the reader predicts, presses Run, and the number that decides it is computed here
 * and now, from the reader's own pictures.
 *
 *     <nst-predict of="shuffled.gramChange" ask="Move every position of F to a random place. What does G do?"
 *       options="it stays the same: ..0.001 | it changes a little: 0.001..0.5 | it changes completely: 0.5.."
 *       unit="of its length" explain="A sum does not mind the order of its terms."></nst-predict>
 *
 * `of` names a number: a value, or a part of one. Nothing is computed for it before Run. `options`: see parseOptions.
 * Gives the number, null before Run.
 */
@customElement("nst-predict")
export class PredictCell extends Cell<number | null> {
  static override title = "predict";
  static override lazy = true;
  static override roles = ["answer"];
  static override params = {
    ask: "",
    options: "",
    /** said after the number */
    unit: "",
    /** why it is so; shown with the answer */
    explain: "",
    /** index of what the reader predicted, −1 for nothing yet */
    guess: -1,
    /** the reader has pressed Run */
    asked: false,
  };

  compute({ answer }: { answer?: unknown }): number | null {
    parseOptions(this.param("options"));
    if (!this.param<boolean>("asked") || answer === null || answer === undefined) return null;
    if (typeof answer !== "number") throw new Error(`The answer should be a number, and “${this.#source}” is none. Name a value, or a part of one, that is a number.`);
    return answer;
  }

  protected override reads(): readonly string[] {
    return this.param<boolean>("asked") ? PredictCell.roles : [];
  }

  override headerNote(): typeof nothing {
    return nothing;
  }

  view(value: number | null | undefined): TemplateResult {
    const options = parseOptions(this.param("options"));
    const guess = this.param<number>("guess");
    const asked = this.param<boolean>("asked");
    const known = asked && typeof value === "number" && this.status === "fulfilled";
    const right = known ? rightOption(options, value) : -1;
    return html`<div class="body">
      <fieldset>
        <legend>${this.param("ask")}</legend>
        ${options.map(
          ({ text }, i) => html`<label class=${known ? (i === right ? "right" : i === guess ? "wrong" : "") : ""}>
            <input type="radio" name="guess" .checked=${i === guess} ?disabled=${asked} @change=${() => this.setParam("guess", i, { recompute: false })} />
            <span>${text}</span>
            ${known && i === right ? html`<b>✓ <span class="visually-hidden">this is so</span></b>` : nothing}
            ${known && i === guess && i !== right ? html`<b>your prediction</b>` : nothing}
          </label>`,
        )}
      </fieldset>
      <div class="outcome">
        ${asked
          ? html`<button @click=${this.#again}>Ask me again</button>`
          : html`<button class="primary" ?disabled=${guess < 0 || guess >= options.length} @click=${this.#run}>Run</button>`}
        <p role="status">${this.#said(value, guess, right)}</p>
      </div>
      ${known && this.param("explain") ? html`<p class="explain">${this.param("explain")}</p>` : nothing}
    </div>`;
  }

  #said(value: number | null | undefined, guess: number, right: number): unknown {
    if (!this.param<boolean>("asked")) return guess < 0 ? "Predict first, then run." : "Now run it.";
    if (this.status === "waiting" || this.status === "rejected") return nothing;
    if (this.status !== "fulfilled") return "Computing …";
    if (value === null || value === undefined) return html`There is no such number yet: run the cell that <span class="chip">${this.#source}</span> comes from.`;
    const verdict = right < 0 ? "" : right === guess ? "As you predicted: " : "Not as you predicted: ";
    return html`${verdict}<b class="number">${formatNumber(value)}</b> ${this.param("unit")}`;
  }

  get #source(): string {
    return this.getAttribute("of") ?? this.getAttribute("answer") ?? "answer";
  }

  #run = (): void => {
    this.setParam("asked", true);
    const graph = this.context?.graph;
    if (!graph) return;
    runHeld(graph, this.#source);
    // what stands above may grow while it is computed, and push the question off the screen: its answer is worked out all the same
    void graph.value(this.#source.split(".")[0]).catch(() => {});
  };

  #again = (): void => {
    this.setParam("guess", -1, { recompute: false });
    this.setParam("asked", false);
  };

  static override styles = [
    controlStyles,
    cellStyles,
    css`
      .body {
        border-left: 3px solid var(--picture);
      }
      fieldset {
        display: grid;
        gap: 2px;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 8px;
        max-width: 62ch;
        font: 17px/1.5 var(--serif);
      }
      label {
        display: flex;
        align-items: baseline;
        gap: 8px;
        padding: 4px 8px;
        border-radius: 6px;
        font: 15px/1.5 var(--serif);
      }
      input {
        margin: 0;
        accent-color: var(--picture);
      }
      label b {
        font: 600 13px/1.4 var(--sans);
      }
      label.right {
        background: var(--picture-wash);
      }
      label.wrong span {
        text-decoration: line-through;
        color: var(--soft);
      }
      .outcome {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
        margin-top: 10px;
      }
      p {
        margin: 0;
        font: 14px/1.5 var(--sans);
        color: var(--soft);
      }
      p b {
        color: var(--ink);
      }
      .explain {
        margin-top: 8px;
        max-width: 66ch;
        font: 15px/1.5 var(--serif);
        color: var(--ink);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-predict": PredictCell;
  }
}
