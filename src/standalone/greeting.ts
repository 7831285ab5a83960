/** What a page that is one file says of itself when it is opened. */
import type { App } from "../cells/app";
import type { Notice } from "../cells/notices";
import type { Embedded } from "../embedded";
import { sameContent } from "../notebook/record";

/** That the notebook came out of the file and changes do not go back into it; or, if there are any, that these are what is shown. */
export async function sayWhatThisIs(app: App, { name, snapshot }: Embedded): Promise<void> {
  const opened = await app.workspace!.open(name);
  if (!opened) return;
  const { session } = opened;
  if (sameContent(session.snapshot(), snapshot)) {
    return say(app, { id: "file", text: "This page is one file and needs no network. What you change is kept in this browser, not in the file: export it again to pass it on." });
  }
  const goBack = () => {
    const before = session.snapshot();
    session.adopt(snapshot, "go back to what the file holds");
    say(app, { id: "file", text: "The notebook is what the file holds again.", actions: [{ label: "Undo", do: () => session.adopt(before, "take back my changes") }] });
  };
  say(app, {
    id: "file",
    text: "You see the notebook as you left it in this browser. The file itself has not changed.",
    actions: [{ label: "Show what the file holds", do: goBack }],
  });
}

export function sayWhatIsWrong(app: App, text: string): void {
  say(app, { id: `file: ${text}`, text, tone: "alert", sticky: true });
}

function say(app: App, notice: Notice): void {
  void app.updateComplete.then(() => app.dispatchEvent(new CustomEvent("nst-notice", { detail: notice, cancelable: true })));
}
