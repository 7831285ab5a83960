/** What can be done with one place of a sweep. */
import type { SweepTile } from "./sweep-tile";

export type SweepAction = "next" | "leave-out" | "mark" | "full-run" | "compare";

export interface SweepButton {
  what: SweepAction;
  text: string;
  title: string;
  /** after it was done, behind the name of the place */
  said?: string;
  pressed?: boolean;
}

/** Keys that do it, as KeyboardEvent.key says them in lower case. */
export const KEYS: Readonly<Record<string, SweepAction>> = { n: "next", delete: "leave-out", backspace: "leave-out", c: "mark" };

/** What a place as it stands can be told. */
export function sweepActions({ done, leftOut, waits, kept, marked }: SweepTile): SweepButton[] {
  const offered: SweepButton[] = [];
  if (waits !== null && waits > 1) offered.push({ what: "next", text: "Make it next", title: "Before all others that wait (N)", said: "comes next." });
  if (!done) offered.push(leftOut ? { what: "leave-out", text: "Take it back", title: "Let it come in its turn (Delete)", said: "is taken back." } : { what: "leave-out", text: "Leave it out", title: "Do not make this one (Delete)", said: "is left out." });
  if (kept) offered.push({ what: "mark", text: marked ? "✓ Compare" : "Compare", title: "Choose it to be compared with others (C)", said: marked ? "is compared no more." : "is chosen to be compared.", pressed: marked });
  return offered;
}
