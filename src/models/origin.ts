/** Where weights come from, as far as a file tells, and therefore which preprocessing they were trained with. */
import type { InputSpec } from "../nst/model-card";
import { squeezenetCard } from "../nst/squeezenet";
import { vggCard } from "../nst/vgg";
import type { WeightArchive } from "./archive";
import type { KnownFile } from "./known-files";
import { LICENCES } from "./licences";
import type { Named } from "./namings";
import { type InputName, INPUTS } from "./preprocessing";

export interface Origin {
  input: InputSpec;
  /** a sentence: why this preprocessing */
  inputFrom: string;
  licence: string;
  /** for titles: “torchvision”; "" where nothing is known */
  from: string;
  /** for ids: “-keras” */
  suffix: string;
}

const CAFFE = { from: "Caffe", suffix: "-caffe", input: "caffe-bgr" as InputName };
const TORCHVISION = { from: "torchvision", suffix: "", input: "torchvision" as InputName, licence: LICENCES.torchvision };

/**
 * Files known by the eight digits of their SHA-256 that PyTorch's tools put into the name: torchvision's own, and the
 * conversions of Caffe's weights that go by the same tensor names.
 */
const BY_DIGITS: readonly { digits: RegExp; what: string; input: InputName; from: string; suffix: string; licence: string }[] = [
  { digits: /8a719046|bbd30ac9|19584684|c768596a|397923af|dcbb9e9d|6002323d|abd245e5|6c64b313|c79401a0|a815701f|b66bff10|f364aa15|b8a52dc0|4df8aa71|7be5be79/, what: "torchvision’s own file", ...TORCHVISION },
  { digits: /00b39a1b|d01eb7cb/, what: "Johnson’s conversion of Caffe’s weights", ...CAFFE, licence: LICENCES.vgg },
  { digits: /88682ab5/, what: "torchvision’s file of amdegroot’s features, which are Caffe’s weights with the colours in RGB order", ...CAFFE, input: "caffe-rgb", licence: LICENCES.vgg },
];

/**
 * Tells origin and preprocessing from everything that the file says: its own words first, then its bytes, its name, its
 * tensors' names.
 * @param published false for a network with other widths than the published one: somebody else has trained it
 */
export function originOf(archive: WeightArchive, named: Named, known: KnownFile | null, published: boolean): Origin {
  const byNames = guessed(archive, named, known);
  const guess = published ? byNames : { ...byNames, from: "", suffix: "", licence: LICENCES.unknown, inputFrom: `${byNames.inputFrom} The published networks have other numbers of filters, so this is a guess.` };
  const stated = statedInput(archive.metadata);
  const licence = (archive.metadata["license"] ?? archive.metadata["licence"] ?? guess.licence).slice(0, 100);
  if (!stated) return { ...guess, licence };
  // where the file contradicts what its names suggest, they say nothing about its origin either
  const agrees = JSON.stringify(stated.input) === JSON.stringify(guess.input);
  return { input: stated.input, inputFrom: `The file says so itself: “${stated.text}”.`, licence, from: agrees ? guess.from : "", suffix: agrees ? guess.suffix : "" };
}

function guessed(archive: WeightArchive, named: Named, known: KnownFile | null): Origin {
  const { naming, architecture } = named;
  const vgg = architecture.startsWith("vgg");
  const published = vgg ? LICENCES.vgg : architecture === "alexnet" ? LICENCES.bvlc : LICENCES.squeezenet;
  const from = (input: InputName, inputFrom: string, rest: Pick<Origin, "from" | "suffix" | "licence">): Origin =>
    ({ input: structuredClone(INPUTS[input].input), inputFrom, from: rest.from, suffix: rest.suffix, licence: rest.licence });

  if (known?.intact) return from(known.input, `Its MD5 is that of ${known.title}.`, { from: "Keras", suffix: "-keras", licence: known.licence });
  const byDigits = BY_DIGITS.find(({ digits }) => digits.test(archive.name));
  if (byDigits) return from(byDigits.input, `Its name is that of ${byDigits.what}.`, byDigits);

  const altered = known ? ` It is as long as ${known.title}, but its MD5 is another: it was changed, or damaged on its way.` : "";
  switch (naming) {
    case "torch":
      if (!vgg && architecture !== "alexnet")
        return from("torchvision", "Its tensors are named as in torchvision. The original Caffe release goes by the same names and reads colours from 0 to 255, so the sanity test has to decide.", TORCHVISION);
      if (/caffe/i.test(archive.name)) return from("caffe-bgr", "Its tensors are named as in torchvision, but the file’s name speaks of Caffe.", { ...CAFFE, licence: published });
      return archive.tensors.some(({ name }) => /(?:^|\.)(?:pre_logits|head)\./.test(name))
        ? from("torchvision", "Its tensors are named as in timm, whose VGG networks are torchvision’s.", TORCHVISION)
        : from("torchvision", "Its tensors are named as in torchvision.", TORCHVISION);
    case "keras":
      return from("caffe-bgr", `Its tensors are named as in Keras, whose VGG networks are Caffe’s weights.${altered}`, { from: "Keras", suffix: "-keras", licence: published });
    case "caffe":
      return archive.tensors.some(({ name }) => /vgg_1[69]\/conv\d\//.test(name))
        ? from("caffe-rgb", "Its tensors are named as in TensorFlow Slim, whose VGG networks are Caffe’s weights with the colours in RGB order.", { from: "TensorFlow Slim", suffix: "-tf-slim", licence: published })
        : from("caffe-bgr", "Its tensors are named as in Caffe.", { ...CAFFE, licence: published });
    case "own":
      return {
        input: vgg ? vggCard().input : squeezenetCard().input,
        inputFrom: "Its tensors are named as this workbench names them, but its model.json did not come along: this is what most of its networks read.",
        from: "", suffix: "", licence: LICENCES.unknown,
      };
    case "numbers":
      return from("torchvision", "Its tensors have numbers for names, as PyTorch’s have, where this is usual.", { from: "", suffix: "", licence: LICENCES.unknown });
  }
}

/** A preprocessing that the file's own text describes, as in “RGB, 0..255, minus mean (123,117,104), no scaling”; null unless it says all of it. */
export function statedInput(metadata: Readonly<Record<string, string>>): { input: InputSpec; text: string } | null {
  const text = (metadata["input"] ?? metadata["preprocessing"] ?? "").trim();
  if (!text || text.length > 300) return null;
  const channels = /\b(RGB|BGR)\b/i.exec(text)?.[1].toUpperCase() as InputSpec["channels"] | undefined;
  const range = /(-1|−1|\b0)\s*(?:\.\.+|…|–|-|to|,)\s*(255|1)\b/.exec(text);
  if (!channels || !range) return null;
  const mean = triple(text, "mean");
  const deviation = triple(text, "std|deviation");
  if ((/mean/i.test(text) && !mean) || (/std|deviation/i.test(text) && !(deviation && deviation.every((d) => d > 0)))) return null;
  return {
    text,
    input: {
      channels,
      range: [range[1] === "0" ? 0 : -1, Number(range[2])],
      mean: mean ?? [0, 0, 0],
      scale: deviation ? (deviation.map((d) => 1 / d) as [number, number, number]) : 1,
    },
  };
}

function triple(text: string, word: string): [number, number, number] | null {
  const number = String.raw`\s*(\d+(?:\.\d+)?)\s*`;
  const found = new RegExp(String.raw`(?:${word})[^(\[\d]{0,20}[(\[]${number},${number},${number}[)\]]`, "i").exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3])] : null;
}
