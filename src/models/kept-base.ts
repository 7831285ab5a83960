/** How a network that is kept in this browser is addressed, in place of a folder: `kept:<id>/`. */

/** What the workbench's pages and workers call their database of networks. */
export const KEPT_NAME = "nst-workbench";

const KEPT = /^kept:([\w.-]+)\/$/;

/** What `NetworkSource.base` is for a kept network. */
export const keptBase = (id: string): string => `kept:${id}/`;

/** The id that such a base speaks of; null for any other address. */
export const keptId = (base: string): string | null => KEPT.exec(base)?.[1] ?? null;
