/**
 * The frame of the app with a plain text in place of the cells. `window.start(shipped)` begins: a workspace over what the page
 * keeps in its memory. Starting again is like a reload. A text of the same notebook in another tab: `window.otherTab(name, text)`.
 */
import "../../../src/cells/theme.css";
import "../../../src/cells/app.css";
import { watchOpened } from "../../../src/cells/app-notices";
import "../../../src/cells/import-drop";
import type { Dropped } from "../../../src/cells/dropped-files";
import { importDropped, perform, type LibraryContext } from "../../../src/cells/library-actions";
import type { LibraryActionDetail } from "../../../src/cells/library-list";
import { Notices } from "../../../src/cells/notices";
import { openSharedFromHash } from "../../../src/cells/share-actions";
import { Sidebar } from "../../../src/cells/sidebar";
import { followTheme } from "../../../src/cells/theme-choice";
import { MemoryDatabase } from "../../../src/notebook/database";
import { readRoute, route } from "../../../src/notebook/links";
import { Store } from "../../../src/notebook/store";
import { Workspace, type Opened } from "../../../src/notebook/workspace";

declare global {
  interface Window {
    start(shipped: { name: string; text: string }[]): Promise<void>;
    /** @param text null: deletes it */
    otherTab(name: string, text: string | null): Promise<void>;
    /** what the browser would do with anything that is kept from now on */
    full: boolean;
    workspace: Workspace;
    opened: Opened | null;
    agreed: number;
    shown: Notices;
  }
}

/** A database that can be full. */
class Disk extends MemoryDatabase {
  override async update(...args: Parameters<MemoryDatabase["update"]>): Promise<void> {
    if (window.full) throw new DOMException("no room", "QuotaExceededError");
    return super.update(...args);
  }
}

followTheme();
const disk = new Disk();
const frame = document.createElement("nst-app");
const sidebar = new Sidebar();
const main = Object.assign(document.createElement("main"), { id: "main", tabIndex: -1 });
const notices = new Notices();
const page = document.createElement("nst-prose");
const drop = document.createElement("nst-import-drop");
main.append(notices, page);
frame.append(sidebar, main, drop);
document.body.append(frame);
window.shown = notices;
window.agreed = 0;

let end = () => {};

const context: LibraryContext = {
  get workspace() {
    return window.workspace;
  },
  get opened() {
    return window.opened;
  },
  notices,
  element: null,
  runs: null,
    desk: null,
  open: (name) => void (location.hash = route(name)),
};

async function follow(): Promise<void> {
  await openSharedFromHash(window.workspace);
  const name = readRoute(location.hash)?.name ?? window.workspace.entries[0].name;
  const opened = await window.workspace.open(name);
  if (opened !== window.opened) {
    end();
    const before = window.opened;
    window.opened = opened;
    if (before && !before.keeper.closed) await before.keeper.close();
    if (opened) {
      end = watchOpened(opened, context, () => window.agreed++);
      opened.session.addEventListener("change", draw);
    }
  }
  draw();
}

function draw(): void {
  sidebar.open = window.opened?.entry ?? null;
  page.innerHTML = "";
  for (const text of window.opened?.session.text.split(/\n\s*\n/) ?? []) {
    const heading = /^(#+) (.*)$/.exec(text);
    page.append(Object.assign(document.createElement(heading ? `h${heading[1].length}` : "p"), { textContent: heading ? heading[2] : text }));
  }
}

sidebar.addEventListener("nst-action", (event) => void perform((event as CustomEvent<LibraryActionDetail>).detail, context));
drop.addEventListener("nst-files", (event) => void importDropped((event as CustomEvent<Promise<Dropped>>).detail, context));
addEventListener("hashchange", () => void follow());

window.start = async (shipped) => {
  end();
  await window.opened?.keeper.close();
  window.workspace?.store.close();
  window.opened = null;
  window.workspace = new Workspace({ shipped, store: new Store("library", disk) });
  window.workspace.addEventListener("entries", () => (sidebar.open = window.opened?.entry ?? null));
  sidebar.workspace = window.workspace;
  await window.workspace.ready;
  await follow();
};

window.otherTab = async (name, text) => {
  const other = new Workspace({ shipped: [], store: new Store("library", disk) });
  const { session, keeper } = (await other.open(name))!;
  if (text === null) await other.remove(name);
  else session.change(text, "");
  await keeper.close();
  other.store.close();
};
