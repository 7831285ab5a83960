/** What a code cell shows of its run: how it stands, its value, its names, and what it wrote. */
import { html, nothing, type TemplateResult } from "lit";
import type { Language } from "../notebook/compile";
import { equal } from "../notebook/equal";
import { CellCrashError, type CodeItem, CodeRunError, KernelValue, type Shown } from "../sandbox/client";
import type { CodeRunning } from "./code-running";
import { formatBytes, summary } from "./value-facts";
import "./value-view";

/** "step 12 · 3.4/s · 2 tensors, 48 kB" for a stream, "14 ms · …" for other code. */
export function runNote(running: CodeRunning, item: CodeItem, stream: boolean): string {
  const rate = running.going ? running.itemsPerSecond : null;
  const parts = stream ? [`step ${item.item}`, rate ? `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s` : ""] : [`${Math.max(1, Math.round(item.milliseconds))} ms`];
  if (item.tensors > 0) parts.push(`${item.tensors} ${item.tensors === 1 ? "tensor" : "tensors"}, ${formatBytes(item.bytes)}`);
  return parts.filter((part) => part !== "").join(" · ");
}

export function runState(running: CodeRunning, stream: boolean): TemplateResult | typeof nothing {
  const state = (kind: string, text: string) => html`<span class="state ${kind}">${text}</span>`;
  if (running.status === "pending") return state("pending", "computing");
  if (running.status === "waiting") return state("waiting", `waiting for ${running.waitingFor}`);
  if (running.status === "rejected") return state("rejected", "error");
  if (running.status === "held") return state("waiting", "not run yet");
  if (running.outOfDate) return state("waiting", "out of date");
  if (running.stopping) return state("running", "stopping");
  if (running.going && stream) return state("running", "running");
  return running.stopped ? state("waiting", "stopped") : nothing;
}

/** The cell's value, and, to be opened, those of its names that are something else. What a js cell draws is in its frame. */
export function itemView(item: CodeItem, names: readonly string[], language: Language): TemplateResult | typeof nothing {
  const { shown } = item;
  const inFrame = language === "js" && (shown.kind === "node" || shown.kind === "nothing");
  const main = mainName(item, names);
  const others = Object.entries(item.names).filter(([name]) => name !== main);
  if (inFrame && others.length === 0) return nothing;
  return html`<div class="body">
    ${inFrame
      ? nothing
      : shown.kind === "function"
        ? html`<p class="plain-function">A function, for other cells to call.</p>`
        : html`<nst-value .shown=${shown} label=${main ?? ""}></nst-value>`}
    ${others.map(([name, value]) => {
      const shown = shownOf(value);
      return html`<details><summary><span class="mono">${name}</span> <span class="soft">${summary(shown)}</span></summary><nst-value .shown=${shown} label=${name}></nst-value></details>`;
    })}
  </div>`;
}

export function logView(lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<div class="body logs"><pre tabindex="0" role="log" aria-label="what the code wrote">${lines.join("\n")}</pre></div>`;
}

/** Asks before code that somebody else has written is run. @param agreed called when the person does */
export function trustView(agreed: () => void): TemplateResult {
  return html`<p class="distrust">
    <span>This notebook came from somewhere else. Its code does not run until you agree.</span>
    <button @click=${agreed}>Run this notebook’s code</button>
  </p>`;
}

/** @param again runs the cell once more: offered where it had to be ended */
export function problemView(error: Error | null, again: () => void): TemplateResult | typeof nothing {
  if (!error) return nothing;
  const line = error instanceof CodeRunError && error.line !== null ? `Line ${error.line}: ` : "";
  const name = error instanceof CodeRunError && error.name !== "Error" ? `${error.name}: ` : "";
  return html`<div class="error" role="status">${line}${name}${error.message} ${error instanceof CellCrashError ? html`<button @click=${again}>Run again</button>` : nothing}</div>`;
}

const mainNames = new WeakMap<CodeItem, string | null>();

/** The name whose value is also the cell's, null if there is none. */
function mainName(item: CodeItem, names: readonly string[]): string | null {
  let name = mainNames.get(item);
  if (name === undefined) {
    const last = names.at(-1) ?? null;
    name = last !== null && (names.length === 1 || same(shownOf(item.names[last]), item.shown)) ? last : null;
    mainNames.set(item, name);
  }
  return name;
}

/** Sizes in memory are not known of everything. */
function same(a: Shown, b: Shown): boolean {
  return a.kind === "data" && b.kind === "data" ? equal(a.value, b.value) : equal(a, b);
}

function shownOf(value: unknown): Shown {
  if (value instanceof KernelValue) return value.shown;
  return value === undefined ? { kind: "nothing" } : { kind: "data", value, cut: false, bytes: 0 };
}
