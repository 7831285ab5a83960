import "./cells/theme.css";
import "./cells/app.css";
import { App } from "./cells/app";
import "./cells/image";
import "./cells/network";
import "./cells/run";
import "./cells/settings";
import { followTheme } from "./cells/theme-choice";
import { startKernels } from "./kernel/client";

followTheme();
const app = new App();
app.first = "first-transfer";
app.kernels = startKernels();
document.body.append(app);

// the built workbench opens without a network from the second time on; in development it would only hide changes
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  addEventListener("load", () => void navigator.serviceWorker.register("service-worker.js").catch(() => {}));
}
