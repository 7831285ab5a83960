/** Small squares of numbers, coloured and written out: patches, kernels, products. */
import { css, html, nothing, type TemplateResult } from "lit";
import { formatNumber } from "./numbers";
import { type ColourScale, paint } from "./value-colours";

export interface NumberGrid {
  /** row by row */
  values: Float32Array;
  /** numbers a side */
  size: number;
  scale: ColourScale;
  /** places behind the point */
  decimals: number;
  /** what they are, for people who do not see them */
  label: string;
  /** positions outside of the map below */
  outside?: ((index: number) => boolean) | undefined;
  /** index of the number that is pointed at, here or in a square beside it */
  lit: number | null;
  point(index: number | null): void;
}

/** Larger squares than this show their colours alone; pointing reads the numbers. */
const LARGEST_WRITTEN = 5;

/** Larger squares than this have the smallest cells, so that three of them stand side by side. */
const LARGEST_SMALL = 7;

/** A square of numbers as a table. */
export function numberGrid({ values, size, scale, decimals, label, outside, lit, point }: NumberGrid): TemplateResult {
  const { rgba } = paint(values, size, size, scale);
  const cell = (i: number) => {
    const [r, g, b] = rgba.subarray(i * 4, i * 4 + 3);
    const out = outside?.(i) ?? false;
    const style = out ? nothing : `background:rgb(${r} ${g} ${b});color:${isDark(r, g, b) ? "#fff" : "#000"}`;
    return html`<td class="${out ? "outside" : ""} ${i === lit ? "lit" : ""}" style=${style} @pointerenter=${() => point(i)} @pointerdown=${() => point(i)}>${size > LARGEST_WRITTEN ? nothing : written(values[i], decimals)}</td>`;
  };
  const rows = Array.from({ length: size }, (_, y) => Array.from({ length: size }, (_, x) => y * size + x));
  return html`<table class="numbers ${size > LARGEST_SMALL ? "tiny" : size > LARGEST_WRITTEN ? "small" : ""}" aria-label=${label} @pointerleave=${() => point(null)}>
    <tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>`)}</tbody>
  </table>`;
}

/** Places behind the point, so that the largest of the numbers has three significant digits, two if it is below 1. */
export function decimalsFor(values: Iterable<number>): number {
  let largest = 0;
  for (const value of values) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  if (largest === 0) return 0;
  const power = Math.floor(Math.log10(largest));
  return Math.min(6, Math.max(0, (largest >= 1 ? 2 : 1) - power));
}

/** A number with so many places behind the point, and a real minus; 0 is "0". */
export function fixed(value: number, decimals: number): string {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return formatNumber(value);
  const text = value.toFixed(decimals);
  return /[1-9]/.test(text) ? text.replace("-", "−") : text.replace("-", "");
}

/** As `fixed`, with a sign before positive numbers as well. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** Where room is short, the zero before the point is left out. */
function written(value: number, decimals: number): TemplateResult {
  const [, sign, zero, rest] = /^(−?)(0(?=\.))?(.*)$/.exec(fixed(value, decimals))!;
  return html`${sign}${zero ? html`<span class="zero">0</span>` : nothing}${rest}`;
}

/** By relative luminance (WCAG 2): whether white reads better than black on it. */
function isDark(r: number, g: number, b: number): boolean {
  const [R, G, B] = [r, g, b].map((byte) => (byte <= 10 ? byte / 3294 : (byte / 269 + 0.0521) ** 2.4));
  return 0.2126 * R + 0.7152 * G + 0.0722 * B < 0.179;
}

export const numberGridStyles = css`
  .numbers {
    flex: none;
    border-collapse: collapse;
    font: 11px/1 var(--sans);
    font-variant-numeric: tabular-nums;
    touch-action: manipulation;
  }
  .numbers td {
    width: 44px;
    min-width: 44px;
    height: 26px;
    padding: 0;
    border: 1px solid var(--card);
    text-align: center;
    white-space: nowrap;
  }
  .numbers.small td {
    width: 18px;
    min-width: 18px;
    height: 18px;
  }
  .numbers.tiny td {
    width: 11px;
    min-width: 11px;
    height: 11px;
  }
  .numbers .outside {
    color: var(--soft);
    background: repeating-linear-gradient(45deg, var(--line) 0 1px, var(--card) 1px 4px);
  }
  .numbers .lit {
    outline: 2px solid var(--focus);
    outline-offset: -2px;
  }
  @container unit (width < 700px) {
    .numbers {
      font-size: 10px;
    }
    .numbers td {
      width: 31px;
      min-width: 31px;
      height: 24px;
    }
    .numbers.small td {
      width: 13px;
      min-width: 13px;
      height: 13px;
    }
    .numbers.tiny td {
      width: 8px;
      min-width: 8px;
      height: 8px;
    }
    .zero {
      display: none;
    }
  }
`;
