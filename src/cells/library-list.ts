import { html, LitElement, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { route } from "../notebook/links";
import type { Entry, Workspace } from "../notebook/workspace";
import { CellMenu, type MenuItem } from "./cell-tools-menu";
import { libraryListStyles } from "./library-list-styles";
import { controlStyles } from "./theme";

/** What can be done with notebooks as a whole, and with runs. "new", "import", "runs" and "storage" need no name. */
export type LibraryAction = "new" | "import" | "runs" | "networks" | "storage" | "duplicate" | "rename" | "delete" | "copy-link" | "export-md" | "export-html" | "compare" | "reset";

export interface LibraryActionDetail {
  action: LibraryAction;
  /** of the notebook that it concerns, "" if none */
  name: string;
}

/**
 * All notebooks: those that come with the workbench, with the headings of the open one, then the person's own; each with a
 * menu. Fires "nst-action" (LibraryActionDetail; bubbling, composed) for what is chosen.
 */
@customElement("nst-library-list")
export class LibraryList extends LitElement {
  @property({ attribute: false }) workspace: Workspace | null = null;
  /** name of the open notebook */
  @property({ attribute: false }) open: string | null = null;
  /** anchor of the heading that is being read */
  @property({ attribute: false }) reading: string | null = null;
  #heard: Workspace | null = null;
  /** the menu was open when the button was pressed: pressing it closes the menu */
  #closing = false;
  /** what has the focus while the list is drawn anew */
  #leaving: Element | null = null;

  readonly #changed = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen(this.workspace);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(null);
  }

  override willUpdate(): void {
    if (this.isConnected) this.#listen(this.workspace);
    this.#leaving = this.shadowRoot?.activeElement ?? null;
  }

  /** A row that was renamed or deleted took the focus with it. */
  protected override updated(): void {
    if (this.#leaving && !this.#leaving.isConnected) (this.renderRoot.querySelector<HTMLElement>(".open .menu") ?? this.renderRoot.querySelector<HTMLElement>(".menu"))?.focus();
    this.#leaving = null;
  }

  #listen(workspace: Workspace | null): void {
    if (workspace === this.#heard) return;
    this.#heard?.removeEventListener("entries", this.#changed);
    workspace?.addEventListener("entries", this.#changed);
    this.#heard = workspace;
  }

  #act(action: LibraryAction, name = ""): void {
    this.dispatchEvent(new CustomEvent<LibraryActionDetail>("nst-action", { detail: { action, name }, bubbles: true, composed: true }));
  }

  #menu(entry: Entry, button: HTMLElement): MenuItem[] {
    const { name, edited } = entry;
    const shipped = this.#isShipped(entry);
    const choose = (action: LibraryAction) => () => {
      button.focus(); // where a dialog gives it back to
      this.#act(action, name);
    };
    const item = (label: string, action: LibraryAction, more: Partial<MenuItem> = {}): MenuItem => ({ label, ...more, choose: choose(action) });
    return [
      item("Duplicate", "duplicate"),
      ...(shipped ? [] : [item("Rename…", "rename"), item("Delete", "delete")]),
      item("Copy link", "copy-link", { apart: true }),
      item("Export .md", "export-md"),
      item("Export as one HTML file…", "export-html"),
      ...(shipped ? [item("Compare with shipped…", "compare", { apart: true, disabled: !edited }), item("Reset to shipped…", "reset")] : []),
    ];
  }

  #openMenu(event: Event, entry: Entry): void {
    if (this.#closing) return void (this.#closing = false);
    const button = event.currentTarget as HTMLElement;
    CellMenu.open(button, { label: `“${entry.title}”`, items: this.#menu(entry, button) });
  }

  #pressed(event: Event): void {
    this.#closing = (event.currentTarget as HTMLElement).getAttribute("aria-expanded") === "true";
  }

  #key(event: KeyboardEvent, entry: Entry): void {
    this.#closing = false;
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    this.#openMenu(event, entry);
  }

  #isShipped({ name }: Entry): boolean {
    return this.workspace!.shippedText(name) !== null;
  }

  override render() {
    const entries = this.workspace?.entries ?? [];
    const shipped = entries.filter((entry) => this.#isShipped(entry));
    const own = entries.filter((entry) => !this.#isShipped(entry));
    return html`<ul>
        ${repeat(shipped, ({ name }) => name, (entry) => this.#entry(entry))}
      </ul>
      <p class="group" id="own">Your notebooks</p>
      ${own.length > 0
        ? html`<ul aria-labelledby="own">
            ${repeat(own, ({ name }) => name, (entry) => this.#entry(entry))}
          </ul>`
        : html`<p class="none">Duplicate one to change it, or begin with nothing.</p>`}
      <div class="more">
        <button class="plain" @click=${() => this.#act("new")}>New notebook</button>
        <button class="plain" @click=${() => this.#act("import")}>Import…</button>
      </div>`;
  }

  #entry(entry: Entry) {
    const { name, title, headings } = entry;
    const open = name === this.open;
    const sections = headings.filter(({ level, text }) => level === 2 && text !== title);
    const marks = marksOf(entry);
    return html`<li>
      <div class="entry ${open ? "open" : ""}">
        <a href=${route(name)} aria-current=${open ? "page" : nothing} aria-describedby=${marks ? `marks-${name}` : nothing}>${title}</a>
        <button
          class="plain menu"
          aria-haspopup="menu"
          aria-expanded="false"
          aria-label="What to do with “${title}”"
          @pointerdown=${this.#pressed}
          @keydown=${(event: KeyboardEvent) => this.#key(event, entry)}
          @click=${(event: Event) => this.#openMenu(event, entry)}
        >
          ⋯
        </button>
        ${marks ? html`<span class="marks" id="marks-${name}">${marks}</span>` : nothing}
      </div>
      ${open && sections.length > 0
        ? html`<ul>
            ${sections.map(({ text, anchor }) => html`<li><a href=${route(name, anchor)} aria-current=${anchor === this.reading ? "location" : nothing}>${text}</a></li>`)}
          </ul>`
        : nothing}
    </li>`;
  }

  static override styles = [controlStyles, libraryListStyles];
}

function marksOf({ edited, outdated, origin }: Entry): string {
  if (outdated) return "edited · there is a newer text";
  if (edited) return "edited";
  return { shipped: "", own: "", link: "came by a link", import: "from a file" }[origin];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-library-list": LibraryList;
  }
}
