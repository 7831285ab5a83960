/** "Show as code" of the cells that show feature maps. Pure. */
import type { MapsName } from "./as-code-gram";
import { literal, type PictureName } from "./as-code-texts";
import type { ReadingOptions } from "./features-reading";

export interface FeaturesFacts {
  name: string;
  picture: PictureName;
  /** name of the network */
  network: string;
  /** Keras name */
  layer: string;
  options: ReadingOptions;
}

/** What a layer makes of a picture: a tensor [1, h, w, n]. */
export function featuresCode({ name, picture, network, layer, options: { input, ...options } }: FeaturesFacts): string {
  const loaded = `await nst.loadNetwork(${network})`;
  return cell([
    `// one walk through the network, down to this layer: [1, height, width, channels]`,
    `const ${name} = nst.features(`,
    ...(input
      ? [`  // the same layers, which read pixels in another way`, `  await nst.loadNetwork(${network}).then((net) => ({ ...net, card: { ...net.card, input: ${literal(input)} } })),`]
      : [`  ${loaded},`]),
    `  ${picture.tensor ? picture.name : `nst.pictureTensor(${picture.name}.picture)`},`,
    `  [${JSON.stringify(layer)}],`,
    ...(Object.keys(options).length > 0 ? [`  ${literal(options)},`] : []),
    `)[${JSON.stringify(layer)}]`,
  ]);
}

/** How much two layers of the same shape differ: ‖b − a‖ / ‖a‖. */
export function sideBySideCode({ name, a, b }: { name: string; a: MapsName; b: MapsName }): string {
  const tensor = ({ name, tensor }: MapsName) => (tensor ? name : `nst.mapsTensor(${name})`);
  return cell([`// length of the difference of all numbers, over the length of the first: 0 if they are the same`, `const ${name} = ${tensor(b)}.sub(${tensor(a)}).norm().div(${tensor(a)}.norm())`]);
}

function cell(lines: readonly string[]): string {
  return ["```js kernel edit", ...lines, "```"].join("\n");
}
