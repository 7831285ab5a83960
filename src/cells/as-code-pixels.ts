/** The texts of code cells that compute what the cells about pixels, blobs and same Gram matrices compute. Pure. */
import { type BlobFactors } from "./blobs-model";

/** Something that is read by its name. */
interface Named {
  name: string;
  /** it is a tensor already, not what a cell of the workbench gives */
  tensor: boolean;
}

function cell(lines: readonly string[]): string {
  return ["```js kernel edit", ...lines, "```"].join("\n");
}

/** What the first layer reads of a picture: [1, height, width, 3]. */
export function pixelsCode({ name, picture, network }: { name: string; picture: Named; network: string }): string {
  const pixels = picture.tensor ? picture.name : `nst.pictureTensor(${picture.name}.picture)`;
  return cell(["// order of the colours, range, mean and scale as the network's card says; nst.deprocess goes back", `const ${name} = nst.preprocess(${pixels}, ${network}.card.input)`]);
}

/** Other maps with the same Gram matrix. @param angle in degrees */
export function sameGramCode({ name, maps, seed, angle }: { name: string; maps: Named; seed: number; angle: number }): string {
  return cell(["// positions in random pairs, each pair mixed by a rotation", `const ${name} = nst.rotatePositions(${maps.tensor ? maps.name : `nst.mapsTensor(${maps.name})`}, ${seed}, (${angle} * Math.PI) / 180)`]);
}

/** Both costs of the blobs. @param before and @param after n lists of m numbers */
export function blobsCode({ name, before, after, factors }: { name: string; before: readonly number[][]; after: readonly number[][]; factors: BlobFactors }): string {
  const rows = (maps: readonly number[][]) => maps.map((map) => `    [${map.join(", ")}],`);
  const divisor = [factors.quarter && "4", factors.perMaps && "n ** 2", factors.perPositions && "m ** 2"].filter(Boolean).join(" * ");
  const sizes = [factors.perMaps && "n", factors.perPositions && "m"];
  return cell([
    `const ${name} = tf.tidy(() => {`,
    "  // a line for each map, a column for each position",
    "  const F = tf.tensor2d([",
    ...rows(before),
    "  ])",
    "  const moved = tf.tensor2d([",
    ...rows(after),
    "  ])",
    ...(sizes.some(Boolean) ? [`  const [${sizes[0] || ""}${sizes[1] ? `, ${sizes[1]}` : ""}] = F.shape`] : []),
    "  const gram = (maps) => tf.matMul(maps, maps.transpose())",
    "  const squares = (x) => x.square().sum().dataSync()[0]",
    "  return {",
    `    contentCost: ${factors.half ? "0.5 * " : ""}squares(moved.sub(F)),`,
    `    styleCost: squares(gram(moved).sub(gram(F)))${divisor ? ` / (${divisor})` : ""},`,
    "  }",
    "})",
  ]);
}
