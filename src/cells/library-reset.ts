import type { Workspace } from "../notebook/workspace";
import type { Notices } from "./notices";

/** Gives a notebook its shipped text back without asking, and offers to take that back. */
export async function resetNow(workspace: Workspace, notices: Notices, name: string): Promise<void> {
  await workspace.reset(name);
  const title = workspace.entries.find((entry) => entry.name === name)?.title ?? name;
  notices.show({ id: "undo", text: `“${title}” is as it came with the workbench.`, actions: [{ label: "Take that back", do: () => workspace.undoRemove() }] });
}
