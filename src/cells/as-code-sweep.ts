/** "Show as code" of a sweep: the chosen picture of the grid. Pure. */
import { literal, type PictureName } from "./as-code-texts";
import type { SweepStage } from "./sweep-plans";

export interface SweepFacts {
  name: string;
  content: PictureName;
  style: PictureName;
  network: string;
  /** of one place, in their order: at half size, then at full size; or the latter alone */
  stages: readonly SweepStage[];
}

/** The run of one place, at half size and then at full size: one value a step, the picture that grows. */
export function sweepCode({ name, content, style, network, stages }: SweepFacts): string {
  const read = new Set([name, content.name, style.name, network]);
  const local = (wanted: string) => (read.has(wanted) ? `${wanted}_` : wanted);
  const [net, settings, sized, c, s, targets, terms, state, step, next, last, start, stage] = ["net", "settings", "sized", "c", "s", "targets", "terms", "state", "step", "next", "last", "start", "stage"].map(local);
  const { steps: _, ...rest } = stages[0].config.settings;
  const loaded = ({ name, tensor }: PictureName) => (tensor ? `${name}.clone()` : `nst.pictureTensor(${name}.picture)`);
  const list = stages.map(({ steps, config }) => ({ steps, content: [config.content.height, config.content.width], style: [config.style.height, config.style.width] }));
  return ["```js kernel edit manual",
    `async function* ${name}() {`,
    `  const ${net} = await nst.loadNetwork(${network})`,
    `  const ${settings} = ${literal(rest)}`,
    `  // the cell averages over the pixels that fall together; this reads between them`,
    `  const ${sized} = (picture, size) => tf.tidy(() => tf.image.resizeBilinear(picture, size, false, true))`,
    `  let ${last} = null // the picture so far`,
    `  for (const ${stage} of ${literal(list)}) {`,
    `    const ${c} = tf.tidy(() => ${sized}(${loaded(content)}, ${stage}.content))`,
    `    const ${s} = tf.tidy(() => ${sized}(${loaded(style)}, ${stage}.style))`,
    `    const ${targets} = {`,
    `      content: nst.finish(nst.contentTargets(${net}, ${c}, ${settings}.contentLayer === null ? [] : [${settings}.contentLayer], ${settings})),`,
    `      style: nst.finish(nst.styleTargets(${net}, ${s}, Object.keys(${settings}.styleLayers), ${settings})),`,
    `    }`,
    `    const ${terms} = nst.transferTerms(${net}, ${settings}, ${targets})`,
    `    // the first one from its start, the next from the enlarged picture; each with a fresh optimiser`,
    `    const ${start} = ${last} === null ? ${startText({ c, s, settings, kind: rest.initialisation.kind })} : ${sized}(${last}, ${stage}.content)`,
    `    ${last}?.dispose()`,
    `    let ${state} = nst.transferStart(${start})`,
    `    try {`,
    `      for (let ${step} = 0; ${step} < ${stage}.steps; ${step}++) {`,
    `        const ${next} = nst.transferStep(${net}, ${state}, ${terms}, ${settings})`,
    `        ${next}.values.dispose() // the costs before this step, a term each`,
    `        nst.disposeTransfer(${state})`,
    `        ${state} = ${next}.state`,
    `        yield ${state}.picture`,
    `      }`,
    `      ${last} = ${state}.picture.clone()`,
    `    } finally {`,
    `      nst.disposeTransfer(${state})`,
    `      nst.disposeTargets(${targets})`,
    `      tf.dispose([${c}, ${s}])`,
    `    }`,
    `  }`,
    `  ${last}.dispose()`,
    `}`,
    "```",
  ].join("\n");
}

/** The style picture travels as plain data where a run starts from it. */
function startText({ c, s, settings, kind }: { c: string; s: string; settings: string; kind: string }): string {
  const style = kind === "style" ? `, { width: ${s}.shape[1], height: ${s}.shape[0], data: ${s}.dataSync() }` : "";
  return `nst.initialPicture(${c}, ${settings}.initialisation, ${settings}.seed${style})`;
}
