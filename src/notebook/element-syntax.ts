/** Reading `<nst-image as="style" src="great-wave.jpg"></nst-image>`. */

export interface ElementText {
  tag: string;
  attributes: Record<string, string>;
  /** where it stands in the text that was read */
  from: number;
  to: number;
  /** what is wrong with it, each a sentence */
  problems: string[];
}

const TAG = /<([a-z][a-z0-9]*(?:-[a-z0-9]+)+)((?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*(?:\/>|>\s*<\/\1\s*>)/gy;
const ATTRIBUTE = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;

/** The custom elements that `text` consists of, or null if there is anything else in it but white space. */
export function readElements(text: string): ElementText[] | null {
  const found: ElementText[] = [];
  let at = skipSpace(text, 0);
  while (at < text.length) {
    TAG.lastIndex = at;
    const match = TAG.exec(text);
    if (!match) return null;
    const to = at + match[0].length;
    found.push({ tag: match[1], from: at, to, ...readAttributes(match[2]) });
    at = skipSpace(text, to);
  }
  return found.length > 0 ? found : null;
}

function skipSpace(text: string, from: number): number {
  while (from < text.length && /\s/.test(text[from])) from++;
  return from;
}

function readAttributes(text: string): Pick<ElementText, "attributes" | "problems"> {
  const attributes: Record<string, string> = {};
  const problems: string[] = [];
  for (const [, name, double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const lower = name.toLowerCase();
    if (lower.startsWith("on")) {
      problems.push(`The attribute ${name} would be code that runs in this page; it is left out.`);
    } else if (lower === "style") {
      problems.push(`The attribute style is CSS and is left out. To bind the style picture, write of="…".`);
    } else if (!/^[a-z_][\w.:-]*$/i.test(name)) {
      problems.push(`“${name}” is not the name of an attribute; it is left out.`);
    } else if (Object.hasOwn(attributes, lower)) {
      problems.push(`The attribute ${name} is given twice; the first one counts.`);
    } else {
      attributes[lower] = decode(double ?? single ?? bare ?? "");
    }
  }
  return { attributes, problems };
}

const NAMED: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (name) return NAMED[name.toLowerCase()];
    const code = decimal ? Number(decimal) : parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
