/** A weights file of SqueezeNet 1.1 as torchvision names and orders its tensors, at its full size, with random numbers. */
import { SQUEEZENET_WIDTHS } from "../../../src/nst/squeezenet";
import { safetensorsHeader } from "../../../src/models/write-safetensors";

/** Place of `fire2` … `fire9` in torchvision's `features`: between them stand ReLUs and pools, which have no numbers. */
const FIRES = [3, 4, 6, 7, 9, 10, 11, 12];

/** Evenly distributed with the deviation of He et al. 2015, so that answers keep their size from layer to layer. */
export function playedSqueezenet(seed = 1): Buffer {
  let state = seed;
  const uniform = () => ((state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 31) - 1;
  const convolutions = convolutionsOf();
  const numbers = convolutions.flatMap(({ out, into, size }) => {
    const reach = Math.sqrt(6 / (into * size * size));
    return [Float32Array.from({ length: out * into * size * size }, () => reach * uniform()), Float32Array.from({ length: out }, () => 0.02 * uniform())];
  });
  const places = convolutions.flatMap(({ name, out, into, size }, i) => [
    { key: `${name}.weight`, format: "F32" as const, shape: [out, into, size, size], bytes: numbers[2 * i].byteLength },
    { key: `${name}.bias`, format: "F32" as const, shape: [out], bytes: numbers[2 * i + 1].byteLength },
  ]);
  return Buffer.concat([safetensorsHeader(places), ...numbers.map(({ buffer }) => new Uint8Array(buffer))]);
}

function convolutionsOf(): { name: string; out: number; into: number; size: number }[] {
  const { conv1, fires } = SQUEEZENET_WIDTHS["1.1"];
  let into = conv1;
  const inside = fires.flatMap(({ squeeze, expand1x1, expand3x3 }, i) => {
    const name = `features.${FIRES[i]}`;
    const parts = [
      { name: `${name}.squeeze`, out: squeeze, into, size: 1 },
      { name: `${name}.expand1x1`, out: expand1x1, into: squeeze, size: 1 },
      { name: `${name}.expand3x3`, out: expand3x3, into: squeeze, size: 3 },
    ];
    into = expand1x1 + expand3x3;
    return parts;
  });
  return [{ name: "features.0", out: conv1, into: 3, size: 3 }, ...inside];
}
