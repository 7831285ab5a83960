import type { Kernels } from "../kernel/client";
import type { Importer, NetworkStore } from "../models/client";
import type { Graph } from "../notebook/graph";
import type { PictureStore } from "../notebook/pictures";
import type { Session } from "../notebook/session";
import type { RunStore } from "../runs/run-store";
import type { Sandboxes } from "../sandbox/client";

export type { KernelClient, Kernels, KernelsStatus } from "../kernel/client";

/** What a cell gets from the notebook it stands in. */
export interface CellContext {
  graph: Graph;
  kernels: Kernels;
  /** where parameters are kept; none where nothing is to be kept */
  session?: Session | null;
  /** where code cells run; none where there is no code */
  sandbox?: Sandboxes | null;
  /** where the person's own pictures are kept */
  pictures?: PictureStore | null;
  /** where runs are kept; none where nothing is to be kept */
  runs?: RunStore | null;
  /** where networks are kept that the person brought along; none where nothing is to be kept */
  networks?: NetworkStore | null;
  /** brings networks along; none in the page that is one file */
  importer?: Importer | null;
  /** name of the open notebook */
  notebook?: string | null;
}

const REQUEST = "nst-context";

/**
 * The context of the notebook around an element, null outside of one. A bubbling, composed event, so that it also works
 * from inside another element's shadow tree.
 */
export function requestContext(element: Element): CellContext | null {
  const detail: { context: CellContext | null } = { context: null };
  element.dispatchEvent(new CustomEvent(REQUEST, { bubbles: true, composed: true, detail }));
  return detail.context;
}

/** Answers requestContext for everything inside `host`; `context()` is asked each time. */
export function provideContext(host: EventTarget, context: () => CellContext | null): void {
  host.addEventListener(REQUEST, (event) => {
    const { detail } = event as CustomEvent<{ context: CellContext | null }>;
    detail.context = context();
    event.stopPropagation();
  });
}
