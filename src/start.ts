/** What the served page and the page that is one file do alike: they differ in where their workers and files come from. */
import "./cells/theme.css";
import "./cells/app.css";
import "./cells/anatomy";
import "./cells/anatomy-compare";
import { App } from "./cells/app";
import "./cells/ascent";
import "./cells/balance";
import "./cells/blobs";
import "./cells/board";
import "./cells/branch";
import "./cells/code";
import "./cells/compare-runs";
import "./cells/content-cost";
import "./cells/descend";
import "./cells/features";
import "./cells/follow";
import "./cells/gram";
import "./cells/gram-compare";
import "./cells/image";
import { library } from "./cells/library";
import "./cells/kept";
import "./cells/kernels";
import "./cells/layer-statistics";
import "./cells/layers";
import "./cells/network";
import "./cells/paint";
import "./cells/pixels";
import "./cells/patches";
import "./cells/predict";
import "./cells/rates";
import "./cells/pulls";
import "./cells/recipe";
import "./cells/recipe-table";
import "./cells/reconstruct";
import "./cells/run";
import "./cells/runs";
import "./cells/same-gram";
import "./cells/scrub";
import "./cells/settings";
import "./cells/shuffle";
import "./cells/side-by-side";
import "./cells/starts";
import "./cells/sketch";
import "./cells/storage-panel";
import "./cells/sweep";
import "./cells/terms";
import "./cells/texture";
import { followTheme } from "./cells/theme-choice";
import { startKernels } from "./kernel/client";
import { fetchWasm } from "./kernel/wasm-files";
import { Store } from "./notebook/store";
import { Workspace } from "./notebook/workspace";
import { RunStore } from "./runs/run-store";
import { Sandboxes, workbenchFile, type SandboxOptions } from "./sandbox/client";

export interface StartOptions {
  /** a new worker of the kernel, with that name */
  makeWorker(name: string): Worker;
  /** where what the person makes is kept; default: this browser's storage of the workbench */
  store?: Store;
  /** where runs are kept; default: this browser's storage of the workbench */
  runs?: RunStore;
  /** notebooks that come with the page; default: those of the workbench */
  shipped?: readonly { name: string; text: string }[];
  /** name of the notebook that opens when the address names none */
  first?: string;
  wasm?: SandboxOptions["wasm"];
}

/** Puts the workbench into the page. */
export function start({ makeWorker, store = new Store("nst-workbench"), runs = new RunStore("nst-workbench"), shipped = library, first = "first-transfer", wasm = fetchWasm }: StartOptions): App {
  followTheme();
  const app = new App();
  app.first = first;
  app.workspace = new Workspace({ shipped, store });
  app.kernels = startKernels(makeWorker);
  app.runs = runs;
  app.sandboxes = new Sandboxes({ files: (path) => fileOf(path, store), wasm });
  document.body.append(app);
  return app;
}

/** What code cells may read: what comes with the workbench, and kept pictures. The sandbox asks for nothing else. */
async function fileOf(path: string, store: Store): Promise<Blob> {
  if (!path.startsWith("own:")) return workbenchFile(path);
  const kept = await store.pictures.get(path);
  if (!kept) throw new Error("This picture is not kept in this browser (any more). Choose another one.");
  return kept.file;
}
