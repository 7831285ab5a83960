import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { equal } from "../notebook/equal";
import { checkSettings } from "../nst/check-settings";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import type { Kernels } from "./context";
import type { PictureValue } from "./features-value";
import type { NetworkValue } from "./network";
import { formatNumber } from "./numbers";
import { Following } from "./pulls-following";
import { HeldGauge } from "./pulls-gauge";
import { descentPicture, reachOf } from "./pulls-look";
import { type Pulls, pullsOf } from "./pulls-numbers";
import type { PullScale, PullShow } from "./pulls-pictures";
import "./pulls-view";

/** The value of a pulls cell; null while the picture is that of a run that has not been started. */
export interface PullsValue extends Pulls {
  /** the picture that was measured, and the steps behind it where it comes from a run */
  from: { picture: Picture; step: number | null };
  /** the way of descent as colours about grey, as other cells read pictures: `of="pulls.pictures.content"` */
  pictures: Record<"content" | "style" | "total", PictureValue>;
}

interface Inputs {
  G: PictureValue & { step?: number };
  content: PictureValue;
  style: PictureValue;
  network: NetworkValue;
  settings: TransferSettings;
}

interface Asked {
  picture: Picture;
  step: number | null;
  /** what they count in J may have changed while the picture is the same */
  settings: TransferSettings;
}

/**
 * What every term of J = α·J_content + β·Σ w_l·E_l + τ·TV pulls at in a picture: its gradient with respect to the pixels
 * (Gatys et al. 2015, section "Methods"), as numbers, as pictures, and as angles between the terms. Follows a picture that is
 * growing.
 *
 *     <nst-pulls as="pulls" of="G content style" network="network" settings="settings"></nst-pulls>
 *
 * `of` names the picture, then the content and the style picture; picture and content picture have the same size. Numbers that
 * questions and code may ask for: `pulls.content.norm`, `.cost`, `.share` and the same of `pulls.style`, `pulls.tv`,
 * `pulls.total` and `pulls.layers.block3_conv1`; `pulls.angle` in degrees and `pulls.cosine` (see Pulls). Gradients:
 * `pulls.gradients.content`, as feature maps of three channels; as pictures: `pulls.pictures.content`.
 */
@customElement("nst-pulls")
export class PullsCell extends Cell<PullsValue | null> {
  static override title = "pulls";
  static override roles = ["G", "content", "style", "network", "settings"];
  /** `chosen`: the term that is enlarged; `show`: "way" or "strength"; `scale`: "own" or "one" */
  static override params = { chosen: "style", show: "way", scale: "own" };
  static override lazy = true;
  static override reserve = 1200;

  private readonly gauge = new HeldGauge();
  private measure: ((asked: Asked) => Promise<PullsValue>) | null = null;
  private readonly following = new Following<Asked, PullsValue>((asked) => this.measure!(asked));

  compute({ G, content, style, network, settings }: Inputs, { signal, kernel }: { signal: AbortSignal; kernel: Kernels }): null | AsyncIterable<PullsValue> {
    const names = this.names();
    for (const [i, one] of [G, content, style].entries())
      if (one?.picture === undefined) throw new Error(`“${names[i]}” is no picture. Take the name of an image, of a run, or of code that gives a tensor [height, width, 3].`);
    if (G.picture === null || !content.picture || !style.picture) return null;
    const problem = pullsProblem(G.picture, content.picture, [names[0], names[1]]) ?? checkSettings(settings, network.card).errors[0];
    if (problem) throw new Error(problem);
    const { gauge, renewed } = this.gauge.for(kernel, {
      network: { card: network.card, base: network.base, random: network.random },
      content: content.picture, style: style.picture, settings,
    });
    if (renewed) this.following.forget();
    this.measure = async ({ picture, step }) => {
      const pulls = pullsOf(await gauge.measure(picture, { gradients: true }), picture);
      const shown = (name: "content" | "style" | "total"): PictureValue => {
        const data = pulls.gradients[name]?.data ?? new Float32Array(picture.data.length);
        return { picture: descentPicture(data, picture.width, picture.height, reachOf(data)), name: `pull of ${name}` };
      };
      return { ...pulls, from: { picture, step }, pictures: { content: shown("content"), style: shown("style"), total: shown("total") } };
    };
    this.following.ask({ picture: G.picture, step: G.step ?? null, settings });
    return this.following.follow(signal);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // as the base class does: moving an element in the page ends nothing
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.gauge.close();
      this.following.forget();
    });
  }

  override headerNote(): string {
    const { value } = this;
    if (!value) return "";
    const { picture, step } = value.from;
    return `${step === null ? "" : `after ${step} ${step === 1 ? "step" : "steps"} · `}${picture.width} × ${picture.height} px · J = ${formatNumber(value.total.cost)}`;
  }

  view(value: PullsValue | null | undefined): TemplateResult | typeof nothing {
    if (value === null) return html`<div class="body soft">“${this.names()[0]}” has no picture yet: start the run.</div>`;
    if (!value) return this.error ? nothing : html`<div class="body soft">${this.status === "waiting" ? `“${this.waitingFor}” has no value yet.` : "Working out what each term pulls at …"}</div>`;
    const keep = (name: string) => (e: CustomEvent<string>) => this.setParam(name, e.detail, { recompute: false });
    return html`<nst-pulls-view
      .pulls=${value} .picture=${value.from.picture} chosen=${this.param<string>("chosen")} show=${this.param<PullShow>("show")} scale=${this.param<PullScale>("scale")}
      @nst-term=${keep("chosen")} @nst-show=${keep("show")} @nst-scale=${keep("scale")}
    ></nst-pulls-view>`;
  }

  /** What the three pictures are called in this notebook. */
  private names(): string[] {
    return bindings(PullsCell.roles, (attribute) => this.getAttribute(attribute)).slice(0, 3).map(({ name }) => name);
  }
}

/** Why a picture cannot be compared with the content picture, null if it can. @param names of the two */
export function pullsProblem(picture: Picture, content: Picture, names: readonly [string, string]): string | null {
  if (equal([picture.width, picture.height], [content.width, content.height])) return null;
  const size = ({ width, height }: Picture) => `${width} × ${height} px`;
  return `“${names[0]}” has ${size(picture)} and “${names[1]}” ${size(content)}. The content cost compares the two position by position: give them the same size.`;
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pulls": PullsCell;
  }
}
