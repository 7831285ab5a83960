import { html, nothing, type TemplateResult } from "lit";
import { runTitle, type RunEntry } from "../runs/kept-run";
import { formatCount } from "./numbers";
import type { RunRow } from "./run-list-rows";
import { aboutText, costText, shortTitle, spokenRow, stateText, timeText, whenText, type Going } from "./run-list-words";

/** What a row shows beside what it is, and what it does when it is operated. */
export interface RowLook {
  index: number;
  top: number;
  height: number;
  /** the one that the Tab key leads to */
  active: boolean;
  /** its name is being edited */
  naming: boolean;
  /** letters of runs that are picked, by id */
  marks: ReadonlyMap<string, string>;
  images: ReadonlyMap<string, string>;
  going(id: string): Going;
  titleOf(notebook: string): string;
  pick(entry: RunEntry): void;
  fold(row: RunRow & { kind: "group" }): void;
  star(entry: RunEntry): void;
  menu(row: RunRow, button: HTMLElement): void;
  /** null: given up */
  named(entry: RunEntry, name: string | null): void;
}

/** A row of the list; `data-key` tells which. */
export function rowView(row: RunRow, look: RowLook): TemplateResult {
  return row.kind === "run" ? runView(row, look) : groupView(row, look);
}

function runView(row: RunRow & { kind: "run" }, look: RowLook): TemplateResult {
  const { entry, inGroup } = row;
  const { marks, active, naming } = look;
  const mark = marks.get(entry.id);
  const title = runTitle(entry);
  const going = look.going(entry.id);
  const unfinished = entry.state !== "finished";
  return html`<div
    class="run ${inGroup ? "member" : ""}" role="row" data-key=${row.key} tabindex=${active ? 0 : -1} style=${place(look)}
    aria-rowindex=${look.index + 1} aria-level=${inGroup ? 2 : 1} aria-selected=${mark !== undefined} aria-label=${(mark ? `${mark}: ` : "") + spokenRow(entry, going, look.titleOf)}
    @click=${(event: Event) => own(event) && look.pick(entry)}
  >
    <span class="pick" role="gridcell"><input type="checkbox" tabindex="-1" aria-label="pick ${title}" .checked=${mark !== undefined} @change=${() => look.pick(entry)} /></span>
    <span class="image" role="gridcell">${image(look.images.get(entry.id), `picture after ${entry.step} steps`)}</span>
    <span class="what" role="gridcell">
      ${naming
        ? html`<input type="text" aria-label="name of the run" maxlength="120" placeholder=${runTitle({ ...entry, name: "" })} .value=${entry.name} @keydown=${(event: KeyboardEvent) => nameKey(event, entry, look)} @blur=${(event: Event) => look.named(entry, (event.target as HTMLInputElement).value)} />`
        : html`<span class="line title" title=${title}>${mark ? html`<span class="chip">${mark}</span> ` : nothing}${entry.group && inGroup ? `${entry.group.label}${entry.name ? `: ${entry.name}` : ""}` : title}</span>`}
      <span class="line second" title=${aboutText(entry, look.titleOf)}>${aboutText(entry, look.titleOf)}</span>
    </span>
    <span class="far" role="gridcell">
      <span class="line ${going !== "nobody" ? "live" : unfinished && entry.state !== "stopped" ? "unfinished" : ""}">${stateText(entry, going)}</span>
      <span class="line second">${costText(entry)}</span>
    </span>
    <span class="when" role="gridcell"><span class="line">${whenText(entry.created)}</span><span class="line second">${timeText(entry)}</span></span>
    <span class="can" role="gridcell">
      <button class="plain star" tabindex="-1" aria-label="star ${title}" aria-pressed=${entry.starred} title=${entry.starred ? "starred: press to take the star away" : "give it a star"} @click=${() => look.star(entry)}>${entry.starred ? "★" : "☆"}</button>
      ${menuButton(row, title, look)}
    </span>
  </div>`;
}

function groupView(row: RunRow & { kind: "group" }, look: RowLook): TemplateResult {
  const { title, entries, count, unfolded } = row;
  const runs = entries.length === count ? `${formatCount(count)} runs` : `${formatCount(entries.length)} of ${formatCount(count)} runs`;
  const picked = entries.filter(({ id }) => look.marks.has(id)).length;
  const [{ network, notebook }] = entries;
  const about = [shortTitle(network.title), notebook === null ? "" : look.titleOf(notebook)].filter(Boolean).join(" · ");
  const finished = entries.filter(({ state }) => state === "finished").length;
  const when = whenText(Math.max(...entries.map(({ created }) => created)));
  return html`<div
    class="run group" role="row" data-key=${row.key} tabindex=${look.active ? 0 : -1} style=${place(look)}
    aria-rowindex=${look.index + 1} aria-level="1" aria-expanded=${unfolded} aria-label="${title}, ${runs}, ${picked > 0 ? `${picked} picked, ` : ""}${finished} finished, ${when}, ${about}"
    @click=${(event: Event) => own(event) && look.fold(row)}
  >
    <span class="pick" role="gridcell"><button class="plain fold" tabindex="-1" aria-label="${unfolded ? "fold" : "unfold"} ${title}" @click=${() => look.fold(row)}>${unfolded ? "▾" : "▸"}</button></span>
    <span class="image pile" role="gridcell">${entries.slice(0, 3).map(({ id }) => image(look.images.get(id), ""))}</span>
    <span class="what" role="gridcell"><span class="line title" title=${title}>${title}</span><span class="line second">${about}</span></span>
    <span class="far" role="gridcell"><span class="line">${runs}${picked > 0 ? `, ${picked} picked` : ""}</span><span class="line second">${finished === entries.length ? "all finished" : `${finished} finished`}</span></span>
    <span class="when" role="gridcell"><span class="line">${when}</span></span>
    <span class="can" role="gridcell">${menuButton(row, title, look)}</span>
  </div>`;
}

function menuButton(row: RunRow, title: string, look: RowLook) {
  return html`<button class="plain more" tabindex="-1" aria-haspopup="menu" aria-expanded="false" aria-label="What to do with “${title}”" @click=${(event: Event) => look.menu(row, event.currentTarget as HTMLElement)}>⋯</button>`;
}

function image(address: string | undefined, alt: string) {
  return address === undefined ? html`<span class="none"></span>` : html`<img src=${address} alt=${alt} decoding="async" draggable="false" />`;
}

const place = ({ top, height }: RowLook) => `top: ${top}px; height: ${height}px`;

/** Pressed where nothing in the row answers itself. */
function own(event: Event): boolean {
  return !event.composedPath().some((target) => target instanceof Element && target.matches("button, input, nst-cell-menu"));
}

function nameKey(event: KeyboardEvent, entry: RunEntry, look: RowLook): void {
  if (event.key !== "Enter" && event.key !== "Escape") return;
  // the dialog around stays open
  event.preventDefault();
  event.stopPropagation();
  look.named(entry, event.key === "Enter" ? (event.target as HTMLInputElement).value : null);
}
