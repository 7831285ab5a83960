/** `window.exporting`: what makes an HTML file of a notebook, with pictures of the page's own. */
import { exportHtml, readExported } from "../../../src/cells/export-html";
import { embedded } from "../../../src/embedded";
import { MemoryDatabase } from "../../../src/notebook/database";
import { Session } from "../../../src/notebook/session";
import { Store } from "../../../src/notebook/store";
import { ownPage } from "../../../src/standalone/page";

declare global {
  interface Window {
    exporting: typeof exporting;
  }
}

const exporting = { exportHtml, readExported, embedded, ownPage, Session, store: new Store("tests of exporting", new MemoryDatabase()) };
window.exporting = exporting;
