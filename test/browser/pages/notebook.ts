/** `window.show(text)` shows a notebook; called again, it changes the text of that notebook. Ready when `window.show` exists. */
import "../../../src/cells/theme.css";
import "../../../src/cells/app.css";
import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { Cell } from "../../../src/cells/cell";
import type { Kernels } from "../../../src/cells/context";
import { NotebookElement } from "../../../src/cells/notebook";
import { Session } from "../../../src/notebook/session";

declare global {
  interface Window {
    show(text: string): void;
    notebook: NotebookElement;
    /** what the cells did, in order */
    log: string[];
  }
}

window.log = [];

/** A number that can be turned up. */
@customElement("nst-test-number")
class NumberCell extends Cell<number> {
  static override title = "number";
  static override params = { start: 1, digits: 0 };
  compute() {
    window.log.push(`${this.name} computes`);
    return this.param<number>("start");
  }
  view(value: number | undefined) {
    return html`<button @click=${() => this.setParam("start", this.param<number>("start") + 1)}>up</button>
      <button @click=${() => this.setParam("digits", 2, { recompute: false })}>digits</button>
      <output>${value?.toFixed(this.param<number>("digits"))}</output>`;
  }
}

/** Twice a number, after a while. */
@customElement("nst-test-double")
class DoubleCell extends Cell<number> {
  static override title = "double";
  static override roles = ["number", "delay"];
  async compute({ number }: { number: number }, { signal }: { signal: AbortSignal }) {
    window.log.push(`double of ${number} starts`);
    signal.addEventListener("abort", () => window.log.push(`double of ${number} given up`));
    await new Promise((resolve) => setTimeout(resolve, 300));
    return number * 2;
  }
  view(value: number | undefined) {
    return value === undefined ? nothing : html`<output>${value}</output>`;
  }
}

/** Counts up until it is given up. */
@customElement("nst-test-clock")
class ClockCell extends Cell<number> {
  static override title = "clock";
  async *compute(_: object, { signal }: { signal: AbortSignal }) {
    signal.addEventListener("abort", () => window.log.push("clock given up"));
    for (let tick = 1; !signal.aborted; tick++) {
      yield tick;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  view(value: number | undefined) {
    return html`<output>${value}</output>`;
  }
}

/** Fails where it is told to. */
@customElement("nst-test-broken")
class BrokenCell extends Cell<number> {
  static override params = { where: "compute" };
  compute() {
    if (this.param("where") === "compute") throw new Error("This computes nothing.");
    return 1;
  }
  view() {
    if (this.param("where") === "view") throw new Error("This shows nothing.");
    return html`shown`;
  }
}

export { BrokenCell, ClockCell, DoubleCell, NumberCell };

window.notebook = new NotebookElement();
window.notebook.kernels = new EventTarget() as Kernels; // the cells above use none
document.body.append(window.notebook);
window.show = (text) => {
  if (window.notebook.session) window.notebook.session.change(text, "write");
  else window.notebook.show(new Session("test", { text }));
};
