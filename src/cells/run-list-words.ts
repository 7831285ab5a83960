/** What a list says of a run. Pure. */
import { runTitle, type RunEntry } from "../runs/kept-run";
import { formatCount, formatNumber, formatSeconds } from "./numbers";
import { lastCost, stepsWanted } from "./run-list-rows";

/** Who computes a run right now. */
export type Going = "here" | "elsewhere" | "nobody";

/** How far it has come: "150 steps", "interrupted at step 40 of 150". */
export function stateText(entry: RunEntry, going: Going): string {
  const { state, step } = entry;
  if (state === "finished") return `${formatCount(step)} ${step === 1 ? "step" : "steps"}`;
  const at = `step ${formatCount(step)} of ${formatCount(stepsWanted(entry))}`;
  if (going === "elsewhere") return `going in another tab, ${at}`;
  if (going === "here") return state === "paused" ? `paused at ${at}` : `going, ${at}`;
  return state === "stopped" ? `stopped at ${at}` : `interrupted at ${at}`;
}

/** J at the start and now: "J 12 300 → 310". Empty before the first step. */
export function costText({ costs }: RunEntry): string {
  const first = costs.first[costs.columns.indexOf("total")] ?? NaN;
  const last = lastCost({ costs });
  return Number.isFinite(first) && Number.isFinite(last) ? `J ${formatNumber(first)} → ${formatNumber(last)}` : "";
}

/** Where it was made and what of: "VGG-19 slim · 96 × 96 px · first-transfer, G". With the pictures, where the title does not say them. */
export function aboutText({ name, content, style, network, notebook, cell }: RunEntry, titleOf: (notebook: string) => string): string {
  const parts = [`${shortTitle(network.title)}${network.random === null ? "" : ", random weights"}`, `${content.width} × ${content.height} px`];
  if (name) parts.unshift(runTitle({ name: "", content, style }));
  if (notebook !== null) parts.push(cell === null ? titleOf(notebook) : `${titleOf(notebook)}, ${cell}`);
  return parts.join(" · ");
}

/** What stands in brackets behind the title of a network is said where the network is shown. */
export const shortTitle = (title: string): string => title.replace(/\s*\([^)]*\)$/, "");

/** Time spent computing: "38 s". */
export function timeText({ seconds }: RunEntry): string {
  return seconds < 0.05 ? "" : seconds < 10 ? `${formatNumber(seconds, 2)} s` : formatSeconds(seconds);
}

/** When it was started: "13:02" today, "yesterday 13:02", "3 Nov", "3 Nov 2025". */
export function whenText(created: number, now = Date.now()): string {
  const then = new Date(created);
  const today = new Date(now);
  const time = `${pad(then.getHours())}:${pad(then.getMinutes())}`;
  const days = Math.round((startOfDay(today) - startOfDay(then)) / 86_400_000);
  if (days === 0) return time;
  if (days === 1) return `yesterday ${time}`;
  const date = `${then.getDate()} ${MONTHS[then.getMonth()]}`;
  return then.getFullYear() === today.getFullYear() ? date : `${date} ${then.getFullYear()}`;
}

/** All of it, to be read out. */
export function spokenRow(entry: RunEntry, going: Going, titleOf: (notebook: string) => string): string {
  const parts = [runTitle(entry), entry.group?.label, entry.starred ? "starred" : "", stateText(entry, going), costText(entry).replace("→", "to"), timeText(entry), whenText(entry.created), aboutText(entry, titleOf)];
  return parts.filter(Boolean).join(", ");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const pad = (n: number) => String(n).padStart(2, "0");

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
