import { html } from "lit";
import type { Opened, Workspace } from "../notebook/workspace";
import { openDialog, type DialogButton } from "./dialog";
import { resetNow } from "./library-reset";
import type { Notices } from "./notices";
import "./compare-view";

/**
 * Shows what was edited in a notebook that came with the workbench. The person takes back all of it, some of it, or nothing;
 * if the shipped text has changed meanwhile, keeping the edited one settles that too.
 */
export async function compareWithShipped({ session, keeper, entry }: Opened, { workspace, notices }: { workspace: Workspace; notices: Notices }): Promise<void> {
  const shipped = workspace.shippedText(keeper.name);
  if (shipped === null) throw new Error(`“${entry.title}” does not come with the workbench, so there is nothing to compare it with.`);
  const mine = session.text;
  let left = mine;
  const buttons = (): DialogButton[] => [
    { label: "Cancel", value: "cancel" },
    { label: entry.outdated ? "Take the new one" : "Reset to shipped", value: "reset", kind: "danger" },
    { label: left === mine ? "Keep mine" : "Keep the rest of mine", value: "keep", kind: "primary" },
  ];
  const dialog = openDialog({
    title: `“${entry.title}” beside its shipped text`,
    body: html`<nst-compare-texts
      .shipped=${shipped}
      .mine=${mine}
      revertible
      @nst-taken-back=${(event: CustomEvent<string>) => {
        left = event.detail;
        dialog.update({ buttons: buttons() });
      }}
    ></nst-compare-texts>`,
    buttons: buttons(),
    width: "texts",
  });
  const answer = await dialog.answer;
  if (answer === "reset") await resetNow(workspace, notices, keeper.name);
  if (answer !== "keep") return;
  if (left !== mine) session.change(left, "take changes back");
  if (entry.outdated) await workspace.keepMine(keeper.name);
}
