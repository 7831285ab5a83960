/** Entry of the page that is one file: what a server would give comes out of the page itself, and so does its notebook. */
import { library } from "../cells/library";
import { embedded, type Embedded } from "../embedded";
import { MemoryDatabase } from "../notebook/database";
import { Store } from "../notebook/store";
import { RunStore } from "../runs/run-store";
import { start } from "../start";
import { databaseOf, shippedBeside, unpack } from "../unpack";
import { sayWhatThisIs, sayWhatIsWrong } from "./greeting";
import { serveFromInside } from "./inside";

const makeWorker = await serveFromInside();
const problems: string[] = [];

function ownNotebook(): Embedded | null {
  try {
    return embedded();
  } catch (error) {
    problems.push((error as Error).message);
    return null;
  }
}

/** Of its own: pages from disk may share all their storage. */
const databaseName = (notebook: Embedded | null): string => (notebook ? databaseOf(notebook) : "nst-workbench in one file");

/** Where the page keeps what is made in it, with its notebook in there. */
async function storeWith(notebook: Embedded | null): Promise<Store> {
  const store = new Store(databaseName(notebook));
  if (!notebook) return store;
  try {
    await unpack(notebook, store);
    return store;
  } catch (error) {
    // it can be read and used all the same
    problems.push((error as Error).message);
    const instead = new Store(databaseOf(notebook), new MemoryDatabase());
    await unpack(notebook, instead);
    return instead;
  }
}

const notebook = ownNotebook();
const app = start({
  makeWorker,
  store: await storeWith(notebook),
  runs: new RunStore(databaseName(notebook)),
  networks: null,
  shipped: notebook ? shippedBeside(notebook, library) : library,
  first: notebook?.name,
});
for (const problem of problems) sayWhatIsWrong(app, problem);
if (notebook) await sayWhatThisIs(app, notebook);
