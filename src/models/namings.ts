/** The ways in which tools name the convolutions of the known networks. */
import { vggLayers } from "../nst/vgg";
import { convNames, isConv, type Placed, VGG_DEPTHS, type VggDepth } from "./architectures";
import type { Module } from "./tensor-names";

/** Whose names they are: what the names say about the weights' origin. "numbers": only the order tells the layers apart. */
export type Naming = "torch" | "keras" | "caffe" | "own" | "numbers";

export interface Named extends Placed {
  naming: Naming;
}

type Places = Map<string, Module>;

/**
 * Every reading of the names that is possible, the most telling first; whether the shapes fit is not looked at, and
 * convolutions may be missing.
 */
export function readNames(modules: readonly Module[]): Named[] {
  return [...ofBlocks(modules), ...ofFires(modules), ...ofNumbers(modules), ...ofOrder(modules), ...ofAlexNet(modules)];
}

/** `block1_conv1` (Keras), or `conv1_1` (Caffe and what was converted from it). */
function ofBlocks(modules: readonly Module[]): Named[] {
  return (["keras", "caffe"] as const).flatMap((naming): Named[] => {
    const pattern = naming === "keras" ? /(?:^|[./_])block([1-5])_conv([1-9])$/ : /(?:^|[./_:])conv([1-5])_([1-9])$/;
    const convs: Places = new Map();
    let own = false;
    for (const module of modules) {
      const [, block, place] = pattern.exec(module.path) ?? [];
      if (!module.kernel || !block) continue;
      const name = `block${block}_conv${place}`;
      if (!convs.has(name)) convs.set(name, module);
      own ||= module.kernel.name === `${name}.kernel`;
    }
    if (convs.size < 3) return [];
    const norms = new Map([...convs.keys()].flatMap((name) => {
      const found = normBeside(modules, name);
      return found ? [[name, found] as const] : [];
    }));
    return [{ architecture: `vgg${likeliestDepth(convs)}`, convs, norms, naming: own ? "own" : naming }];
  });
}

/** Keras' and Caffe's names for the normalisation of `block1_conv2`: `block1_bn2`, `block1_conv2_bn`, `bn1_2`, `conv1_2_bn`. */
function normBeside(modules: readonly Module[], conv: string): Module | undefined {
  const [, block, place] = /^block(\d)_conv(\d)$/.exec(conv)!;
  const pattern = new RegExp(`(?:^|[./_:])(?:block${block}_bn${place}|block${block}_conv${place}[._/]bn|bn${block}_${place}|conv${block}_${place}[._/]bn)$`);
  return modules.find((module) => isNorm(module) && pattern.test(module.path));
}

/** The VGG with the fewest convolutions that has all of these; the deepest when none has. */
function likeliestDepth(convs: Places): VggDepth {
  const names = [...convs.keys()];
  return VGG_DEPTHS.find((depth) => names.every((name) => convNames(`vgg${depth}`).includes(name))) ?? 19;
}

/** `features.3.squeeze` (torchvision), or `fire2/squeeze1x1` (Caffe), `fire2_squeeze` (ours). */
function ofFires(modules: readonly Module[]): Named[] {
  const numbered = new Map<number, Places>();
  const named: Places = new Map();
  for (const module of modules) {
    if (!module.kernel) continue;
    const [, index, part] = /(?:^|[./])(\d+)\.(squeeze|expand1x1|expand3x3)$/.exec(module.path) ?? [];
    if (part) numbered.set(Number(index), (numbered.get(Number(index)) ?? new Map()).set(part, module));
    const [, fire, squeeze, expand] = /(?:^|[./_])fire([2-9])[./_](?:(squeeze)(?:[_]?1x1)?|expand_?(1x1|3x3))$/.exec(module.path) ?? [];
    if (fire) named.set(`fire${fire}_${squeeze ?? `expand${expand}`}`, module);
  }
  if (named.size === 0 && numbered.size === 0) return [];
  const first = modules.find(({ kernel, path }) => kernel && /(?:^|[./])(?:features\.0|0|conv1)$/.test(path));
  const convs = new Map([...(first ? [["conv1", first] as const] : []), ...named]);
  const order = [...numbered.keys()].sort((a, b) => a - b);
  order.forEach((index, i) => numbered.get(index)!.forEach((module, part) => convs.set(`fire${i + 2}_${part}`, module)));
  const wide = first?.kernel!.shape.includes(7);
  const naming = order.length > 0 ? "torch" : named.get("fire2_squeeze")?.kernel!.name === "fire2_squeeze.kernel" ? "own" : "caffe";
  return [{ architecture: wide ? "squeezenet1_0" : "squeezenet1_1", convs, norms: new Map(), naming }];
}

/** Where torchvision's Sequential has the convolutions of a VGG, and behind them its normalisations. */
function torchIndices(depth: VggDepth, normalised: boolean): number[] {
  let index = 0;
  return vggLayers(depth).flatMap((layer) => {
    const at = index;
    index += isConv(layer) ? (normalised ? 3 : 2) : 1;
    return isConv(layer) ? [at] : [];
  });
}

const ALEXNET_INDICES = [0, 3, 6, 8, 10];

/** `features.0`, `0`, `slice1.0`: the layers' places in PyTorch's Sequential, of torchvision and of timm. */
function ofNumbers(modules: readonly Module[]): Named[] {
  const groups = new Map<string, Map<number, Module>>();
  for (const module of modules) {
    const [, prefix = "", index] = /^(?:(.*)\.)?(\d+)$/.exec(module.path) ?? [];
    if (index === undefined) continue;
    // perceptual losses cut the same Sequential into slices and keep its numbers
    const group = prefix.replace(/(?:^|\.)slice\d+$/, "");
    groups.set(group, (groups.get(group) ?? new Map<number, Module>()).set(Number(index), module));
  }
  return [...groups.values()].flatMap((group): Named[] => {
    const at = [...group].filter(([, { kernel }]) => kernel).map(([index]) => index).sort((a, b) => a - b);
    if (at.length < 3) return [];
    const placed = (architecture: Named["architecture"], indices: readonly number[], normalised = false): Named => ({
      architecture, normalised, naming: "torch",
      convs: new Map(convNames(architecture).flatMap((name, i) => (group.has(indices[i]) ? [[name, group.get(indices[i])!] as const] : []))),
      norms: new Map(convNames(architecture).flatMap((name, i) => (isNorm(group.get(indices[i] + 1)) ? [[name, group.get(indices[i] + 1)!] as const] : []))),
    });
    if (same(at, ALEXNET_INDICES)) return [placed("alexnet", ALEXNET_INDICES)];
    const readings = VGG_DEPTHS.flatMap((depth) => [false, true].map((normalised) => ({ depth, normalised, indices: torchIndices(depth, normalised) })));
    // a file that lacks some of them, or holds more, is told so of the network that it shares most with
    const shared = (indices: readonly number[]) => at.filter((index) => indices.includes(index)).length / new Set([...at, ...indices]).size;
    const best = readings.reduce((a, b) => (shared(b.indices) > shared(a.indices) ? b : a));
    return shared(best.indices) < 0.6 ? [] : [placed(`vgg${best.depth}`, best.indices, best.normalised)];
  });
}

/** Convolutions that only their order tells apart: `conv2d`, `conv2d_1` … (Keras 3), or a Sequential with other parts in between. */
function ofOrder(modules: readonly Module[]): Named[] {
  const ordered = (pattern: RegExp, wanted: (module: Module) => boolean) =>
    modules
      .flatMap((module) => {
        const found = pattern.exec(module.path);
        return found && wanted(module) ? [{ module, place: Number(found[1] ?? 0) }] : [];
      })
      .sort((a, b) => a.place - b.place)
      .map(({ module }) => module);
  const readings = [
    { convs: ordered(/(?:^|[./])conv2d(?:_(\d+))?$/, ({ kernel }) => !!kernel), norms: ordered(/(?:^|[./])batch_normalization(?:_(\d+))?$/, isNorm), naming: "keras" as const },
    { convs: ordered(/^(?:features\.|model\.|module\.)*(\d+)$/, ({ kernel }) => !!kernel), norms: ordered(/^(?:features\.|model\.|module\.)*(\d+)$/, isNorm), naming: "numbers" as const },
  ];
  return readings.flatMap(({ convs, norms, naming }): Named[] => {
    const depth = VGG_DEPTHS.find((d) => convNames(`vgg${d}`).length === convs.length);
    if (!depth || ![0, convs.length].includes(norms.length) || !widensLikeVgg(convs, depth)) return [];
    const names = convNames(`vgg${depth}`);
    return [{ architecture: `vgg${depth}`, naming, convs: new Map(names.map((name, i) => [name, convs[i]])), norms: new Map(norms.map((norm, i) => [names[i], norm])) }];
  });
}

/** Without names, the layers' widths have to say where blocks begin: the number of filters changes there and nowhere else, or may stay in block 5. */
function widensLikeVgg(convs: readonly Module[], depth: VggDepth): boolean {
  return ([0, 3] as const).some((out) => {
    const widths = convs.map(({ kernel }) => kernel!.shape[out]);
    return convNames(`vgg${depth}`).every((name, i) => {
      const [, block, place] = /^block(\d)_conv(\d)$/.exec(name)!;
      return i === 0 || (place === "1" && block !== "5" ? widths[i] !== widths[i - 1] : place === "1" || widths[i] === widths[i - 1]);
    });
  });
}

/** `conv1` … `conv5` (Caffe's names, ours). */
function ofAlexNet(modules: readonly Module[]): Named[] {
  const convs: Places = new Map();
  for (const module of modules) {
    const name = /(?:^|[./])(conv[1-5])$/.exec(module.path)?.[1];
    if (module.kernel && name && !convs.has(name)) convs.set(name, module);
  }
  if (convs.size < 5 || !convs.get("conv1")!.kernel!.shape.includes(11)) return [];
  return [{ architecture: "alexnet", convs, norms: new Map(), naming: convs.get("conv1")!.kernel!.name === "conv1.kernel" ? "own" : "caffe" }];
}

const isNorm = (module: Module | undefined): module is Module => !!module?.mean && !!module.variance;
const same = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((n, i) => n === b[i]);
