/** From files to a list of tensors, whatever tool wrote them. */
import { WeightsError } from "../nst/safetensors";
import { megabytes, someNames } from "./announced";
import type { FileSource, WeightArchive } from "./archive";
import { fileKind, HEAD_BYTES, type FileKind } from "./file-kind";
import { openHdf5 } from "./hdf5-archive";
import { parseJsonList } from "./json-list";
import { LIMITS, type Limits } from "./limits";
import { openPytorch } from "./pytorch-archive";
import { openSafetensors } from "./safetensors-archive";
import { isTfjsModel, openTfjs } from "./tfjs-archive";

export { blobSource, bytesSource } from "./source";

/** Shards of the largest models are some hundreds. */
const MOST_FILES = 2000;
/** A model.json holds the network's description too, and that is nested. */
const JSON_DEPTH = 100;

/**
 * Opens a weights file of any format that is known, told by what it begins with, never by its name alone.
 * @param files one file; or a TensorFlow.js model.json with its shards, in any order and at any depth of folders; or the
 * workbench's own weights.safetensors with its model.json. Files of other kinds beside them (a README) are left alone
 * @param limits what the file may ask of the reader; LIMITS where not given
 * @returns its list of tensors, checked against its length; numbers are read later, one tensor at a time
 * @throws WeightsError when it is something else, broken, or asks too much: what was found, what would be needed
 */
export async function openArchive(files: readonly FileSource[], limits: Partial<Limits> = {}): Promise<WeightArchive> {
  const allowed = { ...LIMITS, ...limits };
  if (files.length === 0) throw new WeightsError("No file was chosen. A weights file is needed: safetensors, .h5, .pth, or a TensorFlow.js model.json with its shards.");
  if (files.length > MOST_FILES) throw new WeightsError(`${files.length.toLocaleString("en")} files were chosen; a network consists of one, or of a model.json with its shards. Choose those alone.`);
  const seen = await Promise.all(files.map(async (file) => ({ file, kind: fileKind(await file.read(0, Math.min(HEAD_BYTES, file.size)), file.size) })));

  const json = await Promise.all(seen.filter(({ kind }) => kind.opens === "json").map(async ({ file }) => ({ file, says: await readJson(file, allowed) })));
  const models = json.filter(({ says }) => isTfjsModel(says));
  if (models.length > 1) throw new WeightsError(`${someNames(models.map(({ file }) => file.name))} are models of their own. Choose one at a time.`);
  if (models.length === 1) {
    const [{ file, says }] = models;
    if (isTfjsModel(says)) return openTfjs(says, file, files.filter((other) => other !== file), allowed);
  }

  const weights = seen.filter(({ kind }) => kind.opens !== null && kind.opens !== "json");
  if (weights.length > 1) throw new WeightsError(`${someNames(weights.map(({ file }) => file.name))} are weights files of their own. Choose one at a time.`);
  if (weights.length === 0) throw new WeightsError(whatElse(seen));
  const [{ file, kind }] = weights;
  switch (kind.opens) {
    case "hdf5": return openHdf5(file, allowed);
    case "pytorch": return openPytorch(file, allowed);
    default: return withCard(await openSafetensors(file, allowed), json.find(({ says }) => isCard(says))?.says);
  }
}

async function readJson(file: FileSource, limits: Limits): Promise<unknown> {
  if (file.size > limits.listBytes) throw new WeightsError(`“${file.name}” is JSON of ${megabytes(file.size)}; lists of up to ${megabytes(limits.listBytes)} are read. It is not the list of a network for pictures.`);
  return parseJsonList(await file.read(0, file.size), file.name, { depth: JSON_DEPTH, values: 40 * limits.tensors, unique: false });
}

/** The workbench's own description of a network: public/models/<id>/model.json. */
function isCard(json: unknown): boolean {
  const { layers, weights, input } = (json ?? {}) as Record<string, unknown>;
  return Array.isArray(layers) && typeof weights === "object" && typeof input === "object";
}

/** Files that the workbench wrote carry their description in themselves; older ones have it beside them. */
function withCard(archive: WeightArchive, card: unknown): WeightArchive {
  return card === undefined || archive.metadata["nst.card"] !== undefined ? archive : { ...archive, metadata: { ...archive.metadata, "nst.card": JSON.stringify(card) } };
}

function whatElse(seen: readonly { file: FileSource; kind: FileKind }[]): string {
  const [{ file, kind }] = seen;
  const shards = seen.filter(({ file: { name } }) => /group\d+-shard\d+of\d+(\.bin)?$/.test(name));
  if (shards.length > 0) return `“${shards[0].file.name}” holds numbers of a TensorFlow.js model, whose list is missing: choose model.json together with all of its shards.`;
  if (/\.(?:index|meta|data-\d+-of-\d+)$|^checkpoint$/.test(file.name)) return `“${file.name}” is a part of a TensorFlow checkpoint. Weights that Keras saved as .h5, or a TensorFlow.js model are needed.`;
  if (seen.length > 1) return `None of these ${seen.length} files holds weights that can be read. A weights file is needed: safetensors, .h5, .pth, or a TensorFlow.js model.json with its shards.`;
  return kind.opens === "json" ? `“${file.name}” is JSON, but lists no weights. A TensorFlow.js model.json has a “weightsManifest”; other formats come in a file of their own.` : `“${file.name}” is ${kind.opens === null ? kind.is : kind.opens}.`;
}
