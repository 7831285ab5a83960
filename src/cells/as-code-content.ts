/** The text of a code cell that computes a content cost. Pure. */

import type { MapsName } from "./as-code-gram";

/** @param P features of the content picture, @param F those of the other one */
export function contentCostCode({ name, P, F }: { name: string; P: MapsName; F: MapsName }): string {
  const maps = ({ name, tensor }: MapsName) => (tensor ? name : `nst.mapsTensor(${name})`);
  return ["```js kernel edit", "// ½ Σ (F − P)², over all positions and maps", `const ${name} = tf.tidy(() => nst.contentCost(${maps(F)}, ${maps(P)}).dataSync()[0])`, "```"].join("\n");
}
