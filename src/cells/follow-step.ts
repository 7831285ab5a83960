import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { pullKinds } from "./follow-bars";
import { channelColours } from "./follow-chart-styles";
import { cssColour, fixed, signed, sumTex } from "./follow-numbers";
import { type Channel, CHANNELS, type PixelPath, type StepSum, stepSum } from "./follow-path";
import "./formula";
import { formatNumber } from "./numbers";
import { controlStyles } from "./theme";

/**
 * One step of one pixel with all its numbers: what it was, what each term and the clip have added, what it became; for one
 * of the channels also as bars that start where the one before ended, and as a sum.
 *
 *     <nst-follow-step .path=${path} .step=${12} .channel=${0}></nst-follow-step>
 */
@customElement("nst-follow-step")
export class FollowStep extends LitElement {
  @property({ attribute: false }) path: PixelPath | null = null;
  /** 1 for the first */
  @property({ attribute: false }) step = 1;
  @property({ attribute: false }) channel: Channel = 0;

  override render() {
    const { path, step, channel } = this;
    if (!path || step < 1 || step > path.steps) return nothing;
    const kinds = pullKinds(path.terms, false);
    const sums = CHANNELS.map((_, c) => stepSum(path, step, c as Channel));
    const sum = sums[channel];
    const parts = [...sum.pulls, sum.clip];
    const [low, high] = reachOf(sum);
    const place = (value: number) => (100 * (value - low)) / (high - low || 1);
    let at = sum.before;
    const end = (name: string, colour: string, value: (sum: StepSum) => number) => html`<tr class="end">
      <th scope="row"><i style="background: ${colour}"></i>${name}</th>
      ${sums.map((one, c) => html`<td class=${c === channel ? "chosen" : ""}>${fixed(value(one))}</td>`)}
      <td class="fall"><div><b style="left: ${place(value(sum))}%"></b></div></td>
    </tr>`;
    return html`<table>
        <caption>Step ${formatNumber(step)} of the pixel in column ${path.x}, row ${path.y}</caption>
        <thead><tr><td></td>${CHANNELS.map((name, c) => html`<th scope="col" class="${name} ${c === channel ? "chosen" : ""}">${name}</th>`)}<th scope="col" class="fall">${CHANNELS[channel]}, one after the other</th></tr></thead>
        <tbody>
          ${end("before", cssColour(path.colours, step - 1), ({ before }) => before)}
          ${kinds.map(({ name, title, colour }, k) => {
            const from = at;
            at += parts[k];
            return html`<tr class=${name === "clip" ? "clip" : ""}>
              <th scope="row"><i style="background: ${colour}"></i>${title}</th>
              ${sums.map((one, c) => html`<td class=${c === channel ? "chosen" : ""}>${signed([...one.pulls, one.clip][k])}</td>`)}
              <td class="fall"><div><b class="part" style="left: ${place(Math.min(from, at))}%; width: ${Math.abs(place(at) - place(from))}%; background: ${colour}"></b></div></td>
            </tr>`;
          })}
          ${end("after", cssColour(path.colours, step), ({ after }) => after)}
        </tbody>
      </table>
      <nst-formula .tex=${sumTex(path.terms, sum)}></nst-formula>
      <p>${clipText(sum, CHANNELS[channel])} ${restText(sum)}</p>`;
  }

  static override styles = [
    controlStyles,
    channelColours,
    css`
      :host {
        display: block;
        min-width: 0;
        font: 13px/1.5 var(--sans);
        font-variant-numeric: tabular-nums;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      caption {
        padding-bottom: 6px;
        text-align: left;
        font-weight: 600;
      }
      th,
      td {
        padding: 2px 10px 2px 0;
        text-align: right;
        white-space: nowrap;
        font-weight: 400;
      }
      th[scope="row"] {
        width: 1%;
        text-align: left;
        font: 12px/1.5 var(--mono);
      }
      th[scope="col"] {
        color: var(--soft);
      }
      th.chosen {
        color: var(--ink);
        text-decoration: underline solid var(--channel) 3px;
        text-underline-offset: 3px;
      }
      td:not(.chosen, .fall) {
        color: var(--soft);
      }
      td.chosen {
        font-weight: 600;
      }
      .end > * {
        border-block: 1px solid var(--line);
      }
      th i {
        display: inline-block;
        width: 11px;
        height: 11px;
        margin-right: 7px;
        vertical-align: -1px;
        border-radius: 2px;
        box-shadow: inset 0 0 0 1px var(--edge);
      }
      .fall {
        width: 45%;
        padding-inline: 10px;
        text-align: left;
      }
      .fall div {
        position: relative;
        height: 14px;
        background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat;
      }
      .fall b {
        position: absolute;
        inset-block: 1px;
        width: 2px;
        margin-left: -1px;
        background: var(--ink);
      }
      .fall b.part {
        min-width: 1.5px;
        margin-left: 0;
        border-radius: 1px;
      }
      .clip b.part {
        opacity: 0.6;
      }
      p {
        margin: 4px 0 0;
        max-width: 75ch;
        color: var(--soft);
      }
      nst-formula {
        margin-top: 8px;
      }
      @container cell (width < 640px) {
        table {
          font-size: 12px;
        }
        .fall {
          display: none;
        }
      }
      @media (forced-colors: active) {
        i,
        .fall b {
          forced-color-adjust: none;
        }
      }
    `,
  ];
}

/** From the lowest to the highest value on the way through the sum. */
function reachOf({ before, pulls, clip, after }: StepSum): [number, number] {
  let at = before;
  const places = [before, after, ...[...pulls, clip].map((part) => (at += part))];
  return [Math.min(...places), Math.max(...places)];
}

function clipText({ clipped, unclipped, after, clip }: StepSum, channel: string): string {
  if (clipped) return `The pulls alone would carry ${channel} to ${fixed(unclipped)}, which no pixel can show: the clip puts it back to ${fixed(after)}.`;
  return clip === 0 ? "Nothing is clipped, and nothing was rounded." : `Nothing is clipped: what stands in that row is rounding, ${formatNumber(clip, 2)}.`;
}

function restText({ rest }: StepSum): string {
  return rest === 0 ? "With all their digits, the numbers add up exactly." : `With all their digits, the two sides differ by ${formatNumber(Math.abs(rest), 2)}, which is the rounding of float32.`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-follow-step": FollowStep;
  }
}
