import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { NotebookCell } from "../notebook/cells";
import type { Session } from "../notebook/session";
import "./cell-tools";
import { addMenu, type CellTools } from "./cell-tools";
import { plusIcon } from "./cell-tools-icons";
import { cellLabel } from "./cell-tools-kinds";
import { CellMenu } from "./cell-tools-menu";
import "./source-editor";
import type { SourceEditor } from "./source-editor";
import { controlStyles } from "./theme";

/** Fired (bubbling) when the source of a prose or element cell is to be applied. */
export interface SourceDone {
  key: string;
  text: string;
}

/**
 * The place of one cell in the page: its element (the only child, in light DOM), the tools beside it, and its source while
 * that is edited. Tools take no room: they are drawn over the margin.
 */
@customElement("nst-slot")
export class SlotElement extends LitElement {
  @property() key = "";
  @property({ attribute: false }) cell: NotebookCell | null = null;
  @property({ attribute: false }) session: Session | null = null;
  @property({ type: Number }) index = 0;
  /** how many cells there are */
  @property({ type: Number }) count = 0;
  /** the cell below is not beside this one: something may be added between */
  @property({ type: Boolean }) gap = true;
  /** stands in a row of several */
  @property({ type: Boolean, reflect: true }) beside = false;
  @property({ type: Boolean, reflect: true }) editing = false;
  /** the cell can be shown as code */
  @property({ attribute: false }) hasCode: () => boolean = () => false;
  @query("nst-cell-tools") readonly tools!: CellTools;
  @query("nst-source-editor") private editor!: SourceEditor | null;
  @query(".between button") private plus!: HTMLButtonElement;

  /** The cell's element. */
  get content(): HTMLElement {
    return this.firstElementChild as HTMLElement;
  }

  /** Opens the source of the cell, with the cursor before the character `at`. Code cells have editors of their own. */
  async edit(at = 0): Promise<void> {
    if (this.cell?.kind === "code") return;
    this.editing = true;
    await this.updateComplete;
    await this.editor?.focusAt(at);
  }

  /** Where something may be added without tearing a row of cells that stand side by side: before all of it, and after. */
  get #around(): { above: number; below: number } {
    const cells = this.session!.notebook.cells;
    const joins = (index: number) => {
      const cell = cells[index];
      return cell?.kind === "element" && cell.beside;
    };
    let above = this.index;
    while (joins(above)) above--;
    let below = this.index + 1;
    while (joins(below)) below++;
    return { above, below };
  }

  get #draft(): string | null {
    return this.cell?.kind === "code" ? null : (this.session?.draft(this.key) ?? null);
  }

  #close(): void {
    this.editing = false;
    void this.tools.focusTool("edit");
  }

  #done(text: string): void {
    this.editing = false;
    this.dispatchEvent(new CustomEvent<SourceDone>("nst-source", { bubbles: true, detail: { key: this.key, text } }));
  }

  #discard(): void {
    this.session?.setDraft(this.key, null);
    this.#close();
  }

  #doubleClick(event: MouseEvent): void {
    const within = event.composedPath();
    const operable = within.slice(0, within.indexOf(this)).some((target) => target instanceof Element && target.matches("a, button, input, summary"));
    if (this.cell?.kind === "prose" && !this.editing && !operable) void this.edit(placeInSource(this.cell.text, this.content));
  }

  override render() {
    const { cell, session } = this;
    if (!cell || !session) return nothing;
    const draft = this.#draft;
    const { above, below } = this.#around;
    return html`<nst-cell-tools .key=${this.key} .cell=${cell} .index=${this.index} .count=${this.count} .above=${above} .below=${below} .hasCode=${this.hasCode} .undoes=${() => session.history.next.undo}></nst-cell-tools>
      ${this.editing && cell.kind !== "code"
        ? html`<nst-source-editor
            .text=${cell.text} .draft=${draft} .label=${cellLabel(cell)}
            @nst-source-draft=${(event: CustomEvent<string>) => session.setDraft(this.key, event.detail)}
            @nst-source-done=${(event: CustomEvent<string>) => this.#done(event.detail)}
            @nst-source-close=${this.#close} @nst-source-discard=${this.#discard}
          ></nst-source-editor>`
        : nothing}
      <slot class=${this.editing && cell.kind === "prose" ? "away" : ""} @dblclick=${this.#doubleClick}></slot>
      ${draft !== null && !this.editing ? html`<p class="draft">Edited, not applied. <button @click=${() => this.edit()}>Go on editing</button> <button class="plain" @click=${this.#discard}>Discard changes</button></p>` : nothing}
      ${this.gap
        ? html`<div class="between"><button tabindex="-1" aria-label="Add a cell below ${cellLabel(cell)}" aria-haspopup="menu" aria-expanded="false" title="Add a cell here" @click=${() => CellMenu.open(this.plus, addMenu(this, below))}>${plusIcon}</button></div>`
        : nothing}`;
  }

  /** Shows the reader for a moment which cell was meant. */
  flash(): void {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const outline = (colour: string) => ({ outline: `2px solid ${colour}`, outlineOffset: "6px", borderRadius: "6px" });
    const frames = still ? [outline("var(--focus)"), outline("var(--focus)")] : [outline("var(--focus)"), outline("transparent")];
    // an animation in script: the style sheet shortens those of readers who want less motion, and this one stands still for them
    this.animate(frames, { duration: 1600, easing: "ease-in" });
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        position: relative;
        scroll-margin-top: 16px;
      }
      :host([beside]) {
        min-width: 0;
      }
      :host([beside]) ::slotted(*) {
        margin: 0;
      }
      :host([dragged]) {
        opacity: 0.45;
      }
      .away {
        display: none;
      }
      nst-cell-tools {
        position: absolute;
        z-index: 3;
        top: 0;
        right: 100%;
        padding-right: 6px;
        opacity: 0;
        transition: opacity 0.12s;
      }
      /* between the columns of a row there is no margin to stand in: over the upper edge, as on narrow screens */
      :host([beside]:not(:first-child)) nst-cell-tools {
        padding-right: 0;
        right: calc(100% - 4px);
      }
      @media (hover: hover) {
        :host(:hover) nst-cell-tools {
          opacity: 1;
        }
      }
      /* what cannot be seen must not be touched by chance */
      @media (hover: none) {
        nst-cell-tools {
          pointer-events: none;
        }
      }
      :host(:focus-within) nst-cell-tools,
      :host([current]) nst-cell-tools {
        opacity: 1;
        pointer-events: auto;
      }
      .draft {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 10px;
        margin: 8px 0;
        color: var(--soft);
        font: 13px/1.5 var(--sans);
      }
      .between {
        position: absolute;
        z-index: 4;
        top: 100%;
        left: 0;
        right: 0;
        height: 12px;
        opacity: 0;
      }
      .between::before {
        content: "";
        position: absolute;
        top: 5px;
        left: 0;
        right: 0;
        border-top: 1px solid var(--edge);
      }
      .between:hover,
      .between:focus-within {
        opacity: 1;
        transition: opacity 0.12s 0.1s;
      }
      .between button {
        position: absolute;
        top: -6px;
        left: -34px;
        display: grid;
        place-items: center;
        width: 28px;
        min-height: 24px;
        padding: 0;
        border: 0;
        background: none;
        color: var(--soft);
      }
      .between:not(:hover, :focus-within) button {
        pointer-events: none;
      }
      .between button:hover {
        background: var(--code);
        color: var(--ink);
      }
      @media (hover: none) {
        .between {
          display: none;
        }
      }
      @media (max-width: 800px) {
        nst-cell-tools,
        :host([beside]:not(:first-child)) nst-cell-tools {
          top: -16px;
          right: 8px;
          padding: 0;
        }
        .between {
          display: none;
        }
      }
      @media print {
        nst-cell-tools,
        .between {
          display: none;
        }
      }
    `,
  ];
}

/** Where the word that is selected in the rendered text stands in its source: as many of the same come before it. */
function placeInSource(source: string, rendered: HTMLElement): number {
  const selection = getSelection();
  const word = selection?.toString().trim() ?? "";
  if (word === "" || !rendered.contains(selection!.anchorNode)) return 0;
  const before = document.createRange();
  before.selectNodeContents(rendered);
  const { startContainer, startOffset } = selection!.getRangeAt(0);
  before.setEnd(startContainer, startOffset);
  let at = -1;
  for (let n = before.toString().split(word).length; n > 0; n--) {
    const next = source.indexOf(word, at + 1);
    if (next < 0) break;
    at = next;
  }
  return Math.max(0, at);
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-slot": SlotElement;
  }
}
