import type { Database } from "../notebook/database";
import { sha256 } from "../notebook/sha256";
import type { NumberFormat } from "./archive";
import { FileJournal } from "./file-journal";
import type { KeptNetwork, KeptTensor } from "./kept-network";
import { emptyFolder, keyOf, partsOf, readPieces, writePieces, type DraftEntry, type KeptEntry } from "./network-disk";

/** A tensor as `convert` gives it. */
export interface NewTensor {
  key: string;
  format: NumberFormat;
  shape: number[];
  bytes: Uint8Array;
  stats: { mean: number; deviation: number; largest: number };
}

export interface WriterHost {
  database: Database;
  /** runs a write; what goes wrong is told in words of the store */
  writing<T>(title: string, work: () => Promise<T>): Promise<T>;
  changed(): void;
}

/** Keeps a network tensor by tensor. What is complete stays when the page ends in the middle: `begin` goes on from there. */
export class NetworkWriter {
  /** @param draft as it lies in the database: this writer is the only one that changes it */
  constructor(
    private readonly host: WriterHost,
    private readonly key: string,
    private draft: DraftEntry,
  ) {}

  /** where the numbers lie */
  get folder(): string {
    return this.draft.folder;
  }

  /** What has arrived of the file that it is read from, for a download. */
  journal(): Promise<FileJournal> {
    const { database, writing } = this.host;
    return FileJournal.open(database, this.draft.folder, (work) => writing(this.draft.network.card.title, work));
  }

  /** Tensors that are complete, in the order in which they came. */
  get tensors(): readonly KeptTensor[] {
    return this.draft.tensors;
  }

  /** What is known of a tensor that is complete; null if it is not. */
  has(key: string): KeptTensor | null {
    return this.draft.tensors.find((tensor) => tensor.key === key) ?? null;
  }

  /**
   * Keeps a tensor with its SHA-256. One that is there with the same numbers is not written again.
   * @throws WeightsError when there is no room: what is complete stays
   */
  async put({ key, format, shape, bytes, stats }: NewTensor): Promise<KeptTensor> {
    const tensor: KeptTensor = { key, format, shape: [...shape], bytes: bytes.length, sha256: await sha256(bytes as Uint8Array<ArrayBuffer>), ...stats };
    const known = this.has(key);
    if (known?.sha256 === tensor.sha256 && known.format === format) return known;
    await this.host.writing(this.draft.network.card.title, async () => {
      await writePieces(this.host.database, this.draft.folder, key, bytes);
      await this.update({ tensors: [...this.draft.tensors.filter((one) => one.key !== key), tensor] });
    });
    return tensor;
  }

  /**
   * Reads what is complete and compares it with its SHA-256.
   * @returns keys of tensors that are not what was kept: they have to be put again
   */
  async check(): Promise<string[]> {
    const damaged: string[] = [];
    for (const tensor of this.draft.tensors) {
      const bytes = await readPieces(this.host.database, this.draft.folder, tensor);
      if (!bytes || (await sha256(bytes)) !== tensor.sha256) damaged.push(tensor.key);
    }
    if (damaged.length > 0) await this.update({ tensors: this.draft.tensors.filter(({ key }) => !damaged.includes(key)) });
    return damaged;
  }

  /** Notes what is known of the whole. */
  async note(change: Partial<Pick<DraftEntry, "file" | "of">>): Promise<void> {
    await this.host.writing(this.draft.network.card.title, () => this.update(change));
  }

  /**
   * The network is complete: from now on it is listed. If it is kept already, number by number and read alike, it is not
   * kept twice.
   * @param order keys of all its tensors, in the order of its card
   * @returns the network as it is listed
   */
  async finish(order: readonly string[]): Promise<KeptNetwork> {
    const { database } = this.host;
    const { draft } = this;
    const tensors = order.map((key) => {
      const tensor = this.has(key);
      if (!tensor) throw new Error(`“${key}” of ${draft.network.card.title} was not put.`);
      return tensor;
    });
    const { card } = draft.network;
    const whole: KeptNetwork = {
      ...draft.network,
      card: { ...card, weights: { ...card.weights, sha256: await digestOf(tensors) } },
      tensors,
      bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
      added: Date.now(),
    };
    const kept = (await database.entries(keyOf.network(""))).map(([, entry]) => (entry as KeptEntry).network);
    const twin = kept.find((one) => sameNetwork(one, whole));
    if (twin) {
      await this.abort();
      return twin;
    }
    const network = named(whole, freeId(whole.id, kept.map(({ id }) => id)));
    await this.host.writing(card.title, async () => {
      const rest = await database.keys(partsOf.file(draft.folder));
      await database.write([[keyOf.network(network.id), { network, folder: draft.folder } satisfies KeptEntry], [keyOf.draft(this.key), undefined], ...rest.map((key) => [key, undefined] as const)]);
    });
    this.host.changed();
    return network;
  }

  /** Forgets what has been kept of it. */
  async abort(): Promise<void> {
    await this.host.database.put(keyOf.draft(this.key), undefined);
    await emptyFolder(this.host.database, this.draft.folder);
    this.host.changed();
  }

  private async update(change: Partial<DraftEntry>): Promise<void> {
    this.draft = { ...this.draft, ...change };
    await this.host.database.put(keyOf.draft(this.key), this.draft);
  }
}

/** What stands for all numbers of a network: SHA-256 over its tensors' names and SHA-256s, in order. */
export function digestOf(tensors: readonly KeptTensor[]): Promise<string> {
  return sha256(new TextEncoder().encode(tensors.map(({ key, sha256 }) => `${key} ${sha256}\n`).join("")));
}

/** The same function of a picture. Settings that are recommended are not compared: they are fitted after a network has come in. */
function sameNetwork(one: KeptNetwork, other: KeptNetwork): boolean {
  const what = ({ card: { layers, input, weights }, made, copyOf }: KeptNetwork) => JSON.stringify([layers, input, weights, made, copyOf]);
  return what(one) === what(other);
}

function named(network: KeptNetwork, id: string): KeptNetwork {
  return { ...network, id, card: { ...network.card, id } };
}

/** The id itself, or with the first number that makes it free. */
export function freeId(wanted: string, taken: readonly string[]): string {
  let id = wanted;
  for (let n = 2; taken.includes(id); n++) id = `${wanted}-${n}`;
  return id;
}
