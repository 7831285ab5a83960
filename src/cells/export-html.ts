/** Export of a notebook as one HTML file that opens from disk: the workbench, the default network and the notebook in it. */
import { embed, VERSION, type Embedded, type EmbeddedPicture } from "../embedded";
import { picturesIn, type PictureStore } from "../notebook/pictures";
import type { Session } from "../notebook/session";
import { ownPage } from "../standalone/page";
import type { KeptNetworks } from "./networks";
import { saveBlob } from "./save-blob";

export { readExported } from "../embedded";

/** What is exported of an open notebook. */
interface Exported {
  session: Session;
  entry: { title: string };
}

/** Where its pictures are. */
interface Pictures {
  store: { pictures: PictureStore };
}

/**
 * Hands the person the notebook as `<name>.html`: text, parameters, what was typed, and own pictures that it uses. Whoever
 * opens the file is asked before its code runs, because it cannot be seen who wrote it.
 * @throws Error that says what is missing
 */
export async function exportHtml(opened: Exported, workspace: Pictures): Promise<void> {
  const [page, notebook] = await Promise.all([emptyPage(), packed(opened, workspace)]);
  saveBlob(new Blob([embed(page, notebook)], { type: "text/html" }), `${notebook.name}.html`);
}

/** The notebook as it travels. @throws Error if a picture that it uses cannot be read */
export async function packed({ session, entry }: Exported, { store }: Pictures): Promise<Embedded> {
  const snapshot = session.snapshot();
  const pictures: EmbeddedPicture[] = [];
  for (const src of picturesIn(snapshot)) {
    const kept = await store.pictures.get(src);
    // one that is lost here is no less lost in the file: its cell says so, here and there
    if (kept) pictures.push({ src, name: kept.name, type: kept.file.type, base64: await base64Of(kept.file) });
  }
  return { version: VERSION, id: newId(), name: session.name, title: entry.title, snapshot, pictures };
}

/**
 * Titles of the networks of the person's own that a notebook names: they do not travel with it, most are larger than the
 * whole workbench.
 */
export async function networksLeftOut({ session }: Pick<Exported, "session">, networks: KeptNetworks | null): Promise<string[]> {
  const named = new Set(session.slots.map(({ key, cell }) => (cell.kind === "element" && cell.tag === "nst-network" ? (session.params(key)["model"] ?? cell.attributes["model"]) : null)));
  return ((await networks?.list()) ?? []).filter(({ id }) => named.has(id)).map(({ card }) => card.title);
}

async function emptyPage(): Promise<string> {
  const own = ownPage(document);
  if (own !== null) return own;
  const address = new URL("standalone.html", document.baseURI).href;
  const response = await fetch(address).catch(() => null);
  if (!response) throw new Error("The HTML file could not be made: the workbench that goes into it could not be fetched. Connect to the network and try again.");
  const page = response.ok ? await response.text() : "";
  // a server may answer with its start page for what it does not have
  if (!page.includes('id="nst-script"')) throw new Error(`The HTML file could not be made: standalone.html is not beside the workbench (${address}). Whoever put it there has to copy it along: the build writes it.`);
  return page;
}

function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
