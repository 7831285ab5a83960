import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Branch } from "./inspector-tree";
import { controlStyles } from "./theme";

/** A branch that is to be seen. */
interface Row {
  branch: Branch;
  /** names from the root on, the identity of the row */
  path: string;
  level: number;
  /** place among its siblings, from 1, of how many */
  place: number;
  of: number;
}

/**
 * Data as a tree that opens branch by branch: with the pointer, or with the arrow keys, Enter, Home and End.
 *
 *     <nst-inspector .root=${branchOf("settings", value)} label="settings"></nst-inspector>
 */
@customElement("nst-inspector")
export class Inspector extends LitElement {
  @property({ attribute: false }) root: Branch | null = null;
  @property() label = "";
  /** paths of the branches that the person opened or closed; the root is open from the start */
  @state() private open: ReadonlySet<string> = new Set([""]);
  @state() private current = "";

  override render() {
    if (!this.root) return nothing;
    const rows = this.#rows();
    const current = rows.some(({ path }) => path === this.current) ? this.current : "";
    return html`<div role="tree" aria-label=${this.label} @keydown=${(event: KeyboardEvent) => this.#key(event, rows, current)}>${rows.map((row) => this.#row(row, row.path === current))}</div>`;
  }

  #rows(): Row[] {
    const rows: Row[] = [];
    const visit = (branch: Branch, path: string, level: number, place: number, of: number) => {
      rows.push({ branch, path, level, place, of });
      if (!branch.inside || !this.open.has(path)) return;
      const inside = branch.inside();
      for (const [i, one] of inside.entries()) visit(one, `${path}/${i} ${one.name}`, level + 1, i + 1, inside.length);
    };
    visit(this.root!, "", 1, 1, 1);
    return rows;
  }

  #row({ branch, path, level, place, of }: Row, current: boolean): TemplateResult {
    const open = this.open.has(path);
    return html`<div
      class="row"
      role="treeitem"
      aria-level=${level}
      aria-posinset=${place}
      aria-setsize=${of}
      aria-expanded=${branch.inside ? String(open) : nothing}
      aria-selected=${String(current)}
      tabindex=${current ? 0 : -1}
      data-path=${path}
      style="--level:${level - 1}"
      @click=${() => this.#press(path, branch)}
    ><i aria-hidden="true">${branch.inside ? (open ? "▾" : "▸") : ""}</i>${branch.name ? html`<span class="name">${branch.name}</span>` : nothing}<span class=${branch.kind}>${branch.text}</span></div>`;
  }

  #press(path: string, { inside }: Branch): void {
    this.current = path;
    if (inside) this.#toggle(path, !this.open.has(path));
  }

  #toggle(path: string, open: boolean): void {
    const paths = new Set(this.open);
    if (open) paths.add(path);
    else paths.delete(path);
    this.open = paths;
  }

  #key(event: KeyboardEvent, rows: readonly Row[], current: string): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = rows.findIndex(({ path }) => path === current);
    const { branch, path, level } = rows[at];
    const open = this.open.has(path);
    let to = -1;
    if (event.key === "ArrowDown") to = Math.min(rows.length - 1, at + 1);
    else if (event.key === "ArrowUp") to = Math.max(0, at - 1);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = rows.length - 1;
    else if (event.key === "ArrowRight") {
      if (branch.inside && open) to = at + 1;
      else if (branch.inside) this.#toggle(path, true);
    } else if (event.key === "ArrowLeft") {
      if (branch.inside && open) this.#toggle(path, false);
      else to = rows.findLastIndex((row, i) => i < at && row.level === level - 1);
    } else if (event.key === "Enter" || event.key === " ") {
      if (branch.inside) this.#toggle(path, !open);
    } else return;
    event.preventDefault();
    if (to < 0) return;
    this.current = rows[to].path;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus());
  }

  static override styles = [
    controlStyles,
    css`
      :host {
        display: block;
        flex: 1 1 300px;
        min-width: 0;
        font: 12.5px/1.6 var(--mono);
      }
      [role="tree"] {
        max-height: 420px;
        overflow: auto;
        /* room for the focus ring */
        padding: 3px;
        margin: -3px;
      }
      .row {
        display: flex;
        flex-wrap: nowrap;
        align-items: baseline;
        gap: 0;
        padding: 0 4px 0 calc(var(--level) * 18px);
        border-radius: 3px;
        cursor: default;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .row[aria-expanded] {
        cursor: pointer;
      }
      .row:hover {
        background: var(--code);
      }
      .row:focus-visible {
        outline-offset: 0;
      }
      i {
        flex: none;
        width: 16px;
        color: var(--soft);
        font-style: normal;
      }
      .name {
        flex: none;
        max-width: 60%;
        margin-right: 10px;
        color: var(--ink);
      }
      .name::after {
        content: ":";
      }
      .number {
        color: var(--content);
      }
      .string {
        color: var(--style);
      }
      .literal {
        color: var(--picture);
      }
      .other {
        color: var(--soft);
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-inspector": Inspector;
  }
}
