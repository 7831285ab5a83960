/** "Show as code" of the cells that look at a network as a whole. Pure. */
import { literal, type PictureName } from "./as-code-texts";

/** The name of a layer. */
export function layersCode({ name, layer }: { name: string; layer: string }): string {
  return cell([`// its Keras name: what nst.features is asked for`, `const ${name} = ${JSON.stringify(layer)}`]);
}

/** The weights of a convolution. @param layer Keras name */
export function kernelsCode({ name, network, layer }: { name: string; network: string; layer: string }): string {
  return cell([
    `// [height, width, channels read, kernels], in the network's order of colours; a copy, because the network keeps its own`,
    `const ${name} = await nst.loadNetwork(${network}).then((net) => net.nodes[net.card.layers.findIndex(({ name }) => name === ${JSON.stringify(layer)})].kernel.clone())`,
  ]);
}

/** A row of numbers for every layer. @param layers Keras names */
export function layerStatisticsCode({ name, picture, network, layers }: { name: string; picture: PictureName; network: string; layers: readonly string[] }): string {
  return cell([
    `const ${name} = await nst.loadNetwork(${network}).then((net) => tf.tidy(() => {`,
    `  const layers = ${literal(layers)}`,
    `  const F = nst.features(net, ${picture.tensor ? picture.name : `nst.pictureTensor(${picture.name}.picture)`}, layers)`,
    `  return layers.map((layer) => ({`,
    `    layer,`,
    `    mean: F[layer].mean().dataSync()[0],`,
    `    maximum: F[layer].max().dataSync()[0],`,
    `    sparsity: F[layer].equal(0).cast("float32").mean().dataSync()[0], // share of the numbers that are 0`,
    `    dead: F[layer].equal(0).all([0, 1, 2]).cast("float32").sum().dataSync()[0], // channels that are 0 everywhere`,
    `  }))`,
    `}))`,
  ]);
}

function cell(lines: readonly string[]): string {
  return ["```js kernel edit", ...lines, "```"].join("\n");
}
