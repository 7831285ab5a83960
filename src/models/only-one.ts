/** So long a worker that was just ended may still hold its lock. */
const PATIENCE_MS = 3000;

/**
 * Does some work unless somebody else in this browser does the same: by Web Locks, which end with whoever holds them.
 * Without locks (pages served without https) it is done in any case.
 * @param busy called instead, when somebody else goes on with it
 */
export async function onlyOne(name: string, work: () => Promise<void>, busy: () => void): Promise<void> {
  // some browsers say that they have it, and have not
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  if (!locks) return work();
  let begun = false;
  try {
    await locks.request(name, { signal: AbortSignal.timeout(PATIENCE_MS) }, () => {
      begun = true;
      return work();
    });
  } catch (error) {
    if (begun) throw error;
    // refused where the page may keep nothing: then nobody else is there either
    if ((error as Error).name === "TimeoutError" || (error as Error).name === "AbortError") busy();
    else await work();
  }
}
