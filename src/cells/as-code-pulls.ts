/** "Show as code" of the cells around the gradient of J. Pure. */
import { literal, type PictureName } from "./as-code-texts";
import type { DescentMethod } from "./descend-step";
import type { TransferSettings } from "../nst/settings";

export interface GradientFacts {
  name: string;
  /** the picture whose gradient is taken */
  picture: PictureName;
  content: PictureName;
  style: PictureName;
  network: string;
  settings: string;
}

/** The length of every term's gradient with respect to the pixels, by term. */
export function pullsCode(facts: GradientFacts): string {
  const { net, G, terms, term, opening } = begin(facts);
  return cell([
    `// how hard each term pulls: the length of its gradient with respect to the pixels`,
    ...opening,
    `  const name = ({ kind, layer }) => (kind === "gram" ? layer : kind)`,
    `  return Object.fromEntries(${terms}.map((${term}) => [name(${term}), nst.evaluate(${net}, ${G}, [${term}], ${facts.settings}).gradient.norm().dataSync()[0]]))`,
    `}))`,
  ]);
}

/** The picture after one step. */
export function descendCode(facts: GradientFacts & { rate: number; method: DescentMethod; /** whether the settings' own optimiser is Adam; else the network's recommended one */ adam: boolean }): string {
  const { net, G, terms, opening } = begin(facts);
  const { settings, rate, method, adam, network } = facts;
  return cell([
    `// one step of descent: [height, width, 3]`,
    ...opening,
    `  const { gradient } = nst.evaluate(${net}, ${G}, ${terms}, ${settings})`,
    method === "adam"
      ? `  const moved = nst.adamStep(${G}, gradient, nst.adamStart(${G}.shape), { ...${adam ? `${settings}.optimiser` : `${network}.card.defaults.optimiser`}, learningRate: ${rate} }).parameter`
      : `  const moved = ${G}.sub(gradient.mul(${rate}))`,
    `  return moved.clipByValue(0, 1)`,
    `}))`,
  ]);
}

/** The settings with the weights of a balance. @param weights those that differ from what is read */
export function balanceCode({ name, settings, weights }: { name: string; settings: string; weights: Partial<Pick<TransferSettings, "alphaTimesM" | "beta">> }): string {
  return cell([`// weights that give the content its share of the pull`, `const ${name} = { ...${settings}, ...${literal(weights)} }`]);
}

/** J as a list of terms, and names of what is made on the way, none of which is the name of something that is read. */
function begin({ name, picture, content, style, network, settings }: GradientFacts) {
  const read = new Set([name, picture.name, content.name, style.name, network, settings]);
  const local = (wanted: string) => (read.has(wanted) ? `${wanted}_` : wanted);
  const [net, G, C, S, targets, terms, term] = ["net", "G", "C", "S", "targets", "terms", "term"].map(local);
  const tensor = ({ name, tensor }: PictureName) => (tensor ? name : `nst.pictureTensor(${name}.picture)`);
  return {
    net, G, terms, term,
    opening: [
      `const ${name} = await nst.loadNetwork(${network}).then((${net}) => tf.tidy(() => {`,
      `  const [${G}, ${C}, ${S}] = [${[picture, content, style].map(tensor).join(", ")}]`,
      `  const ${targets} = {`,
      `    content: nst.finish(nst.contentTargets(${net}, ${C}, ${settings}.contentLayer === null ? [] : [${settings}.contentLayer], ${settings})),`,
      `    style: nst.finish(nst.styleTargets(${net}, ${S}, Object.keys(${settings}.styleLayers), ${settings})),`,
      `  }`,
      `  const ${terms} = nst.transferTerms(${net}, ${settings}, ${targets})`,
    ],
  };
}

function cell(lines: readonly string[]): string {
  return ["```js kernel edit", ...lines, "```"].join("\n");
}
