/** "Show as code" of the cells that grow pictures. Pure. */
import type { AscentPlan } from "./ascent-plans";
import type { RunPlan } from "./growth-plans";
import { literal, type PictureName } from "./as-code-texts";

export interface GrowthFacts {
  name: string;
  picture: PictureName;
  network: string;
  /** what the cell grows */
  plans: readonly RunPlan[];
  /** the picture is larger than what is grown from it */
  resized: boolean;
}

/** The pictures one after the other, each a loop of its own: one value a step, the picture that grows. */
export function growthCode({ name, picture, network, plans, resized }: GrowthFacts): string {
  const [{ column, config: { content: { width, height }, settings } }] = plans;
  const read = new Set([name, picture.name, network]);
  const local = localNames(read);
  const [net, x, options, targets, terms, state, step, next, one] = ["net", "x", "options", "targets", "terms", "state", "step", "next", column === "content" ? "layer" : "layers"].map(local);
  const loaded = picture.tensor ? `${picture.name}.clone()` : `nst.pictureTensor(${picture.name}.picture)`;
  const { optimiser: { learningRate }, totalVariation, pooling, seed, steps } = settings;
  const content = column === "content";
  const list = plans.map(({ layers }) => (content ? layers[0] : layers));
  return cell("edit manual", [
    `async function* ${name}() {`,
    `  const ${net} = await nst.loadNetwork(${network})`,
    ...(resized
      ? [`  // the cell averages over the pixels that fall together; this reads between them`, `  const ${x} = tf.tidy(() => tf.image.resizeBilinear(${loaded}, [${height}, ${width}], false, true))`]
      : [`  const ${x} = ${loaded}`]),
    `  const ${options} = {`,
    `    ...${network}.card.defaults, tap: "after", pooling: ${literal(pooling)}, totalVariation: ${totalVariation},`,
    `    optimiser: { ...${network}.card.defaults.optimiser, learningRate: ${learningRate} },`,
    `  }`,
    `  try {`,
    `    for (const ${one} of ${literal(list)}) {`,
    `      // what the picture is compared with: computed once, never in a step`,
    content
      ? `      const ${targets} = { content: nst.features(${net}, ${x}, [${one}], ${options}), style: {} }`
      : `      const ${targets} = { content: {}, style: nst.finish(nst.styleTargets(${net}, ${x}, ${one}, ${options})) }`,
    content
      ? `      const ${terms} = nst.transferTerms(${net}, { ...${options}, contentLayer: ${one}, styleLayers: {} }, ${targets})`
      : `      const ${terms} = nst.transferTerms(${net}, { ...${options}, contentLayer: null, styleLayers: Object.fromEntries(${one}.map((name) => [name, 1 / ${one}.length])) }, ${targets})`,
    `      // every one starts from the same noise`,
    `      let ${state} = nst.transferStart(nst.initialPicture(${x}, { kind: "noise" }, ${seed}))`,
    `      try {`,
    `        for (let ${step} = 0; ${step} < ${steps}; ${step}++) {`,
    `          const ${next} = nst.transferStep(${net}, ${state}, ${terms}, ${options})`,
    `          ${next}.values.dispose() // the costs before this step, a term each`,
    ...onward(state, next).map((line) => `          ${line}`),
    `        }`,
    `      } finally {`,
    `        nst.disposeTransfer(${state})`,
    `        nst.disposeTargets(${targets})`,
    `      }`,
    `    }`,
    `  } finally {`,
    `    ${x}.dispose()`,
    `  }`,
    `}`,
  ]);
}

/** Channels climbed one after the other: one value a step, the picture. */
export function ascentCode({ name, network, plans }: { name: string; network: string; plans: readonly AscentPlan[] }): string {
  const [{ config: { layer, size, seed, steps, learningRate, totalVariation, pooling } }] = plans;
  const local = localNames(new Set([name, network]));
  const [net, options, channel, state, step, next, activation] = ["net", "options", "channel", "state", "step", "next", "activation"].map(local);
  const own = channel === "channel" ? channel : `channel: ${channel}`;
  return cell("edit manual", [
    `async function* ${name}() {`,
    `  const ${net} = await nst.loadNetwork(${network})`,
    `  const ${options} = ${literal({ layer, seed, learningRate, totalVariation, pooling })}`,
    `  for (const ${channel} of ${literal(plans.map((plan) => plan.channel))}) {`,
    `    let ${activation} = 0`,
    `    let ${state} = nst.ascentStart(${size}, ${seed})`,
    `    try {`,
    `      for (let ${step} = 0; ${step} < ${steps}; ${step}++) {`,
    `        const ${next} = nst.finish(nst.ascentStepWalk(${net}, ${state}, { ...${options}, ${own} }, ${activation}))`,
    `        ;[${activation}] = await ${next}.values.data() // the channel's mean before this step`,
    `        ${next}.values.dispose()`,
    ...onward(state, next).map((line) => `        ${line}`),
    `      }`,
    `    } finally {`,
    `      nst.disposeTransfer(${state})`,
    `    }`,
    `  }`,
    `}`,
  ]);
}

/** From one step to the next. */
const onward = (state: string, next: string): string[] => [`nst.disposeTransfer(${state})`, `${state} = ${next}.state`, `yield ${state}.picture`];

/** Names for variables, clear of those that are read. */
function localNames(read: ReadonlySet<string>): (wanted: string) => string {
  return (wanted) => (read.has(wanted) ? `${wanted}_` : wanted);
}

function cell(flags: string, lines: readonly string[]): string {
  return ["```js kernel " + flags, ...lines, "```"].join("\n");
}
