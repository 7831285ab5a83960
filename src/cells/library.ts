import { parse } from "../notebook/parse";
import type { Notebook } from "../notebook/cells";

/** A notebook that comes with the workbench. */
export interface Shipped {
  /** file name without ".md", as in links and routes */
  name: string;
  title: string;
  text: string;
  notebook: Notebook;
}

const texts = import.meta.glob<string>("../../notebooks/*.md", { query: "?raw", import: "default", eager: true });

/** The notebooks of notebooks/, by title, numbers in their order. */
export const library: readonly Shipped[] = Object.entries(texts)
  .map(([path, text]) => {
    const name = path.slice(path.lastIndexOf("/") + 1, -".md".length);
    const notebook = parse(text);
    return { name, title: notebook.title ?? name, text, notebook };
  })
  .sort((a, b) => a.title.localeCompare(b.title, "en", { numeric: true }));
