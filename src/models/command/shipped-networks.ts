/** What lies in public/models, in whatever way it came there. Runs in Node, for the build. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseModelCard } from "../../nst/card";
import { diskSource } from "../disk-source";
import { LIMITS } from "../limits";
import { CARD_KEY } from "../network-file";
import { recognise } from "../recognise";
import { openSafetensors } from "../safetensors-archive";

/** One entry of models/index.json. */
export interface IndexEntry {
  id: string;
  title: string;
  note?: string;
}

/** A folder of public/models that cannot be offered, and why. */
export interface Broken {
  folder: string;
  why: string;
}

/**
 * Looks through public/models. Of weights, only the list of tensors is read and compared with the card.
 * The committed index.json gives titles and notes, and the order of what it names; other networks follow by title.
 * @param publicDir absolute
 */
export async function networksIn(publicDir: string): Promise<{ entries: IndexEntry[]; broken: Broken[] }> {
  const models = join(publicDir, "models");
  const index = join(models, "index.json");
  const committed = existsSync(index) ? (JSON.parse(readFileSync(index, "utf8")) as IndexEntry[]) : [];
  const folders = existsSync(models) ? readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")) : [];
  const found: IndexEntry[] = [];
  const broken: Broken[] = committed.filter(({ id }) => !folders.some(({ name }) => name === id)).map(({ id }) => ({ folder: id, why: "index.json names it, but there is no such folder" }));
  for (const { name } of folders) {
    try {
      found.push(await entryOf(join(models, name), name));
    } catch (error) {
      broken.push({ folder: name, why: (error as Error).message });
    }
  }
  const named = committed.flatMap((entry) => (found.some(({ id }) => id === entry.id) ? [entry] : []));
  const others = found.filter(({ id }) => !named.some((entry) => entry.id === id)).sort((a, b) => a.title.localeCompare(b.title, "en"));
  return { entries: [...named, ...others], broken };
}

async function entryOf(folder: string, name: string): Promise<IndexEntry> {
  if (!/^[\w.-]+$/.test(name)) throw new Error("notebooks cannot name it: letters, digits, “.”, “-” and “_” are possible");
  const file = join(folder, "model.json");
  if (!existsSync(file)) throw new Error("it has no model.json");
  const card = parseModelCard(JSON.parse(readFileSync(file, "utf8")));
  if (card.id !== name) throw new Error(`its model.json says that it is “${card.id}”: folder and id have to be the same`);
  const archive = await openSafetensors(diskSource(join(folder, card.weights.file)), LIMITS);
  const { layers } = recognise({ ...archive, metadata: { [CARD_KEY]: JSON.stringify(card) } });
  const bare = layers.find(({ bias }) => bias === null);
  if (bare) throw new Error(`${card.weights.file} lacks the bias of ${bare.layer}`);
  const about = card.notes?.["about"];
  return { id: card.id, title: card.title, ...(about ? { note: about } : {}) };
}
