import type { NotebookCell } from "../notebook/cells";
import { Cell } from "./cell";

/** Something that can be added to a notebook. */
export interface NewCell {
  /** as a menu says it: "image" */
  title: string;
  /** beside it: "<nst-image>" */
  note: string;
  /** the text to add; `taken` are the names that the notebook gives already */
  text(taken: ReadonlySet<string>): string;
}

/** Everything that can be added here: text, code, and every element cell that the page has defined. */
export function newCells(): NewCell[] {
  const elements = [...Cell.kinds].flatMap((kind): NewCell[] => {
    const tag = customElements.getName(kind as unknown as CustomElementConstructor);
    return tag ? [{ title: kind.title, note: `<${tag}>`, text: (taken) => elementText(tag, kind, taken) }] : [];
  });
  return [
    { title: "Text", note: "Markdown", text: () => "Text" },
    { title: "Kernel code", note: "runs where the tensors are", text: (taken) => fence("js kernel edit", `const ${freeName("x", taken)} = tf.linspace(0, 1, 5)`) },
    { title: "JavaScript", note: "may draw", text: (taken) => fence("js edit", `const ${freeName("y", taken)} = 1`) },
    ...elements.sort((a, b) => a.title.localeCompare(b.title, "en")),
  ];
}

/** `base`, or with the first number from 2 on that makes it free. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
  return name;
}

/** What it reads is bound to the values of these names where there are any. */
function elementText(tag: string, kind: typeof Cell, taken: ReadonlySet<string>): string {
  return `<${tag} as="${freeName(kind.title.replace(/[^\w]+/g, ""), taken)}"></${tag}>`;
}

function fence(info: string, source: string): string {
  return `\`\`\`${info}\n${source}\n\`\`\``;
}

/** How a cell is called in labels and messages: “G”, “The run”, text at line 12. */
export function cellLabel(cell: NotebookCell): string {
  if (cell.kind === "element") return cell.attributes["as"] ? `“${cell.attributes["as"]}”` : `<${cell.tag}> at line ${cell.line}`;
  if (cell.kind === "code") return `code at line ${cell.line}`;
  return cell.headings.length > 0 ? `“${cell.headings[0].text}”` : `text at line ${cell.line}`;
}

/** Whether the cell is run by hand; null if it never runs. */
export function runsByHand(cell: NotebookCell): boolean | null {
  if (cell.kind === "element") return Object.hasOwn(cell.attributes, "manual");
  if (cell.kind === "prose" || !cell.flags.run) return null;
  return infoWords(cell.text).includes("manual");
}

/** The cell's text, run by hand or by itself. Nothing else in it changes. */
export function withRunByHand(cell: NotebookCell, byHand: boolean): string {
  if (cell.kind === "element") {
    const without = cell.text.replace(/^(<[a-z0-9-]+(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*?)\s+manual(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?(?=[\s/>])/i, "$1");
    return byHand ? without.replace(/^<[a-z0-9-]+/, "$& manual") : without;
  }
  const [line] = cell.text.split(/\r\n|\r|\n/, 1);
  const without = line.replace(/(\s)manual(?=\s|$)/g, "").trimEnd();
  return (byHand ? `${without} manual` : without) + cell.text.slice(line.length);
}

function infoWords(text: string): string[] {
  return text.split(/\r\n|\r|\n/, 1)[0].trim().split(/\s+/).slice(1);
}

/** What kind of cell it is, in a word or two: "run", "kernel code". */
export function cellKind(cell: NotebookCell): string {
  if (cell.kind === "prose") return "text";
  if (cell.kind === "code") return cell.flags.kernel ? "kernel code" : "JavaScript";
  return (customElements.get(cell.tag) as typeof Cell | undefined)?.title ?? cell.tag;
}
