/** The text of the page that is one file. The build writes it; an opened page writes itself again to be exported. */
import { embeddedElement, escapeText } from "../embedded.ts";

/** A file inside the page. */
export interface PageFile {
  /** where it would be beside a served page ("models/index.json"), or an absolute address */
  name: string;
  base64: string;
  /** the bytes are compressed: "deflate-raw" as CompressionStream names it */
  compressed: boolean;
}

export interface PageParts {
  /** the content security policy; it must allow the hash of `script` */
  policy: string;
  title: string;
  /** address of the icon */
  icon: string;
  styles: string;
  /** a module without imports, as `inlineScript` gives it */
  script: string;
  files: readonly PageFile[];
}

const STYLES_ID = "nst-styles";
const SCRIPT_ID = "nst-script";

/** @returns the page, with no notebook in it yet: see `embed` */
export function writePage({ policy, title, icon, styles, script, files }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeText(title)}</title>
<link rel="icon" href="${escapeAttribute(icon)}">
${embeddedElement(null)}
<style id="${STYLES_ID}">${styles}</style>
</head>
<body>
<noscript>This notebook computes in your browser and needs JavaScript. Nothing in it goes to any server.</noscript>
${files.map(fileElement).join("\n")}
<script type="module" id="${SCRIPT_ID}">${script}</script>
</body>
</html>
`;
}

/** The text of the page that this document was read from, with no notebook in it; null if it is not such a page. */
export function ownPage(page: Document): string | null {
  const script = page.getElementById(SCRIPT_ID)?.textContent;
  if (!script) return null;
  return writePage({
    policy: page.querySelector<HTMLMetaElement>("meta[http-equiv='Content-Security-Policy']")?.content ?? "",
    title: page.title,
    icon: page.querySelector("link[rel=icon]")?.getAttribute("href") ?? "",
    styles: page.getElementById(STYLES_ID)?.textContent ?? "",
    script,
    files: pageFiles(page),
  });
}

/** The files inside a page. */
export function pageFiles(page: Document): PageFile[] {
  return [...page.querySelectorAll<HTMLElement>("script[data-file]")].map((element) => ({
    name: element.dataset.file!,
    base64: element.textContent ?? "",
    compressed: element.dataset.compressed !== undefined,
  }));
}

/**
 * Code that may stand in a script element. What could end the element, or open a comment in it, is inside of strings,
 * templates or regular expressions only, where `\x3c` means the same.
 */
export function inlineScript(code: string): string {
  // a page's parser reads \r as \n, as JavaScript does, and \0 as something else: the hash would not fit any more
  return code.replace(/<(?=\/script|!--|script)/gi, "\\x3c").replace(/\r\n?/g, "\n").replaceAll("\0", "\\x00");
}

/** Styles that may stand in a style element. */
export function inlineStyles(css: string): string {
  return css.replace(/<(?=\/style)/gi, "\\3c ");
}

function fileElement({ name, base64, compressed }: PageFile): string {
  return `<script type="application/octet-stream;base64" data-file="${escapeAttribute(name)}"${compressed ? " data-compressed" : ""}>${base64}</script>`;
}

function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', "&quot;");
}
