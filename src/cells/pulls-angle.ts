import { css, html, LitElement, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { formatNumber } from "./numbers";
import { arrows, type Point } from "./pulls-arrows";
import { lengthOfSum, type Pulls } from "./pulls-numbers";
import { angleText } from "./pulls-words";
import { controlStyles } from "./theme";

const WIDTH = 380;
const HEIGHT = 210;
const MARGIN = 34;
/** Of the arc that marks the angle, in pixels. */
const ARC = 26;

/**
 * Content's and style's pull as two arrows with their true lengths and angle, and the way in which both together pull.
 *
 *     <nst-pull-angle .pulls=${pulls}></nst-pull-angle>
 */
@customElement("nst-pull-angle")
export class PullAngle extends LitElement {
  @property({ attribute: false }) pulls: Pulls | null = null;

  override render() {
    if (!this.pulls) return nothing;
    const { content, style, angle, cosine } = this.pulls;
    const both = lengthOfSum([content.norm, style.norm], () => cosine);
    const { origin, style: s, content: c, sum } = arrows(content.norm, style.norm, angle, { width: WIDTH - 2 * MARGIN, height: HEIGHT - 2 * MARGIN });
    const known = Number.isFinite(angle);
    const label = `Content pulls with ${formatNumber(content.norm)}, style with ${formatNumber(style.norm)}${known ? `, ${Math.round(angle)} degrees apart; together they pull with ${formatNumber(both)}` : ""}.`;
    return html`<svg viewBox="${-MARGIN} ${-MARGIN} ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
        ${known ? svg`<path class="frame" d="M${at(c)}L${at(sum)}L${at(s)}" />${arc(origin, c, s, sum, angle)}` : nothing}
        ${arrow(origin, s, "style", "style")} ${arrow(origin, c, "content", "content")} ${known ? arrow(origin, sum, "picture", "both") : nothing}
      </svg>
      <p role="status">${this.words(both)}</p>`;
  }

  private words(both: number) {
    const { content, style, angle } = this.pulls!;
    if (content.norm === 0 && style.norm === 0) return "Neither of the two pulls.";
    if (content.norm === 0) return html`Only <span class="style">style</span> pulls. The content cost has no gradient here, which is so where the picture is the content picture itself, or where it has no weight.`;
    if (style.norm === 0) return html`Only <span class="content">content</span> pulls.`;
    return html`<span class="content">Content</span> and <span class="style">style</span> pull <b>${Math.round(angle)}°</b> apart: ${angleText(angle)}. Together they pull with <b class="picture">${formatNumber(both)}</b>, ${both < style.norm ? `less than the ${formatNumber(style.norm)} of style alone` : `where style alone pulls with ${formatNumber(style.norm)}`}.`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 13px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      svg {
        display: block;
        width: 100%;
        max-width: ${WIDTH}px;
        height: auto;
      }
      line {
        stroke: currentColor;
        stroke-width: 2.5;
      }
      polygon {
        fill: currentColor;
      }
      .both line {
        stroke-dasharray: 5 3;
      }
      text {
        fill: currentColor;
        font: 600 12px var(--sans);
        paint-order: stroke;
        stroke: var(--card);
        stroke-width: 4px;
        stroke-linejoin: round;
      }
      .angle {
        color: var(--ink);
        font-weight: 400;
      }
      path {
        fill: none;
        stroke: var(--edge);
      }
      path.frame {
        stroke: var(--line);
        stroke-width: 1.5;
        stroke-dasharray: 2 3;
      }
      p {
        margin: 6px 0 0;
        max-width: 52ch;
      }
    `,
  ];
}

const at = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** A pull too weak to have a visible length is a dot. */
function arrow(from: Point, to: Point, kind: string, text: string) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = Math.hypot(dx, dy);
  const [ux, uy] = long > 0 ? [dx / long, dy / long] : [1, 0];
  const head = Math.min(10, long);
  const base = { x: to.x - ux * head, y: to.y - uy * head };
  const side = head * 0.45;
  const name = { x: to.x + ux * 8, y: to.y + uy * 8 + (text === "style" ? 16 : -4) };
  const anchor = ux > 0.35 ? "start" : ux < -0.35 ? "end" : "middle";
  return svg`<g class="${kind} ${text}">
    <line x1=${from.x} y1=${from.y} x2=${base.x} y2=${base.y} />
    ${long < 3 ? svg`<circle cx=${to.x} cy=${to.y} r="3" fill="currentColor" />` : svg`<polygon points="${at(to)} ${at({ x: base.x - uy * side, y: base.y + ux * side })} ${at({ x: base.x + uy * side, y: base.y - ux * side })}" />`}
    <text x=${Math.max(-MARGIN + 4, Math.min(WIDTH - MARGIN - 4, name.x))} y=${name.y} text-anchor=${name.x > WIDTH - 2 * MARGIN - 30 ? "end" : name.x < 20 ? "start" : anchor}>${text}</text>
  </g>`;
}

function arc(origin: Point, content: Point, style: Point, sum: Point, angle: number) {
  const reach = Math.min(ARC, Math.hypot(content.x - origin.x, content.y - origin.y), Math.hypot(style.x - origin.x, style.y - origin.y));
  if (reach < 12) return nothing;
  const radians = (angle * Math.PI) / 180;
  const end = { x: origin.x + reach * Math.cos(radians), y: origin.y - reach * Math.sin(radians) };
  // where the arrow of the sum is not
  const between = Math.atan2(origin.y - sum.y, sum.x - origin.x);
  const beside = (between > radians / 2 ? 0.25 : 0.75) * radians;
  const text = { x: origin.x + (reach + 14) * Math.cos(beside), y: origin.y - (reach + 14) * Math.sin(beside) + 4 };
  return svg`<path d="M${at({ x: origin.x + reach, y: origin.y })}A${reach} ${reach} 0 0 0 ${at(end)}" /><text class="angle" x=${text.x} y=${text.y} text-anchor="middle">${Math.round(angle)}°</text>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pull-angle": PullAngle;
  }
}
