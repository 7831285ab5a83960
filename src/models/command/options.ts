/** What is said to `npm run model`. */
import { parseArgs } from "node:util";
import { WeightsError } from "../../nst/safetensors";
import { INPUTS, type InputName } from "../preprocessing";
import { SOURCES } from "../sources";

export interface Options {
  /** files, folders, addresses, or the name of a source */
  what: string[];
  id?: string;
  input?: InputName;
  precision?: "fp16" | "int8";
  /** a network of that id may be there already */
  replace: boolean;
}

export const USAGE = `Puts a network into public/models, where "npm start" and "npm run build" find it.

  npm run model -- <file, folder or address> [more files] [options]

  npm run model -- ${Object.keys(SOURCES).join(" | ")}                       fetches the convolutions alone
  npm run model -- vgg19-dcbb9e9d.pth
  npm run model -- model.json group1-shard1of2.bin group1-shard2of2.bin
  npm run model -- https://example.org/weights.h5 --id vgg19-keras --precision fp16

Formats: safetensors, Keras' .h5, PyTorch's .pth, TensorFlow.js' model.json with its shards.
Networks: VGG-11, 13, 16 and 19 (also with batch normalisation), SqueezeNet 1.0 and 1.1, AlexNet.

  --id <name>           as notebooks will name it, instead of the name that is proposed
  --input <name>        how pixels are read, where it was not recognised right:
${Object.entries(INPUTS).map(([name, { title }]) => `                          ${name.padEnd(18)}${title}`).join("\n")}
  --precision <name>    fp16 (half the size) or int8 (a quarter of it), instead of what the file has
  --replace             when there is a network of that name already
`;

/**
 * @param argv behind the name of the command
 * @returns null when help is asked for
 * @throws WeightsError saying what is not understood
 */
export function readOptions(argv: readonly string[]): Options | null {
  const { values, positionals } = parsed(argv);
  if (values.help) return null;
  if (positionals.length === 0) throw new WeightsError("Say which file: npm run model -- weights.pth");
  return {
    what: positionals,
    replace: values.replace ?? false,
    ...(values.id === undefined ? {} : { id: checkedId(values.id) }),
    ...(values.input === undefined ? {} : { input: oneOf("--input", values.input, Object.keys(INPUTS) as InputName[]) }),
    ...(values.precision === undefined ? {} : { precision: oneOf("--precision", values.precision, ["fp16", "int8"] as const) }),
  };
}

function parsed(argv: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { id: text, input: text, precision: text, replace: flag, help: { ...flag, short: "h" } } });
  } catch (error) {
    throw new WeightsError(`${(error as Error).message.replace(/\. To specify .*$/s, "").replace(/\.?$/, ".")} “npm run model -- --help” lists what there is.`);
  }
}

function checkedId(id: string): string {
  if (!/^[a-z0-9][\w.-]*$/i.test(id)) throw new WeightsError(`A network cannot be called “${id}”: letters, digits, “.”, “-” and “_” are possible.`);
  return id;
}

function oneOf<T extends string>(option: string, value: string, all: readonly T[]): T {
  const found = all.find((one) => one === value);
  if (!found) throw new WeightsError(`${option} knows no “${value}”. There are: ${all.join(", ")}.`);
  return found;
}
