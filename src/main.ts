import { moduleWorker } from "./kernel/module-worker";
import { start } from "./start";

start({ makeWorker: moduleWorker });

// the built workbench opens without a network from the second time on; in development it would only hide changes
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("service-worker.js").catch(() => {}));
}
