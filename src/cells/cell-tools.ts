import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { NotebookCell } from "../notebook/cells";
import { gripIcon, moreIcon, pencilIcon } from "./cell-tools-icons";
import { cellLabel, newCells, runsByHand } from "./cell-tools-kinds";
import { CellMenu, type Menu, type MenuItem } from "./cell-tools-menu";
import { controlStyles } from "./theme";

/** What the person wants to do with a cell. */
export type CellAction =
  /** `text` goes before the cell of this index */
  | { what: "add"; index: number; text(taken: ReadonlySet<string>): string; title: string }
  /** `index`: where it stands afterwards */
  | { what: "move"; index: number }
  | { what: "drag"; press: PointerEvent; pressed(): void }
  | { what: "edit" | "duplicate" | "delete" | "undo" }
  /** `index`: where the code goes */
  | { what: "as code"; index: number }
  | { what: "by hand"; byHand: boolean };

/** Fired (bubbling, composed) by the tools of a cell; key: null where there is no cell. */
export interface CellActionDetail {
  key: string | null;
  action: CellAction;
}

export function sendAction(from: Element, key: string | null, action: CellAction): void {
  from.dispatchEvent(new CustomEvent<CellActionDetail>("nst-cell-action", { bubbles: true, composed: true, detail: { key, action } }));
}

/** Menu of what can be added before the cell of this index. */
export function addMenu(from: Element, index: number): Menu {
  return {
    label: "Add a cell",
    items: newCells().map(({ title, note, text }) => ({ label: title, note, choose: () => sendAction(from, null, { what: "add", index, text, title }) })),
  };
}

/**
 * The tools of one cell: a handle, a pencil, and a menu with everything. One stop of the Tab key; the arrow keys go on
 * from there, except that on the handle up and down move the cell.
 */
@customElement("nst-cell-tools")
export class CellTools extends LitElement {
  @property() key = "";
  @property({ attribute: false }) cell: NotebookCell | null = null;
  @property({ type: Number }) index = 0;
  /** how many cells there are */
  @property({ type: Number }) count = 0;
  /** where something can be added above and below */
  @property({ type: Number }) above = 0;
  @property({ type: Number }) below = 0;
  /** the cell can be shown as code */
  @property({ attribute: false }) hasCode: () => boolean = () => false;
  /** what would be undone, null if nothing */
  @property({ attribute: false }) undoes: () => string | null = () => null;
  @query(".handle") private handle!: HTMLButtonElement;
  @query(".edit") private pencil!: HTMLButtonElement | null;
  @query(".more") private more!: HTMLButtonElement;

  /** Gives the focus to one of the tools; on narrow screens there is only the menu's button. */
  async focusTool(tool: "handle" | "edit" | "more"): Promise<void> {
    await this.updateComplete;
    const wanted = { handle: this.handle, edit: this.pencil, more: this.more }[tool];
    (wanted && wanted.offsetParent !== null ? wanted : this.more).focus({ preventScroll: true });
  }

  #send(action: CellAction): void {
    sendAction(this, this.key, action);
  }

  #open(anchor: HTMLElement): void {
    CellMenu.open(anchor, this.#menu());
  }

  #menu(): Menu {
    const { cell, index, count } = this;
    const byHand = cell ? runsByHand(cell) : null;
    const undone = this.undoes();
    const items: (MenuItem | false)[] = [
      { label: "Add a cell above…", choose: () => addMenu(this, this.above) },
      { label: "Add a cell below…", choose: () => addMenu(this, this.below) },
      cell?.kind !== "code" && { label: "Edit source", apart: true, choose: () => this.#send({ what: "edit" }) },
      { label: "Duplicate", apart: cell?.kind === "code", choose: () => this.#send({ what: "duplicate" }) },
      { label: "Move up", disabled: index === 0, choose: () => this.#send({ what: "move", index: index - 1 }) },
      { label: "Move down", disabled: index === count - 1, choose: () => this.#send({ what: "move", index: index + 1 }) },
      byHand !== null && { label: "Run by hand", checked: byHand, apart: true, choose: () => this.#send({ what: "by hand", byHand: !byHand }) },
      this.hasCode() && { label: "Show as code", choose: () => this.#send({ what: "as code", index: this.below }) },
      { label: "Delete", apart: true, choose: () => this.#send({ what: "delete" }) },
      undone !== null && { label: "Undo", note: undone, apart: true, choose: () => this.#send({ what: "undo" }) },
    ];
    return { label: cell ? `Tools of ${cellLabel(cell)}` : "Tools", items: items.filter((item) => item !== false) };
  }

  #press(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const handle = this.handle;
    handle.focus({ preventScroll: true });
    this.#send({ what: "drag", press: event, pressed: () => this.#open(handle) });
  }

  #key(event: KeyboardEvent): void {
    const target = event.composedPath()[0] as HTMLElement;
    const upright = event.key === "ArrowUp" || event.key === "ArrowDown";
    if (upright && target === this.handle) {
      const index = this.index + (event.key === "ArrowUp" ? -1 : 1);
      if (index >= 0 && index < this.count) this.#send({ what: "move", index });
    } else if (upright || event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const tools = [...this.renderRoot.querySelectorAll<HTMLButtonElement>("[role=toolbar] > button")].filter((tool) => tool.offsetParent !== null);
      const next = tools.indexOf(target as HTMLButtonElement) + (event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 1);
      tools[(next + tools.length) % tools.length]?.focus();
    } else if ((event.key === "Enter" || event.key === " ") && target === this.handle) {
      this.#open(this.handle);
    } else return;
    event.preventDefault();
  }

  /** Only one tool is a stop of the Tab key: the one that had the focus last. */
  #focused(event: FocusEvent): void {
    for (const tool of this.renderRoot.querySelectorAll<HTMLButtonElement>("[role=toolbar] > button")) tool.tabIndex = tool === event.target ? 0 : -1;
  }

  override render() {
    const { cell } = this;
    if (!cell) return nothing;
    const label = cellLabel(cell);
    return html`<div class="tools" role="toolbar" aria-label="Tools of ${label}" aria-orientation="vertical" @keydown=${this.#key} @focusin=${this.#focused}>
      <button class="handle" tabindex="-1" aria-label="Move ${label}" aria-haspopup="menu" aria-description="Arrow up and arrow down move the cell." title="Drag to move, press for more" @pointerdown=${this.#press}>${gripIcon}</button>
      ${cell.kind === "code" ? nothing : html`<button class="edit" tabindex="-1" aria-label="Edit the source of ${label}" title="Edit source" @click=${() => this.#send({ what: "edit" })}>${pencilIcon}</button>`}
      <button class="more" aria-label="More for ${label}" aria-haspopup="menu" aria-expanded="false" title="More" @click=${() => this.#open(this.more)}>${moreIcon}</button>
    </div>`;
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
      }
      .tools {
        display: flex;
        flex-direction: column;
        gap: 1px;
      }
      button {
        display: grid;
        place-items: center;
        width: 28px;
        min-height: 26px;
        padding: 0;
        border: 0;
        background: none;
        color: var(--soft);
      }
      button:hover:not(:disabled),
      button[aria-expanded="true"] {
        background: var(--code);
        color: var(--ink);
      }
      .handle {
        cursor: grab;
        touch-action: none;
      }
      .handle:active {
        cursor: grabbing;
      }
      @media (max-width: 800px) {
        .handle,
        .edit {
          display: none;
        }
        .more {
          width: 40px;
          min-height: 28px;
          border: 1px solid var(--line);
          border-radius: 8px;
          background: var(--card);
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-cell-tools": CellTools;
  }
}
