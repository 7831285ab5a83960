/** Who computes what, in all pages of this browser: by Web Locks, which end with the page that holds them, however it ends. */

/**
 * Holds a lock for as long as the page lives, or until it is released.
 * @returns what releases it; null if somebody else holds it. Where there are no locks (pages served without https), it is granted
 */
export function hold(name: string): Promise<(() => void) | null> {
  const locks = lockManager();
  if (!locks) return Promise.resolve(() => {});
  return new Promise((granted) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return granted(null);
      return new Promise<void>((released) => granted(released));
    });
    // refused where the page may keep nothing: then nobody else is there either
    held.catch(() => granted(() => {}));
  });
}

/** The names of locks that somebody holds now; null where there are no locks. */
export async function held(): Promise<Set<string> | null> {
  const found = await lockManager()?.query().catch(() => null);
  return found ? new Set((found.held ?? []).map(({ name }) => name ?? "")) : null;
}

/** Does some work while nobody else does any under that name. */
export async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
  const locks = lockManager();
  let begun = false;
  try {
    return await (locks ? locks.request(name, () => ((begun = true), work())) : work());
  } catch (error) {
    if (begun || !locks) throw error;
    // refused where the page may keep nothing: then nobody else is there either
    return work();
  }
}

// some browsers say that they have it, and have not
const lockManager = (): LockManager | undefined => globalThis.navigator?.locks as LockManager | undefined;
