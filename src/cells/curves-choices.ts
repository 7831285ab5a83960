/** Controls that the views of cost curves have in common. */
import { html, type TemplateResult } from "lit";
import type { CostScale } from "./scales";

/** Buttons of which one is pressed. @param options each with its text, and what it means */
export function either<T>(label: string, options: readonly (readonly [T, string, string])[], now: T, choose: (option: T) => void): TemplateResult {
  return html`<span class="scales" role="group" aria-label=${label}>
    ${options.map(([option, text, title]) => html`<button aria-pressed=${now === option} title=${title} @click=${() => choose(option)}>${text}</button>`)}
  </span>`;
}

/** The costs as they are, or as shares of what they were at step 0. */
export const unitChoice = (relative: boolean, choose: (relative: boolean) => void): TemplateResult =>
  either("Unit of the costs", [[false, "raw", "as they count in J"], [true, "÷ step 0", "each as a share of what it was at step 0"]] as const, relative, choose);

export const scaleChoice = (scale: CostScale, choose: (scale: CostScale) => void): TemplateResult =>
  either<CostScale>("Scale of the costs", [["log", "log", "logarithmic: a fall to a tenth looks alike everywhere"], ["linear", "linear", "linear"]], scale, choose);

/**
 * Where the arrow keys lead along the steps: by one, with Shift or by the page keys by ten, to either end; Escape leaves.
 * @param last of the steps
 * @returns null for Escape, undefined for a key that means nothing here
 */
export function stepAfterKey({ key, shiftKey }: Pick<KeyboardEvent, "key" | "shiftKey">, now: number, last: number): number | null | undefined {
  if (key === "Escape") return null;
  const stride = shiftKey ? 10 : 1;
  const moves: Record<string, number> = { ArrowLeft: now - stride, ArrowDown: now - stride, ArrowRight: now + stride, ArrowUp: now + stride, PageDown: now - 10, PageUp: now + 10, Home: 0, End: last };
  return key in moves ? Math.max(0, Math.min(last, moves[key])) : undefined;
}
