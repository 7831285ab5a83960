/** What a cell gets from another one, and how. */
import { MissingPartError } from "./graph-errors";
import type { Node } from "./graph-node";
import type { Link } from "./wiring";

export function isStreaming({ run }: Node): boolean {
  return run !== null && run.iterator !== null && !run.done;
}

/** Its values are items of a stream, or come of them. */
export function flows(node: Node): boolean {
  return isStreaming(node) || node.flows;
}

/** The value, or the part of it, that a reader asked for. @throws MissingPartError */
export function read(link: Link<Node>, reader: string): unknown {
  let value = link.from.value;
  let holder = link.name;
  for (const part of link.path) {
    const object = value === null || value === undefined ? null : Object(value);
    if (!object || !(part in object)) {
      throw new MissingPartError([link.name, ...link.path].join("."), part, holder, object ? Object.keys(object) : [], [reader]);
    }
    value = object[part];
    holder += `.${part}`;
  }
  return value;
}
