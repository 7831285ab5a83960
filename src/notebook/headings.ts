import type { Heading } from "./cells";
import type { Token } from "./markdown";

/** The headings among block tokens, outside of lists and quotations. `anchor` makes each anchor unique. */
export function headingsOf(tokens: readonly Token[], anchor: (text: string) => string): Heading[] {
  const found: Heading[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type !== "heading_open" || token.level !== 0) continue;
    const text = plain(tokens[i + 1].children ?? []).trim();
    found.push({ level: Number(token.tag.slice(1)), text, anchor: anchor(text), line: token.map![0] + 1 });
  }
  return found;
}

function plain(tokens: readonly Token[]): string {
  return tokens
    .map((token) => {
      if (token.type === "softbreak" || token.type === "hardbreak") return " ";
      if (token.type === "html_inline") return "";
      return token.children ? plain(token.children) : token.content;
    })
    .join("");
}

/** Makes anchors as GitHub does: lower case, letters, digits, hyphens and underscores, and -1, -2 … where one is taken. */
export function anchors(): (text: string) => string {
  const taken = new Set<string>();
  return (text) => {
    const plain = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "").replace(/ /g, "-") || "section";
    let anchor = plain;
    for (let n = 1; taken.has(anchor); n++) anchor = `${plain}-${n}`;
    taken.add(anchor);
    return anchor;
  };
}
