import { html, LitElement, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { runTitle, type RunEntry } from "../runs/kept-run";
import type { RunStore } from "../runs/run-store";
import { CellMenu, type MenuItem } from "./cell-tools-menu";
import { MARKS } from "./compared-runs";
import { chooseFiles } from "./import-file";
import { formatCount } from "./numbers";
import { exportRun, importRuns, RUN_FILES } from "./run-files";
import { rowView, type RowLook } from "./run-list-row";
import { rowsOf, SORTS, type RunRow, type RunSort } from "./run-list-rows";
import { RunListSource } from "./run-list-source";
import { NARROW, ROW_HEIGHT, runListStyles } from "./run-list-styles";
import { RunThumbnails } from "./run-thumbnails";
import { controlStyles } from "./theme";
import { formatBytes } from "./value-facts";

/** Something that can be done with one run where the list stands; an error that it throws is said in the list. */
export interface RunAction {
  label: string;
  do(entry: RunEntry): unknown;
}

/** Rows beyond what is seen, above and below. */
const BEYOND = 3;

/**
 * The runs that are kept, as a list in which they are looked for, named, starred, deleted, exported, imported, and picked.
 * Only rows on the screen are in the page.
 *
 *     <nst-run-list .store=${runs} .picked=${["0c1f…"]} @nst-pick=${…}></nst-run-list>
 *
 * @fires nst-pick - (detail: string[]) ids that are picked now, at most eight, in the order in which they were picked
 */
@customElement("nst-run-list")
export class RunList extends LitElement {
  @property({ attribute: false }) store: RunStore | null = null;
  @property({ attribute: false }) picked: readonly string[] = [];
  /** what else can be done with a run here */
  @property({ attribute: false }) actions: readonly RunAction[] = [];
  /** what is done with two or more picked ones; null: nothing */
  @property({ attribute: false }) compare: ((ids: readonly string[]) => unknown) | null = null;
  /** what a notebook is called, by its name */
  @property({ attribute: false }) titleOf: (notebook: string) => string = (name) => name;

  @state() private search = "";
  @state() private sort: RunSort = "newest";
  @state() private starred = false;
  @state() private unfolded: ReadonlySet<string> = new Set();
  @state() private top = 0;
  @state() private height = 600;
  @state() private narrow = false;
  @state() private dropping = false;
  /** key of the row that the keys act on */
  @state() private active: string | null = null;
  @state() private naming: string | null = null;
  @state() private said: { text: string; tone: "calm" | "problem"; undo?: boolean } = { text: "", tone: "calm" };
  @query(".scroller") private scroller!: HTMLElement;

  private readonly source = new RunListSource(this);
  private readonly thumbnails = new RunThumbnails();
  private rows: RunRow[] = [];
  /** of the active row, to find its neighbour when it is gone */
  private at = 0;
  private focusWanted = false;
  private readonly sizes = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    this.sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.sizes.disconnect();
    this.thumbnails.clear();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("store")) this.source.follow(this.store);
    const { search, sort, starred, unfolded, titleOf } = this;
    this.rows = rowsOf(this.source.entries ?? [], { search, sort, starred, unfolded }, titleOf);
    const found = this.rows.findIndex(({ key }) => key === this.active);
    this.at = found >= 0 ? found : Math.max(0, Math.min(this.at, this.rows.length - 1));
    this.active = this.rows[this.at]?.key ?? null;
  }

  /** With the attribute `autofocus`, whoever opens it can type what to look for. */
  protected override firstUpdated(): void {
    if (this.hasAttribute("autofocus")) this.renderRoot.querySelector<HTMLElement>('input[type="search"]')!.focus();
  }

  protected override updated(): void {
    this.measure();
    if (this.naming) this.nameField?.focus();
    else if (this.focusWanted) {
      this.focusWanted = false;
      this.activeRow?.focus({ preventScroll: true });
    }
  }

  private get activeRow(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.run[tabindex="0"]');
  }

  private get nameField(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('.what input[type="text"]');
  }

  private get rowHeight(): number {
    return this.narrow ? ROW_HEIGHT.narrow : ROW_HEIGHT.wide;
  }

  private measure(): void {
    this.narrow = this.clientWidth > 0 && this.clientWidth < NARROW;
    if (this.scroller.clientHeight > 0) this.height = this.scroller.clientHeight;
  }

  override render() {
    const { entries, problem } = this.source;
    return html`<div class=${this.narrow ? "narrow" : ""} @dragover=${this.#dragged} @dragleave=${() => (this.dropping = false)} @drop=${this.#dropped}>
      ${[problem, this.store?.problem].filter(Boolean).map((text) => html`<p class="problem" role="alert">${text}</p>`)}
      ${this.#tools()}
      <p class="said ${this.said.tone}" role="status">${this.said.text}${this.said.undo ? html`<button @click=${this.#undo}>Undo</button>` : nothing}</p>
      <div class="scroller ${this.dropping ? "dropping" : ""}" @scroll=${() => (this.top = this.scroller.scrollTop)}>
        ${entries === null ? html`<p class="nothing">${problem ? "" : "Looking …"}</p>` : this.rows.length === 0 ? html`<p class="nothing">${this.#none()}</p>` : this.#grid()}
      </div>
      ${this.#below()}
      <p class="keys" id="keys">Keys in the list: ↑ ↓ move, Space picks, Enter shows what can be done, F2 names, S gives a star, Delete deletes.</p>
    </div>`;
  }

  #tools() {
    return html`<div class="controls tools">
      <input type="search" aria-label="search the runs" placeholder="Search by name, picture, network, notebook …" .value=${this.search} @input=${this.#searched} />
      <select aria-label="order" @change=${this.#sorted}>
        ${Object.entries(SORTS).map(([sort, text]) => html`<option value=${sort} ?selected=${sort === this.sort}>${text}</option>`)}
      </select>
      <button aria-pressed=${this.starred} @click=${this.#starsOnly}>★ only</button>
      <button @click=${async () => this.#import(await chooseFiles(RUN_FILES))}>Import…</button>
    </div>`;
  }

  readonly #searched = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value;
    this.#toTop();
  };

  readonly #sorted = (event: Event): void => {
    this.sort = (event.target as HTMLSelectElement).value as RunSort;
    this.#toTop();
  };

  readonly #starsOnly = (): void => {
    this.starred = !this.starred;
    this.#toTop();
  };

  /** What is looked for anew is read from its top. */
  #toTop(): void {
    this.top = this.scroller.scrollTop = 0;
    this.at = 0;
    this.active = null;
  }

  #none() {
    if (this.source.entries!.length === 0) return "No run is kept yet. Every run that is started in a notebook is kept by itself, and found here. A run that was exported elsewhere can be imported, or dropped here.";
    return this.search.trim() ? `No ${this.starred ? "starred " : ""}run has “${this.search.trim()}” in it.` : "No run has a star yet.";
  }

  #grid() {
    const { rows, rowHeight: height, top } = this;
    const first = Math.max(0, Math.floor(top / height) - BEYOND);
    const last = Math.min(rows.length - 1, Math.ceil((top + this.height) / height) + BEYOND);
    const shown = rows.flatMap((row, index) => ((index >= first && index <= last) || index === this.at ? [{ row, index }] : []));
    const images = this.thumbnails.show(shown.flatMap(({ row }) => (row.kind === "run" ? [row.entry] : row.entries.slice(0, 3))));
    const marks = new Map(this.picked.map((id, i) => [id, MARKS[i] as string]));
    const look = (row: RunRow, index: number): RowLook => ({
      index, top: index * height, height, active: index === this.at, naming: this.naming === row.key, marks, images,
      going: (id) => this.source.going(id),
      titleOf: this.titleOf,
      pick: (entry) => this.#pick(entry.id),
      fold: (group) => this.#fold(group.id),
      star: (entry) => this.#star(entry),
      menu: (row, button) => this.#menu(row, button),
      named: (entry, name) => this.#named(entry, name),
    });
    return html`<div
      role="treegrid" aria-label="Runs" aria-multiselectable="true" aria-describedby="keys" aria-rowcount=${rows.length} style="height: ${rows.length * height}px"
      @keydown=${this.#key} @focusin=${this.#entered}
    >${repeat(shown, ({ row }) => row.key, ({ row, index }) => rowView(row, look(row, index)))}</div>`;
  }

  #below() {
    const { entries } = this.source;
    if (!entries || entries.length === 0) return nothing;
    const found = this.rows.reduce((sum, row) => sum + (row.kind === "group" ? row.entries.length : row.inGroup ? 0 : 1), 0);
    const count = this.picked.length;
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    return html`<div class="below">
      ${count > 0
        ? html`<span class="picks">${count} of at most ${MARKS.length} picked</span>
            ${this.compare ? html`<button class="primary" ?disabled=${count < 2} @click=${() => this.#try(() => this.compare!(this.picked))}>Compare them</button>` : nothing}
            <button @click=${() => this.#give([])}>Pick none</button>`
        : html`<span>Pick 2 to ${MARKS.length} to compare them.</span>`}
      <span class="spacer"></span>
      <span class="number">${found === entries.length ? "" : `${formatCount(found)} of `}${formatCount(entries.length)} ${entries.length === 1 ? "run" : "runs"}, ${formatBytes(bytes)}</span>
    </div>`;
  }

  #pick(id: string): void {
    if (this.picked.includes(id)) return this.#give(this.picked.filter((one) => one !== id));
    if (this.picked.length < MARKS.length) return this.#give([...this.picked, id]);
    this.said = { text: `At most ${MARKS.length} runs can be picked. Take one away first.`, tone: "calm" };
    // the box that was pressed is checked by now
    for (const box of this.renderRoot.querySelectorAll<HTMLInputElement>(".pick input")) box.checked = this.picked.includes(box.closest<HTMLElement>(".run")!.dataset.key!);
  }

  #give(ids: readonly string[]): void {
    this.picked = ids;
    this.dispatchEvent(new CustomEvent<string[]>("nst-pick", { detail: [...ids] }));
  }

  #star({ id, starred }: RunEntry): void {
    this.#try(() => this.store!.update(id, { starred: !starred }));
  }

  #fold(id: string): void {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(id)) unfolded.add(id);
    this.unfolded = unfolded;
  }

  readonly #entered = (event: FocusEvent): void => {
    const key = (event.target as Element).closest<HTMLElement>(".run")?.dataset.key;
    if (key !== undefined) this.active = key;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const row = this.rows[this.at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey || target.closest("nst-cell-menu") || target.matches('input[type="text"]')) return;
    // a button in the row answers to these itself
    if (!target.matches(".run") && (event.key === " " || event.key === "Enter")) return;
    const does = this.#does(event.key, row);
    if (!does) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  };

  /** What a key does to the row that has the focus; null: nothing. */
  #does(key: string, row: RunRow): (() => unknown) | null {
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 1);
    const at = (index: number) => () => this.#go(index);
    switch (key) {
      case "ArrowDown":
        return at(this.at + 1);
      case "ArrowUp":
        return at(this.at - 1);
      case "PageDown":
        return at(this.at + page);
      case "PageUp":
        return at(this.at - page);
      case "Home":
        return at(0);
      case "End":
        return at(Infinity);
      case "Enter":
        return () => this.#menu(row, this.activeRow!.querySelector<HTMLElement>(".more")!);
      case "Delete":
        return () => this.#try(() => this.#remove(row));
    }
    return row.kind === "group" ? this.#doesGroup(key, row) : this.#doesRun(key, row);
  }

  #doesGroup(key: string, row: RunRow & { kind: "group" }): (() => unknown) | null {
    const fold = () => this.#fold(row.id);
    if (key === " ") return fold;
    if (key === "ArrowRight") return row.unfolded ? () => this.#go(this.at + 1) : fold;
    return key === "ArrowLeft" && row.unfolded ? fold : null;
  }

  #doesRun(key: string, { entry, inGroup }: RunRow & { kind: "run" }): (() => unknown) | null {
    if (key === " ") return () => this.#pick(entry.id);
    if (key === "F2") return () => (this.naming = entry.id);
    if (key.toLowerCase() === "s") return () => this.#star(entry);
    return key === "ArrowLeft" && inGroup ? () => this.#go(this.rows.findLastIndex((row, i) => i < this.at && row.kind === "group")) : null;
  }

  /** To the row of this index, as far as there is one. */
  #go(index: number): void {
    const to = Math.max(0, Math.min(this.rows.length - 1, index));
    this.active = this.rows[to].key;
    const { rowHeight, scroller } = this;
    if (to * rowHeight < scroller.scrollTop) scroller.scrollTop = to * rowHeight;
    else if ((to + 1) * rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = (to + 1) * rowHeight - scroller.clientHeight;
    this.top = scroller.scrollTop;
    this.focusWanted = true;
  }

  #menu(row: RunRow, button: HTMLElement): void {
    this.active = row.key;
    const back = (choose: () => unknown) => () => {
      this.activeRow?.focus({ preventScroll: true });
      this.#try(choose);
    };
    CellMenu.open(button, { label: `“${row.kind === "run" ? runTitle(row.entry) : row.title}”`, items: row.kind === "run" ? this.#runMenu(row, row.entry, back) : this.#groupMenu(row, back) });
  }

  #runMenu(row: RunRow, entry: RunEntry, back: (choose: () => unknown) => () => void): MenuItem[] {
    return [
      ...this.actions.map((action) => ({ label: action.label, choose: back(() => action.do(entry)) })),
      { label: "Name…", apart: this.actions.length > 0, choose: () => void (this.naming = entry.id) },
      { label: entry.starred ? "Take the star away" : "Give it a star", choose: back(() => this.#star(entry)) },
      { label: "Export to a file", choose: back(() => exportRun(this.store!, entry)) },
      { label: "Delete", apart: true, choose: back(() => this.#remove(row)) },
    ];
  }

  #groupMenu(row: RunRow & { kind: "group" }, back: (choose: () => unknown) => () => void): MenuItem[] {
    const count = row.entries.length;
    const first = row.entries.slice(0, MARKS.length).map(({ id }) => id);
    return [
      { label: row.unfolded ? "Fold" : "Unfold", choose: back(() => this.#fold(row.id)) },
      { label: count <= MARKS.length ? `Pick all ${count}` : `Pick the first ${MARKS.length}`, choose: back(() => this.#give(first)) },
      { label: `Delete all ${count}`, apart: true, choose: back(() => this.#remove(row)) },
    ];
  }

  async #remove(row: RunRow): Promise<void> {
    const entries = row.kind === "run" ? [row.entry] : row.entries;
    const going = entries.find(({ id }) => this.source.going(id) !== "nobody");
    if (going) throw new Error(`“${runTitle(going)}” is being computed. Stop it first, then it can be deleted.`);
    const ids = entries.map(({ id }) => id);
    await this.store!.remove(ids);
    this.said = { text: entries.length === 1 ? `“${runTitle(entries[0])}” was deleted.` : `${entries.length} runs were deleted.`, tone: "calm", undo: true };
    if (this.picked.some((id) => ids.includes(id))) this.#give(this.picked.filter((id) => !ids.includes(id)));
    this.focusWanted = true;
  }

  readonly #undo = (): void =>
    this.#try(async () => {
      const back = await this.store!.undoRemove();
      this.said = { text: back.length === 0 ? "There is nothing to take back." : back.length === 1 ? "The run is back." : `${back.length} runs are back.`, tone: "calm" };
      this.active = back[0] ?? this.active;
      this.focusWanted = true;
    });

  #named(entry: RunEntry, name: string | null): void {
    // leaving the field by Enter or Escape takes the field away, which leaves it once more
    if (this.naming !== entry.id) return;
    this.naming = null;
    this.focusWanted = true;
    if (name !== null && name.trim() !== entry.name) this.#try(() => this.store!.update(entry.id, { name: name.trim() }));
  }

  #import(files: readonly File[]): void {
    if (files.length === 0) return;
    this.said = { text: files.length === 1 ? `Reading “${files[0].name}” …` : `Reading ${files.length} files …`, tone: "calm" };
    this.#try(async () => {
      const { ids, text, problem } = await importRuns(this.store!, files);
      this.said = { text, tone: problem ? "problem" : "calm" };
      this.active = ids.at(-1) ?? this.active;
    });
  }

  readonly #dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.dropping = true;
  };

  readonly #dropped = (event: DragEvent): void => {
    this.dropping = false;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    this.#import(files);
  };

  #try(work: () => unknown): void {
    void Promise.resolve()
      .then(work)
      .catch((error: Error) => (this.said = { text: error.message, tone: "problem" }));
  }

  static override styles = [controlStyles, runListStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-run-list": RunList;
  }
}
