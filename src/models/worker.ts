/** The worker of one import: it is made for a task, tells how far it is, and is ended by the page. */
import type { ImportOrder } from "./client";
import { fingerprint } from "./fingerprint";
import type { ImportMessage } from "./import-job";
import { NetworkStore } from "./network-store";
import { onlyOne } from "./only-one";
import { perform } from "./perform";

const scope = globalThis as unknown as { onmessage: (event: MessageEvent<ImportOrder>) => void; postMessage(message: ImportMessage): void };

scope.onmessage = ({ data: { task, store } }) => {
  const tell = (message: ImportMessage) => scope.postMessage(message);
  const busy = () => tell({ phase: "failed", message: "Another page of the workbench is bringing the same network along. Follow it there, or close that page and try again." });
  void onlyOne(`${fingerprint(task)} into ${store}`, () => perform(task, new NetworkStore(store), tell), busy);
};
