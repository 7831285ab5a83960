import { css, html, LitElement, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { controlStyles } from "./theme";

export interface DialogButton {
  label: string;
  /** what the dialog's answer is when this button is pressed */
  value: string;
  /** primary: what Enter in a text field means too; danger: something is lost by it */
  kind?: "primary" | "danger";
}

export interface DialogOptions {
  title: string;
  /** anything that Lit can render; plain text becomes a paragraph */
  body?: unknown;
  /** left to right */
  buttons: readonly DialogButton[];
  /** at most: a question (default), a list, a table, two texts beside each other */
  width?: "question" | "list" | "table" | "texts";
}

/**
 * Asks the person something, and waits. The focus goes into the dialog and returns to where it was.
 *
 *     const answer = await ask({ title: "Reset this notebook?", body: "…", buttons: [{ label: "Cancel", value: "no" }, { label: "Reset", value: "yes", kind: "danger" }] });
 *
 * @returns the value of the button that was pressed; null after Escape
 */
export function ask(options: DialogOptions): Promise<string | null> {
  return openDialog(options).answer;
}

/** As `ask`, for a dialog that changes while it is open, or whose body ends it. */
export function openDialog(options: DialogOptions): { answer: Promise<string | null>; update(changes: Partial<DialogOptions>): void; close(value: string | null): void } {
  const before = focusedElement();
  const dialog = new Dialog();
  dialog.options = options;
  document.body.append(dialog);
  const answer = new Promise<string | null>((resolve) => {
    dialog.addEventListener("nst-answer", (event) => {
      dialog.remove();
      if (before?.isConnected) before.focus({ preventScroll: true });
      resolve((event as CustomEvent<string | null>).detail);
    });
  });
  return { answer, update: (changes) => (dialog.options = { ...dialog.options, ...changes }), close: (value) => dialog.close(value) };
}

/**
 * Asks for a line of text.
 * @param action the button's label
 * @returns the text without blanks around it; null if the person gave up or left nothing
 */
export async function askText({ title, label, value, action }: { title: string; label: string; value: string; action: string }): Promise<string | null> {
  let text = value;
  const body = html`<label>${label} <input type="text" autofocus .value=${value} @focus=${selectAll} @input=${(event: Event) => (text = (event.target as HTMLInputElement).value)} /></label>`;
  const answer = await ask({ title, body, buttons: [{ label: "Cancel", value: "no" }, { label: action, value: "yes", kind: "primary" }] });
  return answer === "yes" && text.trim() ? text.trim() : null;
}

/** Browsers give the focus back too, but not into shadow trees. */
function focusedElement(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

function selectAll(event: Event): void {
  (event.target as HTMLInputElement).select();
}

/** A modal dialog: title, body, buttons. Made by `ask` and `openDialog`. */
@customElement("nst-dialog")
export class Dialog extends LitElement {
  @property({ attribute: false }) options: DialogOptions = { title: "", buttons: [] };
  @query("dialog") private dialog!: HTMLDialogElement;
  #answer: string | null = null;

  override render() {
    const { title, body = nothing, buttons, width = "question" } = this.options;
    return html`<dialog aria-labelledby="title" class=${width} @close=${this.#closed}>
      <form @submit=${this.#submit}>
        <h2 id="title">${title}</h2>
        <div class="body">${typeof body === "string" ? html`<p>${body}</p>` : body}</div>
        <div class="controls">${buttons.map(({ label, value, kind }) => html`<button type=${kind === "primary" ? "submit" : "button"} class=${kind ?? ""} @click=${kind === "primary" ? nothing : () => this.close(value)}>${label}</button>`)}</div>
      </form>
    </dialog>`;
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  close(value: string | null): void {
    this.#answer = value;
    this.dialog.close();
  }

  #submit(event: Event): void {
    event.preventDefault(); // there is nowhere to send it
    const primary = this.options.buttons.find(({ kind }) => kind === "primary");
    if (primary) this.close(primary.value);
  }

  #closed(): void {
    this.dispatchEvent(new CustomEvent("nst-answer", { detail: this.#answer }));
  }

  static override styles = [
    controlStyles,
    css`
      dialog {
        width: min(460px, calc(100vw - 32px));
        max-height: calc(100dvh - 32px);
        padding: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        color: var(--ink);
        font: 14px/1.55 var(--sans);
      }
      dialog[open] {
        display: flex;
      }
      dialog.list {
        width: min(760px, calc(100vw - 32px));
      }
      dialog.table {
        width: min(980px, calc(100vw - 32px));
      }
      dialog.texts {
        width: min(1240px, calc(100vw - 48px));
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 45%);
      }
      form {
        display: flex;
        flex-direction: column;
        flex: 1;
        min-width: 0;
      }
      h2 {
        margin: 0;
        padding: 16px 20px 0;
        font: 600 15px/1.4 var(--sans);
        overflow-wrap: anywhere;
      }
      .body {
        flex: 1;
        min-height: 0;
        padding: 8px 20px 4px;
        overflow-y: auto;
        overflow-wrap: anywhere;
      }
      .body p {
        margin: 0 0 10px;
      }
      .body ul {
        margin: 0 0 10px;
        padding-left: 20px;
      }
      .body label {
        display: block;
        color: var(--soft);
      }
      .body input[type="text"],
      .body textarea {
        display: block;
        width: 100%;
        margin: 4px 0 10px;
        font-size: 14px;
      }
      .body textarea {
        padding: 8px;
        border: 1px solid var(--edge);
        border-radius: 7px;
        background: var(--card);
        color: var(--ink);
        font: 12px/1.5 var(--mono);
        resize: vertical;
      }
      .controls {
        justify-content: flex-end;
        padding: 10px 20px 16px;
      }
      button.danger {
        border-color: var(--error);
        color: var(--error);
      }
      @media (max-width: 560px) {
        dialog:is(.list, .table, .texts) {
          width: calc(100vw - 16px);
          max-width: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementTagNameMap {
    "nst-dialog": Dialog;
  }
}
