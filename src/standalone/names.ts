/** Addresses of files that have no place in public/. They are complete as they are, because a worker of a blob has nothing to be relative to. */
export const BUILT = "embedded:";
export const WORKER_FILE = `${BUILT}worker.js`;
