import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { pixelsCode } from "../../src/cells/as-code-pixels";
import { sourceIn } from "../../src/cells/code-text";
import { backOf, bytesOf, chainOf, placeOf, roundTrip, stagesOf, type Triple } from "../../src/cells/pixels-chain";
import { inkOn } from "../../src/cells/pixels-ink";
import { compile } from "../../src/notebook/compile";
import * as nst from "../../src/nst";
import type { InputSpec } from "../../src/nst";
import { nodeBackend } from "../support/node-backends";
import { slim } from "../support/fixtures";

beforeAll(() => nodeBackend("cpu"));

const INPUTS: Record<string, InputSpec> = {
  "the default network": slim().card.input,
  "Keras' VGG-19": { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 },
  "torchvision's VGG-19": { channels: "RGB", range: [0, 1], mean: [0.485, 0.456, 0.406], scale: [1 / 0.229, 1 / 0.224, 1 / 0.225] },
  "a network of −1 … 1": { channels: "RGB", range: [-1, 1], mean: [0, 0, 0], scale: 1 },
};
const PIXELS: Triple[] = [[0, 0, 0], [1, 1, 1], [0.25, 0.5, 0.75], [0.9, 0.1, 0.30000001192092896]];
const picture = { width: 2, height: 2, data: Float32Array.from(PIXELS.flat()) };

const readBy = (input: InputSpec) => tf.tidy(() => nst.preprocess(tf.tensor3d(picture.data, [2, 2, 3]), input).dataSync() as Float32Array);

describe("the way of a pixel", () => {
  it("ends at what the network reads, whatever its card says", () => {
    for (const [name, input] of Object.entries(INPUTS)) {
      const read = readBy(input);
      PIXELS.forEach((pixel, i) =>
        chainOf(pixel, input)
          .at(-1)!
          .forEach((value, c) => expect(value, `${name}, pixel ${i}`).toBeCloseTo(read[3 * i + c], 3)),
      );
    }
  });

  it("passes the file's value, 0 … 1, the order of the colours, the range, the mean and the scale", () => {
    expect(chainOf([0.25, 0.5, 1], { channels: "BGR", range: [0, 255], mean: [100, 110, 120], scale: 0.5 })).toEqual([
      [63.75, 127.5, 255],
      [0.25, 0.5, 1],
      [1, 0.5, 0.25],
      [255, 127.5, 63.75],
      [155, 17.5, -56.25],
      [77.5, 8.75, -28.125],
    ]);
  });

  it("comes back to where it started, to the rounding of float32", async () => {
    for (const [name, input] of Object.entries(INPUTS)) {
      const read = readBy(input);
      const back = backOf([read[9], read[10], read[11]], input);
      back.forEach((value, c) => expect(value, name).toBeCloseTo(PIXELS[3][c], 6));
      const error = await roundTrip(picture, read, input, new AbortController().signal);
      expect(error, name).toBeLessThan(1e-4);
      // and what is wrong is seen: one number that is off by two steps
      const wrong = read.slice();
      wrong[4] += 2 / 255 * (input.range[1] - input.range[0]) * (typeof input.scale === "number" ? input.scale : input.scale[1]);
      expect(await roundTrip(picture, wrong, input, new AbortController().signal), name).toBeCloseTo(2, 3);
    }
  });

  it("agrees with the way back of src/nst", () => {
    for (const input of Object.values(INPUTS)) {
      const read = readBy(input);
      const back = tf.tidy(() => nst.deprocess(tf.tensor4d(read, [1, 2, 2, 3]), input).dataSync());
      PIXELS.forEach((_, i) => backOf([read[3 * i], read[3 * i + 1], read[3 * i + 2]], input).forEach((value, c) => expect(value).toBeCloseTo(back[3 * i + c], 5)));
    }
  });

  it("stops when it is given up", async () => {
    await expect(roundTrip(picture, readBy(INPUTS["Keras' VGG-19"]), INPUTS["Keras' VGG-19"], AbortSignal.abort())).rejects.toThrow(/abort/i);
  });
});

describe("the steps in words", () => {
  it("say what a network's card prescribes, and which steps do nothing", () => {
    const words = (name: string) => stagesOf(INPUTS[name]).map(({ title, letters, changes }) => `${title} ${letters}${changes ? "" : ", nothing to do"}`);
    expect(words("the default network")).toEqual(["file RGB", "÷ 255 RGB", "RGB order RGB, nothing to do", "× 255 RGB", "− mean RGB", "× scale RGB, nothing to do"]);
    expect(words("Keras' VGG-19")).toEqual(["file RGB", "÷ 255 RGB", "BGR order BGR", "× 255 BGR", "− mean BGR", "× scale BGR, nothing to do"]);
    expect(words("torchvision's VGG-19")).toEqual(["file RGB", "÷ 255 RGB", "RGB order RGB, nothing to do", "× 1 RGB, nothing to do", "− mean RGB", "× scale RGB"]);
    expect(words("a network of −1 … 1").slice(3)).toEqual(["−1 … 1 RGB", "− mean RGB, nothing to do", "× scale RGB, nothing to do"]);
    expect(stagesOf(INPUTS["torchvision's VGG-19"])[5].text).toBe("times 4.37, 4.46, 4.44");
  });
});

describe("the memory of a tensor", () => {
  it("holds row after row, pixel after pixel, channel after channel", () => {
    const values = tf.tidy(() => tf.range(0, 5 * 7 * 3).reshape([5, 7, 3]).arraySync() as number[][][]);
    for (let y = 0; y < 5; y++) for (let x = 0; x < 7; x++) for (let c = 0; c < 3; c++) expect(placeOf({ width: 7 }, y, x, c)).toBe(values[y][x][c]);
  });

  it("shows the four bytes of a number, the lowest first", () => {
    expect(bytesOf(1)).toBe("00 00 80 3f");
    expect(bytesOf(-2.5)).toBe("00 00 20 c0");
  });
});

describe("numbers on a colour", () => {
  it("can be read on any: contrast at least 4.5 : 1", () => {
    const linear = (byte: number) => (byte / 255 <= 0.04045 ? byte / 255 / 12.92 : ((byte / 255 + 0.055) / 1.055) ** 2.4);
    for (let r = 0; r <= 255; r += 15)
      for (let g = 0; g <= 255; g += 15)
        for (let b = 0; b <= 255; b += 15) {
          const light = 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
          const contrast = inkOn(r, g, b) === "#000" ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05);
          if (contrast < 4.5) throw new Error(`rgb(${r}, ${g}, ${b}): ${contrast}`);
        }
  });
});

describe("what the network reads as code", () => {
  it("is one line that gives the same numbers", () => {
    const code = pixelsCode({ name: "read", picture: { name: "photo", tensor: true }, network: "network" });
    expect([...compile(sourceIn(code)!, "kernel").reads].sort()).toEqual(["network", "photo"]);
    const { input } = slim().card;
    const value = tf.tidy(() => new Function("nst", "photo", "network", `${sourceIn(code)}; return read.dataSync()`)(nst, tf.tensor3d(picture.data, [2, 2, 3]), { card: { input } }) as Float32Array);
    expect([...value]).toEqual([...readBy(input)]);
    expect(pixelsCode({ name: "read", picture: { name: "content", tensor: false }, network: "network" })).toContain("nst.pictureTensor(content.picture)");
  });
});
