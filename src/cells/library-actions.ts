import { html } from "lit";
import type { Opened, Workspace } from "../notebook/workspace";
import type { RunStore } from "../runs/run-store";
import { compareWithShipped } from "./compare-dialog";
import { ask, askText } from "./dialog";
import type { Dropped } from "./dropped-files";
import { exportHtml, networksLeftOut } from "./export-html";
import { chooseFiles, isNotebook, NOTEBOOK_FILES, readNotebookFile } from "./import-file";
import type { LibraryAction, LibraryActionDetail } from "./library-list";
import { resetNow } from "./library-reset";
import type { NetworkDesk } from "./network-desk";
import { areWeights, networkFiles, NO_NETWORKS, weightsIn } from "./network-words";
import { openNetworksDialog } from "./networks-dialog";
import type { NotebookElement } from "./notebook";
import type { Notices } from "./notices";
import { importRuns, RUN_FILE } from "./run-files";
import { openRunsDialog } from "./runs-dialog";
import { copyLink, exportMarkdown, type CopiedLink } from "./share-actions";
import "./storage-panel";

/** What library actions need of the page. */
export interface LibraryContext {
  readonly workspace: Workspace;
  readonly notices: Notices;
  /** the notebook on the page; asked for anew each time */
  readonly opened: Opened | null;
  /** the element that shows it */
  readonly element: NotebookElement | null;
  readonly runs: RunStore | null;
  /** where networks are brought along; null: none are kept */
  readonly desk: NetworkDesk | null;
  /** shows a notebook */
  open(name: string): void;
}

/** Longer links are cut off by some programs through which people send them. */
const LONG_LINK = 30_000;

/** Does what was chosen in the list of notebooks. What goes wrong is said in a notice. */
export async function perform({ action, name }: LibraryActionDetail, context: LibraryContext): Promise<void> {
  try {
    await ACTIONS[action](context, name);
  } catch (error) {
    context.notices.show({ id: "library", text: (error as Error).message, tone: "alert", sticky: true });
  }
}

/** Takes in what was dropped. Of a folder that holds networks only these: a read-me beside them is no notebook. */
export async function importDropped(dropped: Promise<Dropped>, context: LibraryContext): Promise<void> {
  try {
    const { files, folders } = await dropped;
    const wanted = folders.map((folder) => {
      const weights = weightsIn(folder);
      return weights.length > 0 ? weights : folder.filter(({ name }) => isNotebook(name) || name.endsWith(RUN_FILE));
    });
    const empty = wanted.findIndex((found) => found.length === 0);
    if (empty >= 0) throw new Error(`There is no notebook, no run and no network in this folder${folders[empty].length > 0 ? ` (${folders[empty][0].name}${folders[empty].length > 1 ? ", …" : ""})` : ": it is empty"}.`);
    for (const group of [files, ...wanted]) if (group.length > 0) await importFiles(group, context);
  } catch (error) {
    context.notices.show({ id: "library", text: (error as Error).message, tone: "alert", sticky: true });
  }
}

/** Takes notebooks, runs and networks in from files, shows the last notebook, and says which could not be taken. */
export async function importFiles(files: readonly File[], context: LibraryContext): Promise<void> {
  const { workspace, open, notices, runs } = context;
  const ofNetwork = importNetworks(files, context);
  const ofRuns = runs ? files.filter(({ name }) => name.endsWith(RUN_FILE)) : [];
  if (runs && ofRuns.length > 0) {
    const { text, problem } = await importRuns(runs, ofRuns);
    notices.show({ id: "runs", text, tone: problem ? "alert" : "quiet", sticky: problem });
  }
  const problems: string[] = [];
  const names: string[] = [];
  for (const file of files) {
    if (ofRuns.includes(file) || ofNetwork.includes(file)) continue;
    try {
      const { text, name, extras, pictures } = await readNotebookFile(file);
      names.push(await workspace.import(text, name, extras));
      for (const picture of pictures) await workspace.store.pictures.keep(picture.file, picture.name);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  if (names.length > 0) open(names.at(-1)!);
  if (names.length > 1) notices.show({ id: "library", text: `${names.length} notebooks were imported.` });
  if (problems.length === 0) return;
  const body = problems.length === 1 ? problems[0] : html`<ul>${problems.map((problem) => html`<li>${problem}</li>`)}</ul>`;
  await ask({ title: problems.length === 1 ? "This file was not imported" : `${problems.length} files were not imported`, body, buttons: [{ label: "Close", value: "close", kind: "primary" }] });
}

/** Begins to take in what is no notebook and no run, if it looks like a network. @returns files that are taken care of */
function importNetworks(files: readonly File[], { desk, notices, element }: LibraryContext): readonly File[] {
  const others = files.filter(({ name }) => !name.endsWith(RUN_FILE) && !isNotebook(name));
  if (!desk?.importer || !areWeights(others)) return [];
  for (const group of networkFiles(others)) desk.importer.importFiles(group);
  void openNetworksDialog({ desk, notices, notebook: element });
  return others;
}

const ACTIONS: Record<LibraryAction, (context: LibraryContext, name: string) => unknown> = {
  new: async ({ workspace, open }) => open(await workspace.create()),
  import: async (context) => importFiles(await chooseFiles(NOTEBOOK_FILES), context),
  runs: ({ workspace, runs, element }) => runs && openRunsDialog({ runs, notebook: element, titleOf: (name) => titleOf(workspace, name) }),
  networks: ({ desk, notices, element }, get) =>
    desk ? openNetworksDialog({ desk, notices, notebook: element }, get) : ask({ title: "Networks", body: NO_NETWORKS, buttons: [{ label: "Close", value: "close", kind: "primary" }] }),
  storage: ({ workspace, runs, desk }) =>
    ask({ title: "What this browser keeps", body: html`<nst-storage .workspace=${workspace} .runs=${runs} .networks=${desk?.networks ?? null}></nst-storage>`, buttons: [{ label: "Close", value: "close", kind: "primary" }], width: "list" }),
  duplicate: async ({ workspace, open }, name) => open(await workspace.duplicate(name)),
  rename,
  delete: remove,
  "copy-link": (context, name) => using(context, name, async ({ session, entry }) => sayCopied(context, await copyLink(session, entry))),
  "export-md": (context, name) => using(context, name, ({ session, entry }) => exportMarkdown(session, entry)),
  "export-html": (context, name) =>
    using(context, name, async (opened) => {
      context.notices.show({ id: "library", text: "Putting the workbench and the notebook into one file…" });
      await exportHtml(opened, context.workspace);
      const left = await networksLeftOut(opened, context.desk?.networks ?? null);
      const without = left.length > 0 ? ` ${left.map((title) => `“${title}”`).join(" and ")} ${left.length === 1 ? "is" : "are"} too large for it and stayed here: cells that name ${left.length === 1 ? "it" : "them"} say so there, or go on with what or="…" names.` : "";
      context.notices.show({ id: "library", text: `“${opened.entry.title}” was exported as ${opened.keeper.name}.html. It opens from disk in any browser, without a connection.${without}`, sticky: without !== "" });
    }),
  compare: (context, name) => using(context, name, (opened) => compareWithShipped(opened, context)),
  reset,
};

async function rename({ workspace, open, opened, runs }: LibraryContext, name: string): Promise<void> {
  const before = titleOf(workspace, name);
  const title = await askText({ title: "Rename the notebook", label: "Title", value: before, action: "Rename" });
  if (title === null || title === before) return;
  const isOpen = opened?.keeper.name === name;
  const to = await workspace.rename(name, title);
  await runs?.moveNotebook(name, to);
  if (isOpen && to !== name) open(to);
}

async function remove(context: LibraryContext, name: string): Promise<void> {
  const { workspace, notices } = context;
  const title = titleOf(workspace, name);
  const wasOpen = context.opened?.keeper.name === name;
  await workspace.remove(name);
  const undo = async () => {
    const back = await workspace.undoRemove();
    if (back !== null && wasOpen) context.open(back);
  };
  notices.show({ id: "undo", text: `“${title}” was deleted.`, actions: [{ label: "Bring it back", do: undo }] });
}

async function reset({ workspace, notices }: LibraryContext, name: string): Promise<void> {
  const title = titleOf(workspace, name);
  const answer = await ask({
    title: `Reset “${title}”?`,
    body: "It goes back to the text that came with the workbench; what you wrote, set and typed in it goes away.",
    buttons: [
      { label: "Cancel", value: "no" },
      { label: "Reset to shipped", value: "yes", kind: "danger" },
    ],
  });
  if (answer === "yes") await resetNow(workspace, notices, name);
}

async function sayCopied({ notices }: LibraryContext, { address, length, copied, pictures }: CopiedLink): Promise<void> {
  const warnings = [
    ...(length > LONG_LINK ? [`The link has ${length.toLocaleString("en")} characters; some programs cut off such a long one. If it does not arrive whole, send the notebook as a file instead (“Export .md”).`] : []),
    ...(pictures > 0 ? [`${pictures === 1 ? "A picture" : `${pictures} pictures`} of your own ${pictures === 1 ? "is" : "are"} not in the link. To send ${pictures === 1 ? "it" : "them"} along, use “Export as one HTML file…”.`] : []),
  ];
  if (copied) return notices.show({ id: "library", text: ["The link is copied. It holds the notebook, with all that you set and typed in it.", ...warnings].join(" "), sticky: warnings.length > 0 });
  const select = (event: Event) => (event.target as HTMLTextAreaElement).select();
  await ask({
    title: "Copy this link",
    body: html`<p>The browser did not let the page copy it. It is selected: copy it from here.</p>
      <textarea rows="6" readonly autofocus aria-label="Link to the notebook" @focus=${select} .value=${address}></textarea>
      ${warnings.map((warning) => html`<p>${warning}</p>`)}`,
    buttons: [{ label: "Close", value: "close", kind: "primary" }],
  });
}

/** The open notebook, or another one that is open as long as this takes. */
async function using(context: LibraryContext, name: string, act: (opened: Opened) => unknown): Promise<void> {
  const opened = await context.workspace.open(name);
  if (!opened) throw new Error(`There is no notebook “${name}”. It may have been deleted or renamed in another tab.`);
  try {
    await act(opened);
  } finally {
    // it may have been opened on the page meanwhile
    if (context.opened !== opened) await opened.keeper.close();
  }
}

function titleOf({ entries }: Workspace, name: string): string {
  return entries.find((entry) => entry.name === name)?.title ?? name;
}
