import { html } from "lit";
import { SOURCES } from "../models/client";
import { openDialog } from "./dialog";
import type { NetworkDesk } from "./network-desk";
import "./network-list";
import type { NetworkCell } from "./network";
import type { NotebookElement } from "./notebook";
import type { Notices } from "./notices";
import { formatBytes } from "./value-facts";

/** What the dialog needs of the page. */
export interface NetworksDialogContext {
  desk: NetworkDesk;
  notices: Notices;
  /** the open one, whose network can be another; null: none is open */
  notebook: NotebookElement | null;
}

let open = false;

/**
 * Shows all networks, until the person closes the list.
 * @param get id of a network of SOURCES to be fetched at once; "" for none
 */
export async function openNetworksDialog({ desk, notices, notebook }: NetworksDialogContext, get = ""): Promise<void> {
  const source = Object.values(SOURCES).find(({ id }) => id === get);
  if (source) desk.importer?.download(source);
  // files that are dropped beside the open dialog arrive in it
  if (open) return;
  open = true;
  for (const { id } of desk.removals.pending) notices.hide(noticeOf(id));
  const cell = notebook && firstNetworkCell(notebook);
  const use = ({ detail: id }: CustomEvent<string>) => {
    cell!.setParam("weights", "trained");
    cell!.setParam("model", id);
    dialog.close(null);
    cell!.scrollIntoView({ block: "center" });
  };
  const dialog = openDialog({
    title: "Networks",
    body: html`<nst-network-list .desk=${desk} .usable=${!!cell} @nst-use=${use}></nst-network-list>`,
    buttons: [{ label: "Close", value: "close", kind: "primary" }],
    width: "table",
  });
  await dialog.answer;
  open = false;
  tellRemoved(desk, notices);
}

const noticeOf = (id: string) => `network ${id}`;

/** What was removed in the dialog can be brought back for a while after it is closed. */
function tellRemoved({ removals }: NetworkDesk, notices: Notices): void {
  const told = removals.pending.map(({ id }) => id);
  for (const { id, card, bytes } of removals.pending) {
    notices.show({
      id: noticeOf(id),
      text: `“${card.title}” was removed. Its ${formatBytes(bytes)} will be free in a minute.`,
      sticky: true,
      demanding: true,
      actions: [
        { label: "Bring it back", do: () => removals.undo(id) },
        { label: "Delete now", do: () => removals.finish(id) },
      ],
    });
  }
  if (told.length === 0) return;
  const changed = () => {
    const pending = removals.pending.map(({ id }) => id);
    for (const id of told) if (!pending.includes(id)) notices.hide(noticeOf(id));
    if (!told.some((id) => pending.includes(id))) removals.removeEventListener("changed", changed);
  };
  removals.addEventListener("changed", changed);
}

/** The cell that gives the notebook its network, if it stands in the notebook. */
function firstNetworkCell(notebook: NotebookElement): NetworkCell | null {
  return notebook.querySelector<NetworkCell>("nst-network");
}
