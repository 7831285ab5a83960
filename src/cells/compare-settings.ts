import { css, html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { runTitle } from "../runs/kept-run";
import { shortTitles } from "./compare-courses";
import { comparedTableStyles } from "./compare-table-styles";
import type { ComparedRun } from "./compared-runs";
import { type SettingRow, settingsDiff } from "./settings-diff";
import { controlStyles } from "./theme";

/**
 * The settings in which runs differ, and only those, as a table: a row a setting, a column a run. What is as in the first
 * run is written faintly.
 *
 *     <nst-compare-settings .runs=${runs}></nst-compare-settings>
 */
@customElement("nst-compare-settings")
export class CompareSettings extends LitElement {
  /** a new list whenever one of them has grown */
  @property({ attribute: false }) runs: readonly ComparedRun[] = [];

  private rows: readonly SettingRow[] = [];
  /** what `rows` were worked out from: runs that merely went on differ in nothing new */
  private known = "";

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("runs")) return;
    const now = JSON.stringify(this.runs.map(({ id, entry, record }) => [id, entry.network, entry.content.hash, entry.style.hash, entry.backend, entry.threads, record.changes]));
    if (now !== this.known) this.rows = settingsDiff(this.runs);
    this.known = now;
  }

  override render() {
    const { runs, rows } = this;
    if (runs.length < 2) return html`<p class="soft">With a second run, the settings in which the two differ stand here.</p>`;
    if (rows.length === 0) return html`<p>These runs have the same settings and the same pictures.</p>`;
    const titles = shortTitles(runs);
    return html`<div class="scroll" role="region" tabindex="0" aria-label="Settings that differ">
        <table>
          <thead><tr><td></td>${runs.map(({ mark, colour, entry }, i) => html`<th scope="col" title=${runTitle(entry)}><b class="run" style="color: ${colour}">${mark}</b> <span class="title">${titles[i]}</span></th>`)}</tr></thead>
          <tbody>
            ${rows.map(({ name, of, texts, likeFirst }) => html`<tr>
              <th scope="row" class=${of === "run" ? nothing : of}>${name}</th>
              ${texts.map((text, i) => html`<td class=${likeFirst[i] && i > 0 ? "soft" : nothing}>${text}</td>`)}
            </tr>`)}
          </tbody>
        </table>
      </div>
      <p class="soft">Everything else is alike.</p>`;
  }

  static override styles = [controlStyles, comparedTableStyles, css`
    td {
      max-width: 26ch;
    }
  `];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-compare-settings": CompareSettings;
  }
}
