import { html, type TemplateResult } from "lit";
import type { KeptNetwork } from "../models/client";
import { formatNumber } from "./numbers";
import { formatBytes, formatShape } from "./value-facts";

/** The tensors of a kept network with what was measured of each when it came in, folded until it is asked for. */
export function tensorTable({ tensors, card }: KeptNetwork): TemplateResult {
  return html`<details class="tensors">
    <summary>${tensors.length} tensors</summary>
    <div class="scroller" tabindex="0" role="region" aria-label="Tensors of ${card.title}">
      <table>
        <thead>
          <tr><th>tensor</th><th>shape</th><th>format</th><th>size</th><th>mean</th><th>deviation</th><th>largest</th><th>SHA-256</th></tr>
        </thead>
        <tbody>
          ${tensors.map(({ key, shape, format, bytes, mean, deviation, largest, sha256 }) => html`<tr>
            <td>${key}</td><td>${formatShape(shape)}</td><td>${format}</td><td>${formatBytes(bytes)}</td>
            <td>${formatNumber(mean)}</td><td>${formatNumber(deviation)}</td><td>${formatNumber(largest)}</td><td class="mono" title=${sha256}>${sha256.slice(0, 12)}</td>
          </tr>`)}
        </tbody>
      </table>
    </div>
  </details>`;
}
