/** Which cells have to be computed: lazy ones only when somebody looks at them, or reads them for somebody who looks. */
import type { Node } from "./graph-node";
import type { Wiring } from "./wiring";

/**
 * @param wiring its order has dependencies first
 * @param sought names whose values somebody waits for
 */
export function demanded({ order, links }: Wiring<Node>, sought: ReadonlyMap<string, number>): Set<Node> {
  const found = new Set<Node>();
  for (const node of [...order].reverse()) {
    if (node.lazy && !node.looked && !found.has(node) && !(node.name !== null && sought.has(node.name))) continue;
    found.add(node);
    // a cell that is run by hand needs its inputs when it is asked, not before
    if (node.manual && !node.asked) continue;
    for (const { from } of links.get(node)!) found.add(from);
  }
  return found;
}
