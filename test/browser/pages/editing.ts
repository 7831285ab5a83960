/** The cells of notebook.ts in a frame like that of the workbench, with the bar above. `window.openNotebook(snapshot)` opens one. */
import { NotebookBar } from "../../../src/cells/notebook-bar";
import { followTheme } from "../../../src/cells/theme-choice";
import { duplicateCell, insertCell, moveCell, removeCell } from "../../../src/notebook/edits";
import { Session, type Snapshot } from "../../../src/notebook/session";
import "./notebook";

declare global {
  interface Window {
    openNotebook(snapshot: Partial<Snapshot> & { text: string }): void;
    edits: { duplicateCell: typeof duplicateCell; insertCell: typeof insertCell; moveCell: typeof moveCell; removeCell: typeof removeCell };
    bar: NotebookBar;
  }
}

followTheme();
const main = document.createElement("main");
main.style.cssText = "max-width: 860px; margin: 0 auto; padding: 14px 40px 120px";
if (matchMedia("(max-width: 800px)").matches) main.style.padding = "8px 16px 80px";
window.bar = new NotebookBar();
window.bar.notebook = window.notebook;
document.body.append(main);
main.append(window.bar, window.notebook);
window.edits = { duplicateCell, insertCell, moveCell, removeCell };
window.openNotebook = (snapshot) => window.notebook.show(new Session("test", snapshot));
