import type { WeightArchive } from "./archive";
import { convert } from "./convert";
import { overlap, piecesOf, spansOf } from "./file-journal";
import { downloadKey } from "./fingerprint";
import type { KeptNetwork } from "./kept-network";
import type { NetworkStore } from "./network-store";
import { finishInOrder, keepConverted, layerComplete, networkOf, type Progress } from "./keep-converted";
import type { Place } from "./network-disk";
import { openArchive } from "./open-archive";
import { recognise } from "./recognise";
import type { RecognisedLayer } from "./recognised";
import { RemoteSource, type RemoteOptions } from "./remote-file";
import type { WeightsSource } from "./sources";
import { WeightsError } from "../nst/safetensors";

/**
 * Fetches the convolutions of a public file, or what is missing of them: first the file's list of tensors, then their bytes,
 * neighbours with one request, in pieces that stay when the page ends; then the tensors are checked and kept, one by one.
 * What was kept of it earlier is checked against its SHA-256 first.
 * @throws BrokenOffError, FullError: what has arrived stays, and calling again goes on; WeightsError when that is of no use
 */
export async function download(source: WeightsSource, store: NetworkStore, progress: Progress, options: RemoteOptions = {}): Promise<KeptNetwork> {
  const key = downloadKey(source.id);
  const told: RemoteOptions = { ...options, waiting: (why) => progress.say(why) };
  const remote = await RemoteSource.openFirst([source.url, source.newest], await store.draftFile(key), told);
  const archive = await openArchive([remote]);
  const recognised = recognise(archive);
  progress.recognised(recognised);
  const writer = await store.begin(networkOf(recognised, { id: source.id, origin: remote.url, licence: source.licence }), { key, source: source.id });

  const places = new Map(recognised.layers.map((layer) => [layer, placesOf(archive, layer)]));
  const of = sum([...places.values()].flat());
  await writer.note({ file: remote.file, of });
  progress.begin("reading", 0, of);
  const damaged = await writer.check();
  if (damaged.length > 0) progress.say(`Damaged on this disk, and fetched again: ${damaged.join(", ")}.`);

  const missing = recognised.layers.filter((layer) => !layerComplete(writer, layer));
  const wanted = missing.flatMap((layer) => places.get(layer)!);
  const journal = (remote.journal = await writer.journal());
  // the same pieces whatever is here already
  const pieces = spansOf([...places.values()].flat()).flatMap(piecesOf).filter((piece) => wanted.some((place) => overlap(piece, place)));
  await journal.drop((piece) => !pieces.some(({ from, to }) => from === piece.from && to === piece.to));
  const absent = pieces.filter((piece) => !journal.has(piece));
  progress.begin("downloading", of - sum(absent), of);
  await remote.fetch(absent, (bytes) => progress.add(bytes));

  progress.begin("converting", of - sum(wanted), of);
  for (const [i, layer] of missing.entries()) {
    const here = places.get(layer)!;
    try {
      await keepConverted(convert(archive, { ...recognised, layers: [layer] }), writer, progress);
    } catch (error) {
      // what is no weights at all is of no use, and may come whole the next time
      if (error instanceof WeightsError && error.name === "WeightsError") await journal.drop((piece) => here.some((place) => overlap(piece, place)));
      throw error;
    }
    const left = missing.slice(i + 1).flatMap((one) => places.get(one)!);
    await journal.drop((piece) => !left.some((place) => overlap(piece, place)));
  }
  archive.close();
  return finishInOrder(writer, recognised.layers.map(({ layer }) => layer));
}

/** Where the numbers of a layer lie in the file. @throws WeightsError for formats that store them in another way */
function placesOf(archive: WeightArchive, { kernel, bias, norm, scale }: RecognisedLayer): Place[] {
  const names = [kernel, bias, scale, norm?.gamma, norm?.beta, norm?.mean, norm?.variance].filter((name) => name != null);
  return names.map((name) => {
    const place = archive.tensors.find((tensor) => tensor.name === name)?.place;
    if (!place) throw new WeightsError(`Of “${archive.name}” no parts can be fetched: its format does not say where “${name}” lies. Save the whole file, and drop it on the page.`);
    return { from: place[0], to: place[1] };
  });
}

const sum = (places: readonly Place[]): number => places.reduce((total, { from, to }) => total + to - from, 0);
