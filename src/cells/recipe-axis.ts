import { css, html, nothing, type TemplateResult } from "lit";
import { axisTicks, placeOn, type PowerAxis } from "./recipe-numbers";

/** A number on a logarithmic strip. */
export interface Dot {
  value: number;
  /** drawn hollow: it is of what was before */
  before?: boolean;
}

/** Dots on a logarithmic axis, those of one kind joined by a line. @param label says it all in words */
export function powerStrip(axis: PowerAxis, dots: readonly Dot[], label: string): TemplateResult {
  const known = dots.filter(({ value }) => value > 0);
  return html`<span class="strip" role="img" aria-label=${label}>
    ${[true, false].map((before) => {
      const places = known.filter((dot) => Boolean(dot.before) === before).map(({ value }) => 100 * placeOn(axis, value));
      if (places.length === 0) return nothing;
      const [low, high] = [Math.min(...places), Math.max(...places)];
      return html`<i class="line ${before ? "before" : ""}" style="left:${low}%;width:${high - low}%"></i>${places.map((place) => html`<i class="dot ${before ? "before" : ""}" style="left:${place}%"></i>`)}`;
    })}
  </span>`;
}

/** The powers of ten of the axis, to stand under or over its strips. */
export function powerTicks(axis: PowerAxis, most = 7): TemplateResult {
  return html`<span class="ticks" aria-hidden="true">${axisTicks(axis, most).map((power) => html`<span style="left:${(100 * (power - axis.low)) / (axis.high - axis.low)}%">10<sup>${String(power).replace("-", "−")}</sup></span>`)}</span>`;
}

export const powerStripStyles = css`
  .strip,
  .ticks {
    position: relative;
    display: block;
    height: 18px;
    margin-inline: 12px;
  }
  .strip::before {
    content: "";
    position: absolute;
    inset: 50% -6px auto;
    border-top: 1px solid var(--line);
  }
  .strip .line {
    position: absolute;
    top: calc(50% - 1.5px);
    height: 3px;
    background: var(--style);
    opacity: 0.4;
  }
  .strip .dot {
    position: absolute;
    top: 50%;
    width: 9px;
    height: 9px;
    margin: -4.5px 0 0 -4.5px;
    border: 1.5px solid var(--style);
    border-radius: 50%;
    background: var(--style);
    forced-color-adjust: none;
  }
  .strip .before {
    border-color: var(--soft);
    background: var(--card);
  }
  .strip .line.before {
    background: var(--soft);
    top: calc(50% - 0.5px);
    height: 1px;
  }
  .ticks span {
    position: absolute;
    transform: translateX(-50%);
    color: var(--soft);
    font: 11px/1.5 var(--sans);
    white-space: nowrap;
  }
  .ticks sup {
    font-size: 9px;
    line-height: 0;
  }
`;
