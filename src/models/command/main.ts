/** `npm run model`: reads weights as the page does, and puts the network that is in them into public/models. */
import type { InputSpec, ModelCard } from "../../nst/model-card";
import { parameters } from "../../nst/parameters";
import { WeightsError } from "../../nst/safetensors";
import { megabytes } from "../announced";
import { convert } from "../convert";
import { networkOf } from "../keep-converted";
import { knownFile } from "../known-files";
import { openArchive } from "../open-archive";
import { INPUTS } from "../preprocessing";
import { recognise } from "../recognise";
import type { Recognised } from "../recognised";
import { smaller, smallerCard, type CopyTensor } from "../smaller";
import type { WeightArchive } from "../archive";
import { gather, type Telling } from "./files";
import { readOptions, USAGE, type Options } from "./options";
import { checkFree, writeNetwork } from "./write-network";

const FORMATS = { safetensors: "safetensors", hdf5: "HDF5", tfjs: "TensorFlow.js", pytorch: "PyTorch", "pytorch-legacy": "PyTorch, the format of 2017" } as const;
const BITS = { F32: "32 bits a number", F16: "16 bits a number", I8: "8 bits a number, with a scale for each filter" } as const;

/**
 * @param argv what was said behind the command's name
 * @param models public/models, or another folder
 * @returns the exit code: 0, 1 when the network could not be had, 2 when the words were not understood
 */
export async function main(argv: readonly string[], { models, telling = terminal() }: { models: string; telling?: Telling }): Promise<number> {
  let options: Options | null;
  try {
    options = readOptions(argv);
  } catch (error) {
    telling.say((error as Error).message);
    return 2;
  }
  if (!options) {
    telling.say(USAGE);
    return 0;
  }
  try {
    await bring(options, models, telling);
    return 0;
  } catch (error) {
    if (!(error instanceof WeightsError)) throw error;
    telling.say(error.message);
    return 1;
  }
}

async function bring(options: Options, models: string, telling: Telling): Promise<void> {
  if (options.id) checkFree(models, options.id, options.replace);
  const { sources, origin, licence, close } = await gather(options.what, telling);
  try {
    const archive = await openArchive(sources);
    const known = await knownFile(sources, (done, of) => telling.progress("Checking", done, of));
    const recognised = recognise(archive, known);
    const card = cardOf(recognised, options, origin, licence);
    for (const line of found(archive, recognised, card, options)) telling.say(line);
    checkFree(models, card.id, options.replace);
    const bytes = await writeNetwork(models, card, tensors(archive, recognised, options, telling), options.replace);
    telling.say(`Written: ${models}/${card.id}/model.json and ${card.weights.file}, ${megabytes(bytes)}, ${BITS[card.weights.dtype]}.`);
    telling.say(`Notebooks call it model="${card.id}". A server that runs lists it when the page is loaded again; a built workbench needs npm run build.`);
    archive.close();
  } finally {
    close();
  }
}

function cardOf(recognised: Recognised, options: Options, origin: string, licence = recognised.licence): ModelCard {
  const { card } = networkOf(recognised, { origin, input: options.input && INPUTS[options.input].input });
  const smallerOne = options.precision ? smallerCard(card, options.precision) : card;
  return {
    ...smallerOne,
    id: options.id ?? smallerOne.id,
    notes: { ...card.notes, about: `From ${origin}. Licence of the weights: ${licence}.`, ...(options.input ? { input: `Chosen when it was brought along: ${INPUTS[options.input].title}.` } : {}) },
    credits: { ...card.credits, weights: origin, licence },
  };
}

function found(archive: WeightArchive, { title, layers, ignored, inputFrom }: Recognised, card: ModelCard, options: Options): string[] {
  return [
    `${archive.name}: ${FORMATS[archive.format]}, ${archive.tensors.length} tensors, ${megabytes(archive.size)}`,
    `  Network        ${title}: ${layers.length} convolutions, ${parameters(card).toLocaleString("en")} numbers${ignored.length > 0 ? `; ${ignored.length} tensors are not needed (${ignored[0]}${ignored.length > 1 ? " …" : ""})` : ""}`,
    `  Preprocessing  ${inputText(card.input)}`,
    `                 ${options.input ? `As you said. It would have been: ${inputFrom}` : `${inputFrom} Another one: --input`}`,
    `  Licence        ${card.credits["licence"]}`,
  ];
}

function inputText(input: InputSpec): string {
  const known = Object.values(INPUTS).find((one) => JSON.stringify(one.input) === JSON.stringify(input));
  return known?.title ?? `${input.channels}, ${input.range.join(" to ")}, minus ${input.mean.join(", ")}, times ${[input.scale].flat().join(", ")}`;
}

async function* tensors(archive: WeightArchive, recognised: Recognised, { precision }: Options, telling: Telling): AsyncGenerator<CopyTensor> {
  let done = 0;
  for await (const { key, format, shape, bytes } of convert(archive, recognised)) {
    const tensor: CopyTensor = { key, format, shape, bytes };
    if (precision) yield* smaller(tensor, recognised.card.weights.kernelLayout, precision);
    else yield tensor;
    if (key.endsWith(".bias")) telling.progress("Converting layers", ++done, recognised.layers.length);
  }
}

/** On a terminal, a line that counts; elsewhere only what stays. */
function terminal(): Telling {
  const { stdout } = process;
  let counting = false;
  return {
    say(line) {
      if (counting) stdout.write("\r\x1b[K");
      counting = false;
      stdout.write(`${line}\n`);
    },
    progress(what, done, of) {
      if (!stdout.isTTY) return;
      counting = true;
      const amount = of === null ? megabytes(done) : of > 1000 ? `${megabytes(done)} of ${megabytes(of)}` : `${done} of ${of}`;
      stdout.write(`\r${what}: ${amount}\x1b[K`);
    },
  };
}
