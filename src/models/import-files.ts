import { BYTES_PER_NUMBER, type WeightArchive } from "./archive";
import { convert } from "./convert";
import { fingerprint } from "./fingerprint";
import type { ImportTask } from "./import-job";
import { finishInOrder, keepConverted, networkOf, type Progress } from "./keep-converted";
import type { KeptNetwork } from "./kept-network";
import { knownFile } from "./known-files";
import type { NetworkStore } from "./network-store";
import { blobSource, openArchive } from "./open-archive";
import { recognise } from "./recognise";
import type { RecognisedLayer } from "./recognised";

/**
 * Reads a weights file (or a model.json with its shards) and keeps the network that is in it, one tensor at a time.
 * @throws WeightsError: what was found, what would be needed
 */
export async function importFiles(task: Extract<ImportTask, { kind: "files" }>, store: NetworkStore, progress: Progress): Promise<KeptNetwork> {
  const { files, options } = task;
  const sources = files.map((file) => blobSource(file, file.webkitRelativePath || file.name));
  progress.begin("reading", 0, 0);
  const archive = await openArchive(sources);
  try {
    const recognised = recognise(archive, await knownFile(sources));
    progress.recognised(recognised);
    const writer = await store.begin(networkOf(recognised, { origin: originOf(files), id: options.id, input: options.input }), { key: fingerprint(task) });
    const of = recognised.layers.reduce((sum, layer) => sum + bytesOf(archive, layer), 0);
    await writer.note({ of });
    progress.begin("converting", 0, of);
    await keepConverted(convert(archive, recognised), writer, progress);
    return await finishInOrder(writer, recognised.layers.map(({ layer }) => layer));
  } finally {
    archive.close();
  }
}

/** File names, of many the first ones. */
function originOf(files: readonly File[]): string {
  const names = files.map(({ name }) => name);
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more files`;
}

/** Bytes that a layer takes in the file, about. */
function bytesOf({ tensors }: WeightArchive, { kernel, bias }: RecognisedLayer): number {
  return tensors.filter(({ name }) => name === kernel || name === bias).reduce((sum, { format, shape }) => sum + BYTES_PER_NUMBER[format] * shape.reduce((a, b) => a * b, 1), 0);
}
