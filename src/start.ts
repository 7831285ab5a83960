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
import "./cells/match";
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
import { Importer, NetworkStore, type NetworkFile } from "./models/client";
import { KEPT_NAME } from "./models/kept-base";
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
  /** where networks are kept that the person brings along; default: this browser's storage of the workbench; null: none are */
  networks?: NetworkStore | null;
  /** a new worker of an import, with that name; without it nobody can bring networks along here */
  makeImporter?(name: string): Worker;
  /** notebooks that come with the page; default: those of the workbench */
  shipped?: readonly { name: string; text: string }[];
  /** name of the notebook that opens when the address names none */
  first?: string;
  wasm?: SandboxOptions["wasm"];
}

/** Puts the workbench into the page. */
export function start({ makeWorker, store = new Store("nst-workbench"), runs = new RunStore("nst-workbench"), networks = new NetworkStore(KEPT_NAME), makeImporter, shipped = library, first = "first-transfer", wasm = fetchWasm }: StartOptions): App {
  followTheme();
  const app = new App();
  app.first = first;
  app.workspace = new Workspace({ shipped, store });
  app.kernels = startKernels(makeWorker);
  app.runs = runs;
  app.networks = networks;
  app.importer = networks && makeImporter ? new Importer(networks, makeImporter) : null;
  app.sandboxes = new Sandboxes({ files: (path) => fileOf(path, store, networks), wasm });
  void networks?.tidy().catch(() => {});
  document.body.append(app);
  return app;
}

const NETWORK_FILE = /^models\/([\w.-]+)\/(model\.json|weights\.safetensors)$/;

/** What code cells may read: what comes with the workbench, kept pictures, and kept networks. The sandbox asks for nothing else. */
async function fileOf(path: string, store: Store, networks: NetworkStore | null): Promise<Blob> {
  const [, id, file] = NETWORK_FILE.exec(path) ?? [];
  // as in the list of networks, one that was brought along takes the place of one that comes with the page
  const network = id ? await networks?.get(id) : null;
  if (network) return file === "model.json" ? new Blob([JSON.stringify(network.card)]) : networks!.file(id, file as NetworkFile);
  if (!path.startsWith("own:")) return workbenchFile(path);
  const kept = await store.pictures.get(path);
  if (!kept) throw new Error("This picture is not kept in this browser (any more). Choose another one.");
  return kept.file;
}
