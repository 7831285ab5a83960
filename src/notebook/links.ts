/** Where a link in a notebook leads. Authors write links that work on GitHub; in the page they become routes. */
export type Target =
  | { kind: "notebook"; name: string; anchor: string | null }
  | { kind: "file"; path: string }
  | { kind: "outside"; href: string };

/**
 * @param href as written: `#anchor`, `other.md#anchor`, `../public/samples/CREDITS.md` or an absolute address
 * @param current name of the notebook that the link stands in
 */
export function target(href: string, current: string): Target {
  if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(href)) return { kind: "outside", href };
  const [path, anchor = null] = href.split("#", 2);
  if (path === "") return { kind: "notebook", name: current, anchor };
  const file = /^(?:\.\/)?([^/]+)\.md$/.exec(path);
  if (file) return { kind: "notebook", name: decodeURIComponent(file[1]), anchor };
  // what is in public/ is served from the root of the page
  return { kind: "file", path: path.replace(/^\.\.\/public\//, "./") };
}

/** The page's address of a place in a notebook: `#/first-transfer/heading`. */
export function route(name: string, anchor: string | null = null): string {
  return `#/${[name, anchor].filter((part) => part !== null && part !== "").map((part) => encodeURIComponent(part!)).join("/")}`;
}

/** Reads `#/name/anchor`; null if it is nothing of the kind. */
export function readRoute(hash: string): { name: string; anchor: string | null } | null {
  const match = /^#\/([^/]+)(?:\/([^/]+))?$/.exec(hash);
  if (!match) return null;
  try {
    return { name: decodeURIComponent(match[1]), anchor: match[2] ? decodeURIComponent(match[2]) : null };
  } catch {
    return null;
  }
}
