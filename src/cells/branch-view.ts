import { css, html, LitElement, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Picture } from "../nst/picture";
import { FUTURE_COLOURS, type Future, lastStep } from "./branch-courses";
import "./branch-curves";
import "./compare-runs-picture";
import { WHOLE, type Zoom } from "./compare-runs-zoom";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/** What is shown of one of the two. */
export interface Moment {
  picture: Picture | null;
  /** the picture is that after so many steps */
  step: number;
  /** the one that is looked at; the last one of a run that ended before; the newest of a run that goes; or one nearby that stands in for it */
  is: "exact" | "last" | "newest" | "near";
}

/**
 * Both futures of a run: their pictures at the same step, and their curves.
 *
 *     <nst-branch-view .parent=${parent} .branch=${branch} .at=${40} .step=${60} .newest=${true} .left=${moment} .right=${moment} .version=${version} @nst-step=${…}></nst-branch-view>
 *
 * @fires nst-step - detail: the step to look at; −1: the newest, from now on
 */
@customElement("nst-branch-view")
export class BranchView extends LitElement {
  @property({ attribute: false }) parent: Future | null = null;
  /** null before it has been started */
  @property({ attribute: false }) branch: Future | null = null;
  /** the step where they part */
  @property({ type: Number }) at = 0;
  /** the step that is looked at */
  @property({ type: Number }) step = 0;
  /** it is the newest one of the branch, and follows it */
  @property({ type: Boolean }) newest = true;
  /** of the parent */
  @property({ attribute: false }) left: Moment | null = null;
  @property({ attribute: false }) right: Moment | null = null;
  /** changes when one of the two has grown */
  @property({ type: Number }) version = 0;
  /** a step that is being computed again: "step 41 of 60" */
  @property() working = "";
  @property() problem = "";
  /** the two do not weigh their terms alike */
  @property({ type: Boolean }) unlike = false;

  /** of both pictures */
  @state() private zoom: Zoom = WHOLE;

  override render() {
    const { parent, branch, at, step, left, right } = this;
    const last = Math.max(at, step, ...[parent, branch].map((run) => (run ? lastStep(run) : -1)));
    return html`
      <div class="pictures" @nst-zoom=${({ detail }: CustomEvent<Zoom>) => (this.zoom = detail)}>
        ${parent && left ? this.figure("parent", parent, left) : nothing}
        ${branch && right ? this.figure("branch", branch, right) : left?.picture ? html`<p class="empty" style="aspect-ratio:${left.picture.width / left.picture.height}"><span>Press Start, and the other future grows here.</span></p>` : nothing}
      </div>
      ${branch
        ? html`<div class="slider">
            <button aria-label="one step back" ?disabled=${step <= at} @click=${() => this.go(step - 1)}>◂</button>
            <input type="range" min=${at} max=${Math.max(at + 1, last)} step="1" .value=${live(String(step))} aria-label="step at which both are shown" aria-valuetext="step ${step} of ${last}" @input=${(e: Event) => this.go(Number((e.target as HTMLInputElement).value))} />
            <button aria-label="one step on" ?disabled=${step >= last} @click=${() => this.go(step + 1)}>▸</button>
            <span class="number">step <b>${formatNumber(step)}</b> of ${formatNumber(last)}</span>
            <button ?disabled=${this.newest} @click=${() => this.go(-1)}>Newest</button>
            ${this.zoom.scale > 1 ? html`<button @click=${() => (this.zoom = WHOLE)}>Whole pictures</button>` : nothing}
          </div>`
        : nothing}
      <p class="said" role="status">${this.problem ? html`<span class="problem">${this.problem}</span>` : this.working ? `Computing again: ${this.working}.` : nothing}</p>
      <nst-branch-curves .parent=${parent} .branch=${branch} .at=${at} .version=${this.version} .step=${step} ?unlike=${this.unlike} @nst-step=${({ detail }: CustomEvent<number>) => this.go(detail)}></nst-branch-curves>`;
  }

  private figure(kind: "parent" | "branch", run: Future, { picture, step, is }: Moment) {
    if (!picture) return html`<figure><p class="soft">${run.name} has no picture yet.</p></figure>`;
    return html`<figure>
      <nst-linked-picture .shown=${picture} .zoom=${this.zoom} .aspect=${picture.width / picture.height} ?preview=${is === "near"} label="${run.name} after step ${step}${MOMENTS[is]}"></nst-linked-picture>
      <figcaption><b style="color:${FUTURE_COLOURS[kind]}">${run.name}</b> after step ${formatNumber(step)}${MOMENTS[is]}</figcaption>
    </figure>`;
  }

  private go(step: number): void {
    this.dispatchEvent(new CustomEvent<number>("nst-step", { detail: step }));
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        padding: 14px;
        container: futures / inline-size;
      }
      .pictures {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 380px));
        gap: 12px;
      }
      .slider {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 10px;
        align-items: center;
        margin-top: 12px;
        font: 13px/1.4 var(--sans);
      }
      .slider input {
        flex: 1 1 140px;
        min-width: 100px;
        min-height: 28px;
        margin: 0;
        accent-color: var(--picture);
      }
      .empty {
        display: grid;
        place-items: center;
        margin: 0;
        padding: 12px;
        align-self: start;
        border: 1px dashed var(--line);
        border-radius: 8px;
        text-align: center;
        text-wrap: balance;
        color: var(--soft);
        font: 15px/1.5 var(--serif);
      }
      .said {
        margin: 4px 0;
        min-height: 20px;
        color: var(--soft);
        font: 13px/1.5 var(--sans);
      }
      .problem {
        color: var(--error);
      }
    `,
  ];
}

const MOMENTS: Record<Moment["is"], string> = { exact: "", last: ", its last", newest: ", its newest", near: ", the nearest one kept" };

declare global {
  interface HTMLElementTagNameMap {
    "nst-branch-view": BranchView;
  }
}
