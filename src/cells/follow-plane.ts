import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { colourText, cssColour, fixed, pathText } from "./follow-numbers";
import { type Channel, CHANNELS, type PixelPath, planeFrame } from "./follow-path";
import { controlStyles } from "./theme";

/** Of the square, in its own units. */
const SIDE = 300;
/** Dots drawn at most; the line has a point for every step. */
const DOTS = 60;

/**
 * The way of a pixel in the plane of two of its channels: each dot has the pixel's colour at that step. As much of the plane
 * is shown as the way needs; where black or full colour is in sight, so is the border that the clip holds it in.
 *
 *     <nst-follow-plane .path=${path} .across=${0} .up=${1} .step=${12}></nst-follow-plane>
 */
@customElement("nst-follow-plane")
export class FollowPlane extends LitElement {
  @property({ attribute: false }) path: PixelPath | null = null;
  /** channel from left to right */
  @property({ attribute: false }) across: Channel = 0;
  /** channel from bottom to top */
  @property({ attribute: false }) up: Channel = 1;
  /** the step that is marked */
  @property({ attribute: false }) step = 0;

  override render() {
    const { path, across, up } = this;
    if (!path) return nothing;
    const { steps, colours } = path;
    const [x0, y0, extent] = planeFrame(colours, steps, across, up);
    const place = (step: number): [number, number] => [((colours[step * 3 + across] - x0) / extent) * SIDE, SIDE - ((colours[step * 3 + up] - y0) / extent) * SIDE];
    const points = Array.from({ length: steps + 1 }, (_, step) => place(step));
    const stride = Math.max(1, Math.ceil(steps / DOTS));
    const dot = (step: number, r: number, name = "") => svg`<circle class=${name} cx=${points[step][0]} cy=${points[step][1]} r=${r} style="fill: ${cssColour(colours, step)}" />`;
    const marked = Math.min(steps, this.step);
    // where 0 and 1 lie, if they are in sight
    const borders = [0, 1].flatMap((end) => {
      const x = ((end - x0) / extent) * SIDE;
      const y = SIDE - ((end - y0) / extent) * SIDE;
      return [x >= 0 && x <= SIDE ? svg`<line class="border" x1=${x} x2=${x} y1="0" y2=${SIDE} />` : nothing, y >= 0 && y <= SIDE ? svg`<line class="border" x1="0" x2=${SIDE} y1=${y} y2=${y} />` : nothing];
    });
    return html`<div class="frame">
      <span class="up"><i>${fixed(y0 + extent, 2)}</i><i>${CHANNELS[up]}</i><i>${fixed(y0, 2)}</i></span>
      <svg viewBox="0 0 ${SIDE} ${SIDE}" role="img" aria-label="${pathText(path)} At step ${marked}: ${colourText(colours, marked)}.">
        <rect class="ground" width=${SIDE} height=${SIDE} />
        ${borders}
        <polyline points=${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")} />
        ${points.map((_, step) => (step % stride === 0 ? dot(step, 4) : nothing))}
        ${dot(0, 7, "end")} ${dot(steps, 7, "end")} ${dot(marked, 9, "marked")}
        <text x=${points[0][0]} y=${points[0][1] - 12}>start</text>
        ${steps > 0 ? svg`<text x=${points[steps][0]} y=${points[steps][1] - 12}>step ${steps}</text>` : nothing}
      </svg>
      <span class="across"><i>${fixed(x0, 2)}</i><i>${CHANNELS[across]}</i><i>${fixed(x0 + extent, 2)}</i></span>
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        max-width: 360px;
        font: 11px/1.3 var(--sans);
        color: var(--soft);
        font-variant-numeric: tabular-nums;
      }
      .frame {
        display: grid;
        grid-template-columns: 40px minmax(0, 1fr);
        gap: 4px 8px;
      }
      .up,
      .across {
        display: flex;
        justify-content: space-between;
      }
      .up {
        flex-direction: column;
        text-align: right;
      }
      .across {
        grid-column: 2;
      }
      i {
        font-style: normal;
      }
      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .ground {
        fill: none;
        stroke: var(--line);
      }
      .border {
        stroke: var(--picture);
        stroke-width: 2;
        stroke-dasharray: 5 3;
      }
      polyline {
        fill: none;
        stroke: var(--edge);
        stroke-width: 1.25;
      }
      circle {
        stroke: var(--card);
        stroke-width: 1;
      }
      .end {
        stroke: var(--ink);
        stroke-width: 1.5;
      }
      .marked {
        stroke: var(--ink);
        stroke-width: 3;
      }
      text {
        fill: var(--ink);
        font: 12px/1 var(--sans);
        text-anchor: middle;
        paint-order: stroke;
        stroke: var(--card);
        stroke-width: 4px;
      }
      @media (forced-colors: active) {
        circle {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-follow-plane": FollowPlane;
  }
}
