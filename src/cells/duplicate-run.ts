/** The text of cells that make a run once more: settings with every number that differs from the network's, and a run beside them. */
import { equal } from "../notebook/equal";
import { freshName } from "../notebook/rename-cell";
import type { ModelCard } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";
import { attributeText, choicesOf } from "./settings-attributes";
import { CHOICES, defaultChoices, kebab } from "./transfer-settings";

/** What is made once more, and the names of the notebook that it reads. */
export interface DuplicateOf {
  /** name of the run; the new one gets the same with a number */
  run: string;
  /** name of its settings; "settings" if not said */
  settingsName?: string;
  /** names, or parts like "before.content" */
  content: string;
  style: string;
  network: string;
  settings: TransferSettings;
  card: ModelCard;
}

export interface Duplicate {
  /** two cells, a line each, with a blank line between */
  text: string;
  /** names that the new cells give */
  settings: string;
  run: string;
}

/**
 * One line `<nst-settings …></nst-settings>` that gives just these settings with a network of this card: its attributes are
 * the choices that differ from the card's defaults. Numbers are written so that they are read as the same ones.
 * @param extra attributes that come first, after `as`: `{ network: "network" }`
 */
export function settingsElement(as: string, settings: TransferSettings, card: ModelCard, extra: Readonly<Record<string, string>> = {}): string {
  const chosen = choicesOf(settings);
  // what is usual depends on the optimiser, which is a choice itself
  const standard = { ...defaultChoices(card, chosen), optimiser: card.defaults.optimiser.kind };
  const differing = CHOICES.flatMap((name): [string, string][] => {
    const choice = chosen[name];
    return choice === null || choice === undefined || equal(choice, standard[name]) ? [] : [[kebab(name), attributeText(choice)]];
  });
  return element("nst-settings", { as, ...extra, ...Object.fromEntries(differing) });
}

/**
 * The lines of a new settings cell and a new run cell that reads it.
 * @param taken names that the notebook gives already
 */
export function duplicateText({ run, settingsName = "settings", content, style, network, settings, card }: DuplicateOf, taken: Iterable<string>): Duplicate {
  const used = new Set(taken);
  const name = (base: string): string => {
    const free = used.has(base) ? freshName(base, used) : base;
    used.add(free);
    return free;
  };
  const [newSettings, newRun] = [name(settingsName), name(run)];
  const lines = [
    // both pictures have their size from elsewhere
    settingsElement(newSettings, settings, card, { network, without: "size" }),
    element("nst-run", { as: newRun, of: `${content} ${style}`, network, settings: newSettings }),
  ];
  return { text: lines.join("\n\n"), settings: newSettings, run: newRun };
}

/** An element as it is written in a notebook. */
export function element(tag: string, attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value.replace(/&/g, "&amp;").replace(/"/g, "&quot;")}"`);
  return `<${tag}${written.join("")}></${tag}>`;
}
