/**
 * Makes `nodes` children of `parent`, in this order, and moves as few as possible: a node that moves may lose its focus,
 * its scroll position, and a frame in it all that runs there. Where the browser can move without that, it does.
 * Other children stay where they are.
 */
export function arrange(parent: Element, nodes: readonly Element[]): void {
  const stay = longestInOrder(parent, nodes);
  let next: Element | null = null;
  for (const node of [...nodes].reverse()) {
    if (!stay.has(node)) place(parent, node, next);
    next = node;
  }
}

/** The longest run of nodes (with others between) that stand in the wanted order already: those need not move. */
function longestInOrder(parent: Element, nodes: readonly Element[]): Set<Element> {
  const position = new Map([...parent.children].map((child, i) => [child, i]));
  const there = nodes.filter((node) => position.has(node));
  const best: { length: number; before: number }[] = [];
  for (const [i, node] of there.entries()) {
    best[i] = { length: 1, before: -1 };
    for (let j = 0; j < i; j++) {
      if (position.get(there[j])! < position.get(node)! && best[j].length + 1 > best[i].length) best[i] = { length: best[j].length + 1, before: j };
    }
  }
  const stay = new Set<Element>();
  let at = best.reduce((longest, { length }, i) => (length > (best[longest]?.length ?? 0) ? i : longest), -1);
  for (; at >= 0; at = best[at].before) stay.add(there[at]);
  return stay;
}

type Mover = Element & { moveBefore?(node: Element, next: Element | null): void };

function place(parent: Mover, node: Element, next: Element | null): void {
  if (parent.moveBefore && parent.isConnected && node.isConnected) parent.moveBefore(node, next);
  else parent.insertBefore(node, next);
}
