import { html, LitElement, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { noticesStyles } from "./notices-styles";
import { controlStyles } from "./theme";

export interface NoticeAction {
  label: string;
  /** the one that most people will want */
  primary?: boolean;
  /** the notice goes when this begins; what it throws is shown in its place */
  do: () => unknown;
}

export interface Notice {
  /** a notice with the id of another takes its place */
  id: string;
  text: string;
  actions?: readonly NoticeAction[];
  /** alert: something went wrong, and is said at once; default: quiet */
  tone?: "quiet" | "alert";
  /** stays until it is hidden, answered or closed; default: goes by itself, unless it is pointed at or has the focus */
  sticky?: boolean;
  /** has to be answered: it cannot be closed. What stands above the notebook never can. */
  demanding?: boolean;
  /** corner (default): over the page; top: above the notebook, for what concerns all of it */
  place?: "corner" | "top";
}

/** How long what goes by itself can be read, and how long it can be answered. */
const READ_MS = 6_000;
const ANSWER_MS = 60_000;
/** A save that takes less is not worth a word. */
const PATIENCE_MS = 400;
const SAVED_MS = 1_800;

/**
 * What the workbench has to say: quiet messages in a corner, some with something to press, and lines above the notebook.
 * Stands as the first element of the page's main part.
 *
 *     notices.show({ id: "deleted", text: "“Waves” was deleted.", actions: [{ label: "Bring it back", do: () => workspace.undoRemove() }] });
 *     notices.hide("deleted");
 */
@customElement("nst-notices")
export class Notices extends LitElement {
  @state() private notices: readonly Notice[] = [];
  @state() private saving = "";
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  show(notice: Notice): void {
    const known = this.notices.some(({ id }) => id === notice.id);
    this.notices = known ? this.notices.map((one) => (one.id === notice.id ? notice : one)) : [...this.notices, notice];
    this.#wait(notice);
  }

  hide(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.notices = this.notices.filter((one) => one.id !== id);
  }

  /** The state of keeping, said in passing: only a save that takes a while, and then that it is done. */
  showSaving(state: "saved" | "saving" | "none"): void {
    clearTimeout(this.#saveTimer);
    if (state === "none") this.saving = "";
    else if (state === "saving") this.#saveTimer = setTimeout(() => (this.saving = "Saving…"), PATIENCE_MS);
    else {
      this.saving = "Saved";
      this.#saveTimer = setTimeout(() => (this.saving = ""), SAVED_MS);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    clearTimeout(this.#saveTimer);
  }

  #wait(notice: Notice): void {
    clearTimeout(this.#timers.get(notice.id));
    if (notice.sticky) return void this.#timers.delete(notice.id);
    const time = notice.actions?.length ? ANSWER_MS : READ_MS;
    this.#timers.set(notice.id, setTimeout(() => this.hide(notice.id), time));
  }

  /** The button that was pressed goes with its message: the reader goes on where the messages are. */
  #leave(id: string): void {
    this.hide(id);
    this.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }

  /** What is being read or answered does not go. */
  #hold({ id }: Notice): void {
    clearTimeout(this.#timers.get(id));
  }

  async #act(notice: Notice, action: NoticeAction): Promise<void> {
    this.#leave(notice.id);
    try {
      await action.do();
    } catch (error) {
      this.show({ id: notice.id, text: `${action.label}: ${(error as Error).message}`, tone: "alert", place: notice.place });
    }
  }

  override render() {
    const at = (place: "corner" | "top", tone: "quiet" | "alert") => this.notices.filter((one) => (one.place ?? "corner") === place && (one.tone ?? "quiet") === tone);
    const list = (place: "corner" | "top", tone: "quiet" | "alert") => html`<div role=${tone === "alert" ? nothing : "status"}>
      ${repeat(at(place, tone), ({ id }) => id, (notice) => this.#notice(notice))}
    </div>`;
    // the status regions are always there: a screen reader says what comes into them, not what comes with them; alerts it says as they come
    return html`<div class="top">${list("top", "alert")}${list("top", "quiet")}</div>
      <div class="corner">${list("corner", "quiet")}${list("corner", "alert")}</div>
      <div class="saving ${this.saving ? "" : "silent"}">${this.saving || nothing}</div>`;
  }

  #notice(notice: Notice) {
    const { id, text, actions = [], tone = "quiet", demanding = false, place = "corner" } = notice;
    return html`<div
      class="notice ${tone}"
      role=${tone === "alert" ? "alert" : nothing}
      data-id=${id}
      @pointerenter=${() => this.#hold(notice)}
      @pointerleave=${() => this.#wait(notice)}
      @focusin=${() => this.#hold(notice)}
      @focusout=${() => this.#wait(notice)}
    >
      <div class="said">
        <p>${text}</p>
        ${actions.length > 0
          ? html`<div class="actions">${actions.map((action) => html`<button class=${action.primary ? "primary" : ""} @click=${() => void this.#act(notice, action)}>${action.label}</button>`)}</div>`
          : nothing}
      </div>
      ${demanding || place === "top" ? nothing : html`<button class="plain close" aria-label="Close this message" @click=${() => this.#leave(id)}>×</button>`}
    </div>`;
  }

  static override styles = [controlStyles, noticesStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-notices": Notices;
  }
}
