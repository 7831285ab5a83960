import { moduleWorker } from "./kernel/module-worker";
import { importWorker } from "./models/module-worker";
import { start } from "./start";

start({ makeWorker: moduleWorker, makeImporter: importWorker });

// the built workbench opens without a network from the second time on; in development it would only hide changes
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("service-worker.js").catch(() => {}));
}
