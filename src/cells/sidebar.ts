import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { route } from "../notebook/links";
import type { Kernels } from "./context";
import type { Shipped } from "./library";
import "./status-bar";
import { chooseTheme, themeChoice, type ThemeChoice } from "./theme-choice";
import { controlStyles } from "./theme";

/** The notebooks, the headings of the open one, and what computes. A column, or on narrow screens a bar with a menu. */
@customElement("nst-sidebar")
export class Sidebar extends LitElement {
  @property({ attribute: false }) library: readonly Shipped[] = [];
  /** the open notebook; null if there is none */
  @property({ attribute: false }) open: Shipped | null = null;
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
        <ul @click=${this.#fold}>
          ${this.library.map((shipped) => this.#entry(shipped))}
        </ul>
        <footer>
          <nst-status-bar .kernels=${this.kernels} .network=${this.network}></nst-status-bar>
          <label class="theme">
            theme
            <select @change=${(event: Event) => chooseTheme((event.target as HTMLSelectElement).value as ThemeChoice)}>
              ${(["system", "light", "dark"] as const).map((choice) => html`<option ?selected=${choice === themeChoice()}>${choice}</option>`)}
            </select>
          </label>
        </footer>
      </div>
    </nav>`;
  }

  #entry({ name, title, notebook }: Shipped) {
    const open = name === this.open?.name;
    const sections = notebook.headings.filter(({ level, text }) => level === 2 && text !== title);
    return html`<li>
      <a href=${route(name)} aria-current=${open ? "page" : nothing}>${title}</a>
      ${open && sections.length > 0
        ? html`<ul>
            ${sections.map(({ text, anchor }) => html`<li><a href=${route(name, anchor)} aria-current=${anchor === this.reading ? "location" : nothing}>${text}</a></li>`)}
          </ul>`
        : nothing}
    </li>`;
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
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      #menu > ul {
        flex: 1;
        overflow-y: auto;
        padding: 2px 16px 16px;
      }
      a {
        display: block;
        padding: 4px 8px;
        border-radius: 6px;
        color: var(--soft);
        text-decoration: none;
      }
      a:hover {
        color: var(--ink);
      }
      a[aria-current="page"] {
        color: var(--ink);
        background: var(--code);
        font-weight: 600;
      }
      ul ul {
        margin: 4px 0 8px 8px;
        border-left: 1px solid var(--line);
      }
      ul ul a {
        margin-left: -1px;
        padding: 3px 8px 3px 13px;
        border-left: 2px solid transparent;
        border-radius: 0;
      }
      a[aria-current="location"] {
        color: var(--ink);
        border-left-color: var(--ink);
      }
      footer {
        padding: 14px 24px 18px;
        border-top: 1px solid var(--line);
      }
      .theme {
        display: flex;
        align-items: center;
        gap: 8px;
        margin-top: 8px;
        color: var(--soft);
        font-size: 12px;
      }
      .theme select {
        font-size: 12px;
        min-height: 26px;
        padding: 2px 6px;
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
        #menu > ul {
          padding-top: 6px;
        }
        a {
          padding-block: 8px;
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
