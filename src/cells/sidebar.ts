import { css, html, LitElement, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Entry, Workspace } from "../notebook/workspace";
import type { Kernels } from "./context";
import type { LibraryActionDetail } from "./library-list";
import "./library-list";
import "./status-bar";
import { chooseTheme, themeChoice, type ThemeChoice } from "./theme-choice";
import { controlStyles } from "./theme";

/**
 * The notebooks, the headings of the open one, and what computes. A column, or on narrow screens a bar with a menu.
 * Fires "nst-action" (LibraryActionDetail) for what is to be done with a notebook, see library-actions.ts.
 */
@customElement("nst-sidebar")
export class Sidebar extends LitElement {
  @property({ attribute: false }) workspace: Workspace | null = null;
  /** the open notebook; null if there is none */
  @property({ attribute: false }) open: Entry | null = null;
  /** anchor of the heading that is being read */
  @property({ attribute: false }) reading: string | null = null;
  @property({ attribute: false }) kernels: Kernels | null = null;
  @property({ attribute: false }) network = "";
  /** narrow screens: the menu is unfolded */
  @state() private unfolded = false;
  @query("#menu-button") private button!: HTMLButtonElement;

  #fold(): void {
    this.unfolded = false;
  }

  /** Whoever followed a link wants to read. */
  #followed(event: Event): void {
    if (event.composedPath().some((target) => target instanceof HTMLAnchorElement)) this.#fold();
  }

  #ask(action: "runs" | "networks" | "storage"): void {
    this.dispatchEvent(new CustomEvent<LibraryActionDetail>("nst-action", { detail: { action, name: "" }, bubbles: true, composed: true }));
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("open") && changed.get("open")?.name !== this.open?.name) this.#fold();
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.unfolded) return;
    this.#fold();
    this.button.focus();
  }

  override render() {
    return html`<nav aria-label="Notebooks" class=${this.unfolded ? "unfolded" : ""} @keydown=${this.#key}>
      <div class="bar">
        <span class="title">NST workbench</span>
        <span class="where">${this.open?.title}</span>
        <button id="menu-button" aria-expanded=${this.unfolded} aria-controls="menu" @click=${() => (this.unfolded = !this.unfolded)}>Menu</button>
      </div>
      <div id="menu">
        <nst-library-list .workspace=${this.workspace} .open=${this.open?.name ?? null} .reading=${this.reading} @click=${this.#followed}></nst-library-list>
        <div class="kept">
          <button class="plain" title="every run that was made in this browser" @click=${() => this.#ask("runs")}>Runs…</button>
          <button class="plain" title="VGG-19 and others: get them, bring them along, look at them" @click=${() => this.#ask("networks")}>Networks…</button>
        </div>
        <footer>
          <nst-status-bar .kernels=${this.kernels} .network=${this.network}></nst-status-bar>
          <div class="last">
            <label>
              theme
              <select @change=${(event: Event) => chooseTheme((event.target as HTMLSelectElement).value as ThemeChoice)}>
                ${(["system", "light", "dark"] as const).map((choice) => html`<option ?selected=${choice === themeChoice()}>${choice}</option>`)}
              </select>
            </label>
            <button class="plain" @click=${() => this.#ask("storage")}>Storage…</button>
          </div>
        </footer>
      </div>
    </nav>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        font: 13px/1.5 var(--sans);
      }
      nav {
        position: sticky;
        top: 0;
        display: flex;
        flex-direction: column;
        height: 100vh;
        height: 100dvh;
        border-right: 1px solid var(--line);
        background: var(--paper);
      }
      .bar {
        padding: 22px 24px 14px;
      }
      .title {
        font-weight: 650;
        font-size: 14px;
        letter-spacing: -0.005em;
      }
      .where,
      #menu-button {
        display: none;
      }
      #menu {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-height: 0;
      }
      nst-library-list {
        flex: 1;
        overflow-y: auto;
        padding: 2px 16px 16px;
      }
      .kept {
        padding: 6px 16px;
        border-top: 1px solid var(--line);
      }
      .kept button {
        width: 100%;
        padding: 4px 8px;
        color: var(--ink);
        font: 600 13px/1.5 var(--sans);
        text-align: left;
      }
      .kept button:hover {
        background: var(--code);
      }
      footer {
        padding: 14px 24px 18px;
        border-top: 1px solid var(--line);
      }
      .last {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin-top: 8px;
        color: var(--soft);
      }
      .last label {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 12px;
      }
      .last select,
      .last button {
        font-size: 12px;
        min-height: 26px;
        padding: 2px 6px;
      }
      .last button {
        color: inherit;
        font-weight: 400;
      }
      .last button:hover {
        color: var(--ink);
      }
      @media (max-width: 800px) {
        :host {
          position: sticky;
          top: 0;
          z-index: 10;
        }
        nav {
          position: relative;
          display: block;
          height: auto;
          border-right: none;
          border-bottom: 1px solid var(--line);
        }
        .bar {
          display: flex;
          align-items: center;
          gap: 10px;
          padding: 7px 16px;
        }
        .title {
          white-space: nowrap;
        }
        .where {
          display: block;
          flex: 1;
          overflow: hidden;
          color: var(--soft);
          text-overflow: ellipsis;
          white-space: nowrap;
        }
        #menu-button {
          display: block;
          margin-left: auto;
        }
        #menu {
          display: none;
        }
        /* over the text, which stays where it is */
        .unfolded #menu {
          position: absolute;
          top: 100%;
          left: 0;
          right: 0;
          display: block;
          max-height: calc(100dvh - 46px);
          overflow-y: auto;
          border-block: 1px solid var(--line);
          background: var(--paper);
        }
        nst-library-list {
          padding-top: 6px;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-sidebar": Sidebar;
  }
}
