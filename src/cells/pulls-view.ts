import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Picture } from "../nst/picture";
import { partsStyles } from "./parts-styles";
import "./pulls-angle";
import "./pulls-bars";
import "./pulls-cosines";
import type { Pulls } from "./pulls-numbers";
import type { PullScale, PullShow } from "./pulls-pictures";
import "./pulls-pictures";
import { controlStyles } from "./theme";

/**
 * All that is to be seen of the pulls on a picture: how much each term costs and how hard it pulls, which way, and how these
 * ways lie to one another.
 *
 *     <nst-pulls-view .pulls=${pulls} .picture=${picture} chosen="style" show="way" scale="own" @nst-term=${…} @nst-show=${…} @nst-scale=${…}></nst-pulls-view>
 *
 * @fires nst-term - detail: the name of the term that was chosen
 * @fires nst-show - detail: PullShow
 * @fires nst-scale - detail: PullScale
 */
@customElement("nst-pulls-view")
export class PullsView extends LitElement {
  @property({ attribute: false }) pulls: Pulls | null = null;
  @property({ attribute: false }) picture: Picture | null = null;
  @property() chosen = "style";
  @property() show: PullShow = "way";
  @property() scale: PullScale = "own";

  override render() {
    const { pulls, picture, chosen, show, scale } = this;
    if (!pulls || !picture) return nothing;
    return html`<div class="body">
        <h3>What each term costs, and how hard it pulls</h3>
        <nst-pull-bars .pulls=${pulls} chosen=${chosen} @nst-term=${this.pass}></nst-pull-bars>
        <p class="note">The share is of <span class="content">content</span> and <span class="style">style</span> together. The layers of the style add up to more than the style does, as far as they pull different ways.</p>
      </div>
      <div class="body">
        <h3>Which way</h3>
        <nst-pull-pictures .pulls=${pulls} .picture=${picture} chosen=${chosen} show=${show} scale=${scale} @nst-term=${this.pass} @nst-show=${this.pass} @nst-scale=${this.pass}></nst-pull-pictures>
      </div>
      <div class="body">
        <h3>Together, or against one another</h3>
        <div class="columns">
          <nst-pull-angle .pulls=${pulls}></nst-pull-angle>
          <nst-pull-cosines .pulls=${pulls}></nst-pull-cosines>
        </div>
      </div>`;
  }

  private pass = (event: Event): void => {
    this.dispatchEvent(new CustomEvent(event.type, { detail: (event as CustomEvent).detail }));
  };

  static override styles = [
    controlStyles,
    partsStyles,
    css`
      :host {
        container: view / inline-size;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 18px 28px;
      }
      @container view (width < 680px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-pulls-view": PullsView;
  }
}
