/**
 * Ids of cells from their texts, in order: a hash, and for the second cell of the same text a "-2" after it. Line endings
 * do not count, so that a notebook keeps its ids when it travels through systems that change them.
 */
export function ids(texts: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const hash = hashText(text.replace(/\r\n?/g, "\n"));
    const occurrence = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, occurrence);
    return occurrence === 1 ? hash : `${hash}-${occurrence}`;
  });
}

/** 64 bits of FNV-1a over UTF-16 units, in base 36: no secret, only few enough collisions for the cells of a notebook. */
function hashText(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  return hash.toString(36).padStart(13, "0");
}
