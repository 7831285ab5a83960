/** "Show as code" of a step that is taken apart. Pure. */
import type { PictureName } from "./as-code-texts";

export interface AnatomyFacts {
  name: string;
  content: PictureName;
  style: PictureName;
  network: string;
  settings: string;
  /** the picture that the step begins from; null: what the settings say */
  from: PictureName | null;
}

/** The engine's step, with tfjs counting its kernels and the memory they need. */
export function anatomyCode({ name, content, style, network, settings, from }: AnatomyFacts): string {
  const read = new Set([name, content.name, style.name, network, settings, from?.name]);
  const [net, C, S, targets, terms, state, before] = ["net", "C", "S", "targets", "terms", "state", "before"].map((wanted) => (read.has(wanted) ? `${wanted}_` : wanted));
  const tensor = ({ name, tensor }: PictureName) => (tensor ? `${name}.clone()` : `nst.pictureTensor(${name}.picture)`);
  const plain = style.tensor ? `{ width: ${S}.shape[1], height: ${S}.shape[0], data: ${S}.dataSync() }` : `${style.name}.picture`;
  const begin = from ? tensor(from) : `nst.initialPicture(${C}, ${settings}.initialisation, ${settings}.seed, ${plain})`;
  return [
    "```js kernel edit manual",
    `const ${name} = await (async () => {`,
    `  const ${net} = await nst.loadNetwork(${network})`,
    `  const [${C}, ${S}] = [${tensor(content)}, ${tensor(style)}]`,
    `  const ${targets} = {`,
    `    content: nst.finish(nst.contentTargets(${net}, ${C}, ${settings}.contentLayer === null ? [] : [${settings}.contentLayer], ${settings})),`,
    `    style: nst.finish(nst.styleTargets(${net}, ${S}, Object.keys(${settings}.styleLayers), ${settings})),`,
    `  }`,
    `  const ${terms} = nst.transferTerms(${net}, ${settings}, ${targets})`,
    `  const ${state} = nst.transferStart(${begin})`,
    `  // one step, with tfjs writing down every kernel that runs`,
    `  const ${before} = tf.memory().numBytes`,
    `  const { kernels, peakBytes, result } = await tf.profile(() => nst.transferStep(${net}, ${state}, ${terms}, ${settings}))`,
    `  result.values.dispose()`,
    `  nst.disposeTransfer(result.state)`,
    `  nst.disposeTransfer(${state})`,
    `  nst.disposeTargets(${targets})`,
    `  tf.dispose([${C}, ${S}])`,
    `  // tfjs lists a fused operation twice: as the kernel, and as what called it`,
    `  const ran = kernels.filter(({ name }) => !name.endsWith("__op"))`,
    `  return { operations: ran.length, peak: peakBytes - ${before}, kernels: ran.map(({ name, outputShapes }) => ({ name, shapes: outputShapes })) }`,
    `})()`,
    "```",
  ].join("\n");
}
