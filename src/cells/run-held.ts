import type { Graph } from "../notebook/graph";

/**
 * Runs the cells that are run by hand and have not been yet, as far as a value needs them: whoever asks for the value
 * has asked for those as well.
 * @param input a value's name, or a part of it: "cost.relative"
 */
export function runHeld(graph: Graph, input: string): void {
  const cells = graph.describe();
  const seen = new Set<string>();
  const visit = (input: string): void => {
    const giver = cells.find(({ name }) => name !== null && (input === name || input.startsWith(`${name}.`)));
    if (!giver || seen.has(giver.id)) return;
    seen.add(giver.id);
    giver.inputs.forEach(visit);
    // what waits for a cell that is run by hand may be run by hand as well
    if (giver.state === "held" || giver.state === "waiting") graph.invalidate(giver.id);
  };
  visit(input);
}
