/** The workbench itself, with a notebook of the test's own (`window.notebookText`, set before the page loads) and `window.asCode`. */
import { asCode } from "../../../src/cells/as-code";
import { moduleWorker } from "../../../src/kernel/module-worker";
import { importWorker } from "../../../src/models/module-worker";
import { Store } from "../../../src/notebook/store";
import { RunStore } from "../../../src/runs/run-store";
import { start } from "../../../src/start";

declare global {
  interface Window {
    notebookText?: string;
    asCode: typeof asCode;
  }
}

window.asCode = asCode;
start({ makeWorker: moduleWorker, makeImporter: importWorker, store: new Store("code-tests"), runs: new RunStore("code-tests"), shipped: [{ name: "test", text: window.notebookText ?? "# A test" }], first: "test" });
