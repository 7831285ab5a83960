/** "Show as code": the few lines that compute what a cell of the workbench computes. */
import type { CropRect } from "../kernel/protocol";
import { publicNames } from "../notebook/graph-errors";
import type { ModelCard } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";
import { KernelValue } from "../sandbox/client";
import { imageCode, networkCode, runCode, settingsCode } from "./as-code-texts";
import { bindings } from "./bindings";
import { Cell } from "./cell";
import { type Aspect, centredCrop, ratioOf } from "./crop-geometry";
import { ImageCell, type ImageValue } from "./image";
import { NetworkCell, type NetworkValue } from "./network";
import { RunCell } from "./run";
import { SettingsCell } from "./settings";

/** What code can read by its name. */
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/**
 * A code cell, fences included, that computes what `element` does with what is chosen in it now, under a name of its own. Null
 * if there is no such code: for another kind of cell, one that has no value yet, a picture that no code can open, or a
 * name that code cannot read.
 */
export function asCode(element: Element): string | null {
  if (!(element instanceof Cell) || !element.context) return null;
  const { graph } = element.context;
  const taken = new Set(publicNames(graph.describe().flatMap(({ name }) => name ?? [])));
  if (element instanceof ImageCell) return image(element, taken);
  if (element instanceof NetworkCell) {
    const value = element.value as NetworkValue | undefined;
    return value ? networkCode({ name: fresh(element.name ?? "network", taken), id: value.id }) : null;
  }
  if (element instanceof SettingsCell) {
    const { network } = bound(element);
    if (!IDENTIFIER.test(network)) return null;
    const card = (graph.peek(network) as NetworkValue | undefined)?.card as ModelCard | undefined;
    const value = element.value as TransferSettings | undefined;
    return value && card ? settingsCode({ name: fresh(element.name ?? "settings", taken), network, settings: value, card }) : null;
  }
  if (element instanceof RunCell) {
    const { content, style, network, settings } = bound(element);
    if (![content, style, network, settings].every((name) => IDENTIFIER.test(name))) return null;
    const picture = (name: string) => ({ name, tensor: graph.peek(name) instanceof KernelValue });
    return runCode({ name: fresh(element.name ?? "G", taken), content: picture(content), style: picture(style), network, settings });
  }
  return null;
}

function image(element: ImageCell, taken: ReadonlySet<string>): string | null {
  const value = element.value as ImageValue | undefined;
  const src = element.param<string>("src");
  if (!value || src === "") return null;
  const chosen = element.param<CropRect | null>("crop");
  const fits = chosen && chosen.x + chosen.width <= value.source.width && chosen.y + chosen.height <= value.source.height;
  const crop = fits ? chosen : centredCrop(value.source, ratioOf(element.param<Aspect>("aspect"), value.source));
  const { width, height } = value.picture;
  return imageCode({ name: fresh(element.name ?? "picture", taken), src, crop, width, height });
}

/** What each role of a cell reads, by the name of the value. */
function bound(element: HTMLElement): Record<string, string> {
  const { roles } = element.constructor as typeof Cell;
  return Object.fromEntries(bindings(roles, (attribute) => element.getAttribute(attribute)).map(({ role, name }) => [role, name]));
}

/** A name that nothing has yet: G, G2, G3 … */
function fresh(name: string, taken: ReadonlySet<string>): string {
  const stem = IDENTIFIER.test(name) ? name.replace(/\d+$/, "") || name : "value";
  for (let n = 2; ; n++) if (!taken.has(`${stem}${n}`)) return `${stem}${n}`;
}
