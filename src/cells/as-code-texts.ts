/** The texts of code cells that compute what a cell of the workbench does. Pure. */
import { equal } from "../notebook/equal";
import type { ModelCard } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";

function cell(flags: string, lines: readonly string[]): string {
  return ["```js kernel " + flags, ...lines, "```"].join("\n");
}

export interface ImageFacts {
  name: string;
  src: string;
  /** in pixels of the source */
  crop: { x: number; y: number; width: number; height: number };
  /** of the result, in pixels */
  width: number;
  height: number;
}

/** A picture as the network will see it, as a tensor. */
export function imageCode({ name, src, crop, width, height }: ImageFacts): string {
  return cell("edit", [
    `// cut out, then resized without inventing colours: [height, width, 3], values 0 … 1`,
    `const ${name} = await nst.openPicture(${JSON.stringify(src)}, {`,
    `  crop: ${literal(crop)},`,
    `  width: ${width},`,
    `  height: ${height},`,
    `})`,
  ]);
}

export function networkCode({ name, id, random }: { name: string; id: string; random?: number }): string {
  const options = random === undefined ? "" : `, { random: ${random} }`;
  return cell("edit", [`// its card says what it is; its nodes hold the ${random === undefined ? "" : "random "}weights`, `const ${name} = await nst.loadNetwork(${JSON.stringify(id)}${options})`]);
}

export interface SettingsFacts {
  name: string;
  /** name of the network that the settings are for */
  network: string;
  settings: TransferSettings;
  card: ModelCard;
}

/** Settings: what the network recommends, and what differs from it. */
export function settingsCode({ name, network, settings, card }: SettingsFacts): string {
  const recommended = card.defaults as unknown as Record<string, unknown>;
  const own = Object.entries(settings).filter(([key, value]) => !equal(recommended[key], value));
  return cell("edit", [
    `const ${name} = {`,
    `  ...${network}.card.defaults, // what the network recommends`,
    ...own.map(([key, value]) => `  ${key}: ${literal(value)},`),
    `}`,
  ]);
}

/** A name that a picture is read by. */
export interface PictureName {
  name: string;
  /** it is a tensor already, not what an image cell gives */
  tensor: boolean;
}

export interface RunFacts {
  name: string;
  content: PictureName;
  style: PictureName;
  network: string;
  settings: string;
}

/** The whole optimisation as a loop: one value a step, the picture. */
export function runCode({ name, content, style, network, settings }: RunFacts): string {
  const read = new Set([name, content.name, style.name, network, settings]);
  const local = (wanted: string) => (read.has(wanted) ? `${wanted}_` : wanted);
  const [net, c, s, targets, terms, state, step, next] = ["net", "c", "s", "targets", "terms", "state", "step", "next"].map(local);
  const tensor = ({ name, tensor }: PictureName) => (tensor ? `${name}.clone()` : `nst.pictureTensor(${name}.picture)`);
  const plain = style.tensor ? `{ width: ${s}.shape[1], height: ${s}.shape[0], data: ${s}.dataSync() }` : `${style.name}.picture`;
  return cell("edit manual", [
    `async function* ${name}() {`,
    `  const ${net} = await nst.loadNetwork(${network})`,
    `  const ${c} = ${tensor(content)}`,
    `  const ${s} = ${tensor(style)}`,
    `  // what the picture is compared with: computed once, never in a step`,
    `  const ${targets} = {`,
    `    content: nst.finish(nst.contentTargets(${net}, ${c}, ${settings}.contentLayer === null ? [] : [${settings}.contentLayer], ${settings})),`,
    `    style: nst.finish(nst.styleTargets(${net}, ${s}, Object.keys(${settings}.styleLayers), ${settings})),`,
    `  }`,
    `  const ${terms} = nst.transferTerms(${net}, ${settings}, ${targets})`,
    `  let ${state} = nst.transferStart(nst.initialPicture(${c}, ${settings}.initialisation, ${settings}.seed, ${plain}))`,
    `  try {`,
    `    for (let ${step} = 0; ${step} < ${settings}.steps; ${step}++) {`,
    `      // costs and gradient of the picture as it is, then Adam, then back into 0 … 1`,
    `      const ${next} = nst.transferStep(${net}, ${state}, ${terms}, ${settings})`,
    `      ${next}.values.dispose() // the costs before this step, a term each`,
    `      nst.disposeTransfer(${state})`,
    `      ${state} = ${next}.state`,
    `      yield ${state}.picture`,
    `    }`,
    `  } finally {`,
    `    nst.disposeTransfer(${state})`,
    `    nst.disposeTargets(${targets})`,
    `    tf.dispose([${c}, ${s}])`,
    `  }`,
    `}`,
  ]);
}

/** Plain data as a person would write it in code. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => `${/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key)}: ${literal(one)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
