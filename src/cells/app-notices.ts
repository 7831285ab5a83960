import type { Opened } from "../notebook/workspace";
import { compareWithShipped } from "./compare-dialog";
import { perform, type LibraryContext } from "./library-actions";
import { resetNow } from "./library-reset";
import type { NoticeAction } from "./notices";

/** What is said of an open notebook, and goes with it. */
const OF_THE_NOTEBOOK = ["foreign", "outdated", "conflict", "kept"];

/**
 * Says what there is to say of the notebook on the page: that its code came from elsewhere, that the authors have changed it,
 * that another tab has too, that it is not kept; and in passing, that it is. When the notebook is deleted, shows another.
 *
 * @param agreed called when the reader has agreed that its code runs
 * @returns ends that, and takes its notices away
 */
export function watchOpened(opened: Opened, context: LibraryContext, agreed: () => void = () => {}): () => void {
  const { keeper } = opened;
  const { workspace, notices } = context;
  const ending = new AbortController();
  /** what went wrong, as it was said last */
  let told = "";
  let before = keeper.state;

  /** It was deleted, here or in another tab: the page must not go on with what nobody keeps. */
  const leave = () => {
    ending.abort();
    context.open(workspace.entries[0].name);
  };

  const showForeign = () => {
    const { origin, trusted } = opened.record;
    if (trusted) return notices.hide("foreign");
    const came = origin === "link" ? "came by a link" : "came from a file";
    const trust = async () => {
      await opened.trust();
      agreed();
    };
    notices.show({ id: "foreign", text: `This notebook ${came}. Its code is shown and does not run until you agree.`, place: "top", sticky: true, actions: [{ label: "Run its code", do: trust }] });
  };

  const showOutdated = () => {
    if (!opened.entry.outdated) return notices.hide("outdated");
    notices.show({
      id: "outdated",
      text: "This notebook has been changed by its authors since you edited it.",
      place: "top",
      sticky: true,
      actions: [
        { label: "Compare", do: () => compareWithShipped(opened, context).finally(show) },
        { label: "Take the new one", do: () => resetNow(workspace, notices, keeper.name) },
        { label: "Keep mine", do: () => workspace.keepMine(keeper.name) },
      ],
    });
  };

  const showConflict = () => {
    if (keeper.state !== "conflict") return notices.hide("conflict");
    const gone = !workspace.entries.some(({ name }) => name === keeper.name);
    const resolve = (how: "mine" | "theirs" | "both") => async () => {
      await keeper.resolve(how);
      show();
    };
    const actions: NoticeAction[] = gone
      ? [{ label: "Keep it", do: resolve("mine") }, { label: "Let it go", do: resolve("theirs") }]
      : [{ label: "Keep mine", do: resolve("mine") }, { label: "Take the other", do: resolve("theirs") }, { label: "Keep both", do: resolve("both"), primary: true }];
    notices.show({ id: "conflict", text: keeper.problem, tone: "alert", sticky: true, demanding: true, actions });
  };

  const showKept = () => {
    if (keeper.state === "saved") {
      told = "";
      notices.hide("kept");
    }
    if (keeper.state !== "failed" || keeper.problem === told) return;
    told = keeper.problem;
    const again = () => {
      told = "";
      return keeper.flush();
    };
    notices.show({
      id: "kept",
      text: keeper.problem,
      tone: "alert",
      sticky: true,
      actions: [{ label: "Try again", do: again }, { label: "Storage…", do: () => perform({ action: "storage", name: "" }, context) }],
    });
  };

  const showSaving = () => {
    const { state } = keeper;
    if (state === "saved") notices.showSaving(before === "saved" ? "none" : "saved");
    else notices.showSaving(state === "saving" || state === "unsaved" ? "saving" : "none");
    before = state;
  };

  const show = () => {
    if (ending.signal.aborted) return;
    if (keeper.closed) return leave();
    showForeign();
    showOutdated();
    showConflict();
    showKept();
  };

  const { signal } = ending;
  keeper.addEventListener("state", show, { signal });
  keeper.addEventListener("state", showSaving, { signal });
  keeper.addEventListener("copied", (event) => {
    const name = (event as CustomEvent<string>).detail;
    const title = workspace.entries.find((entry) => entry.name === name)?.title ?? name;
    notices.show({ id: "library", text: `This tab’s version is now a notebook of its own, “${title}”.`, actions: [{ label: "Open it", do: () => context.open(name) }] });
  }, { signal });
  workspace.addEventListener("entries", show, { signal });
  show();
  return () => {
    ending.abort();
    for (const id of OF_THE_NOTEBOOK) notices.hide(id);
    notices.showSaving("none");
  };
}
