import { css, html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { controlStyles } from "./theme";

export interface MenuItem {
  label: string;
  /** beside it, quieter */
  note?: string;
  /** it can be on or off */
  checked?: boolean;
  disabled?: boolean;
  /** a hairline above it */
  apart?: boolean;
  /** nothing: the menu closes. A menu: takes this one's place */
  choose(): void | Menu;
}

export interface Menu {
  /** for people who do not see it */
  label: string;
  items: readonly MenuItem[];
}

/**
 * A menu that opens beside a button and is gone when something was chosen. Arrow keys, Home, End and first letters go
 * through it; Escape closes it and the button has the focus again.
 */
@customElement("nst-cell-menu")
export class CellMenu extends LitElement {
  @property({ attribute: false }) menu: Menu = { label: "", items: [] };
  #anchor!: HTMLElement;

  /** Opens a menu beside `anchor`, in its tree. */
  static open(anchor: HTMLElement, menu: Menu): CellMenu {
    const element = document.createElement("nst-cell-menu");
    element.#anchor = anchor;
    element.menu = menu;
    element.popover = "auto";
    anchor.after(element);
    void element.#show();
    return element;
  }

  async #show(): Promise<void> {
    await this.updateComplete;
    this.#anchor.setAttribute("aria-expanded", "true");
    this.showPopover();
    this.#place();
    this.#items()[0]?.focus({ preventScroll: true });
    this.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState !== "closed") return;
      this.#anchor.setAttribute("aria-expanded", "false");
      this.remove();
    });
  }

  /** Below the button and from its left side on; above, or further left, where there is no room. */
  #place(): void {
    const { left, top, bottom } = this.#anchor.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this;
    const below = bottom + 4 + offsetHeight <= innerHeight || top < innerHeight - bottom;
    this.style.left = `${Math.max(8, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    this.style.top = `${Math.max(8, below ? Math.min(bottom + 4, innerHeight - offsetHeight - 8) : top - offsetHeight - 4)}px`;
  }

  #items(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  }

  async #choose(item: MenuItem): Promise<void> {
    const next = item.choose();
    if (!next) return this.#close(false);
    this.menu = next;
    await this.updateComplete;
    this.#place();
    this.#items()[0]?.focus();
  }

  #close(giveFocusBack: boolean): void {
    if (this.isConnected) this.hidePopover();
    if (giveFocusBack) this.#anchor.focus();
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.indexOf(this.shadowRoot!.activeElement as HTMLButtonElement);
    const goTo = (index: number) => items[(index + items.length) % items.length]?.focus();
    if (event.key === "ArrowDown") goTo(at + 1);
    else if (event.key === "ArrowUp") goTo(at - 1);
    else if (event.key === "Home") goTo(0);
    else if (event.key === "End") goTo(items.length - 1);
    else if (event.key === "Escape" || event.key === "Tab") this.#close(true);
    else if (/^\S$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const letter = event.key.toLowerCase();
      const next = [...items.slice(at + 1), ...items.slice(0, at + 1)].find((item) => item.textContent!.trim().toLowerCase().startsWith(letter));
      next?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  override render() {
    return html`<div role="menu" aria-label=${this.menu.label} @keydown=${this.#key}>
      ${this.menu.items.map(
        (item) => html`${item.apart ? html`<div class="rule" role="separator"></div>` : nothing}
          <button tabindex="-1" role=${item.checked === undefined ? "menuitem" : "menuitemcheckbox"} aria-checked=${item.checked ?? nothing} ?disabled=${item.disabled ?? false} @click=${() => this.#choose(item)}>
            <span class="tick" aria-hidden="true">${item.checked ? "✓" : ""}</span>${item.label}${item.note ? html` <span class="note">${item.note}</span>` : nothing}
          </button>`,
      )}
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        position: fixed;
        inset: auto;
        margin: 0;
        padding: 5px;
        min-width: 210px;
        max-width: calc(100vw - 16px);
        max-height: calc(100dvh - 16px);
        overflow: auto;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--card);
        color: var(--ink);
        box-shadow: 0 8px 28px rgb(0 0 0 / 0.16);
        /* what it inherits from tools that are not seen at the moment */
        pointer-events: auto;
      }
      button {
        display: flex;
        align-items: baseline;
        gap: 6px;
        width: 100%;
        padding: 5px 12px 5px 4px;
        border: 0;
        background: none;
        font-weight: 400;
        text-align: left;
      }
      button:focus,
      button:hover:not(:disabled) {
        background: var(--code);
        outline: none;
      }
      button:focus-visible {
        outline: 2px solid var(--focus);
        outline-offset: -2px;
      }
      .tick {
        flex: none;
        width: 14px;
        text-align: center;
      }
      .note {
        margin-left: auto;
        padding-left: 14px;
        color: var(--soft);
        font: 12px/1.4 var(--sans);
      }
      .rule {
        height: 1px;
        margin: 5px 4px;
        background: var(--line);
      }
      @media (pointer: coarse) {
        button {
          min-height: 40px;
          align-items: center;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-cell-menu": CellMenu;
  }
}
