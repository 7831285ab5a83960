import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFloat16, vggCard } from "../../src/nst";
import { encodeFloat16 } from "../../src/models/encode-float16";
import { bytesOf, type CopyTensor, numbersOf, smaller, smallerCard } from "../../src/models/smaller";

const tensor = (key: string, shape: number[], numbers: ArrayLike<number>): CopyTensor => ({ key, format: "F32", shape, bytes: bytesOf(Float32Array.from(numbers)) });
const float = fc.float({ noNaN: true, noDefaultInfinity: true });
/** As an 8-bit kernel is read: steps times the scale of their filter. */
const read = ([kernel, scale]: CopyTensor[], layout: "HWIO" | "OIHW") => {
  const steps = new Int8Array(kernel.bytes.slice().buffer);
  const scales = numbersOf(scale);
  const perFilter = steps.length / scales.length;
  return Float32Array.from(steps, (step, i) => step * scales[layout === "HWIO" ? i % scales.length : Math.floor(i / perFilter)]);
};

describe("16 bits", () => {
  it("every half comes back as it was", () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const back = encodeFloat16(decodeFloat16(halves));
    // of NaN there are many halves, and they all mean the same
    for (let i = 0; i < 65536; i++) expect((i & 0x7fff) > 0x7c00 ? (back[i] & 0x7fff) > 0x7c00 : back[i] === i).toBe(true);
  });

  it("rounding is to the nearest half, ties to the even one", () => {
    const all = decodeFloat16(Uint16Array.from({ length: 0x7c00 }, (_, i) => i));
    fc.assert(fc.property(fc.integer({ min: 0, max: 0x7bfe }), fc.double({ min: 0, max: 1, noNaN: true }), (i, part) => {
      const x = Math.fround(all[i] + (all[i + 1] - all[i]) * part);
      const [below, above] = [x - all[i], all[i + 1] - x];
      const expected = below < above || (below === above && i % 2 === 0) ? i : i + 1;
      expect(encodeFloat16(Float32Array.of(x, -x))).toEqual(Uint16Array.of(expected, expected | 0x8000));
    }));
    const half = (x: number) => encodeFloat16(Float32Array.of(x))[0];
    expect([2048 + 1, 2048 + 3, 2 ** -25, 3 * 2 ** -25, 65519, 65520, Infinity].map(half)).toEqual([0x6800, 0x6802, 0, 2, 0x7bff, 0x7c00, 0x7c00]);
  });

  it("a kernel and its bias become halves, within half a unit of the eleventh binary digit", () => {
    fc.assert(fc.property(fc.array(fc.float({ noNaN: true, min: -8, max: 8 }), { minLength: 18, maxLength: 18 }), (numbers) => {
      const [{ format, key, shape, bytes }, ...others] = smaller(tensor("a.kernel", [3, 3, 1, 2], numbers), "HWIO", "fp16");
      expect({ format, key, shape, others, length: bytes.length }).toEqual({ format: "F16", key: "a.kernel", shape: [3, 3, 1, 2], others: [], length: 36 });
      numbersOf({ key, format, shape, bytes }).forEach((x, i) => expect(Math.abs(x - numbers[i])).toBeLessThanOrEqual(Math.max(Math.abs(numbers[i]) * 2 ** -11, 2 ** -25)));
    }));
    expect(smaller(tensor("a.bias", [2], [1, 2]), "HWIO", "fp16")[0]).toMatchObject({ key: "a.bias", format: "F16", bytes: bytesOf(Uint16Array.of(0x3c00, 0x4000)) });
  });

  it("halves of halves are the same halves", () => {
    const once = smaller(tensor("a.bias", [3], [0.1, -0.2, 0.3]), "OIHW", "fp16");
    expect(smaller(once[0], "OIHW", "fp16")).toEqual(once);
  });

  it("numbers beyond their reach are refused with a way out", () => {
    expect(() => smaller(tensor("a.kernel", [1, 1, 1, 1], [70000]), "OIHW", "fp16")).toThrow(/“a.kernel” holds 70000, which is beyond what 16 bits reach.*8 bits/);
  });
});

describe("8 bits", () => {
  it.each(["HWIO", "OIHW"] as const)("no weight moves by more than half a step of its filter's scale (%s)", (layout) => {
    const filters = fc.integer({ min: 1, max: 4 });
    fc.assert(fc.property(filters, filters, fc.infiniteStream(float), (cin, cout, stream) => {
      const shape = layout === "HWIO" ? [3, 3, cin, cout] : [cout, cin, 3, 3];
      const numbers = Float32Array.from({ length: 9 * cin * cout }, () => Math.fround(stream.next().value! % 100));
      const made = smaller(tensor("a.kernel", shape, numbers), layout, "int8");
      expect(made.map(({ key, format, shape: s }) => [key, format, s])).toEqual([["a.kernel", "I8", shape], ["a.kernel_scale", "F32", [cout]]]);
      const scales = numbersOf(made[1]);
      const filterOf = (i: number) => (layout === "HWIO" ? i % cout : Math.floor(i / (9 * cin)));
      read(made, layout).forEach((x, i) => expect(Math.abs(x - numbers[i])).toBeLessThanOrEqual(scales[filterOf(i)] * 0.501));
    }));
  });

  it("each filter has a scale of its own: a small one keeps its digits beside a large one", () => {
    const numbers = [100, 0.001, -60, 0.0005];
    const made = smaller(tensor("a.kernel", [1, 1, 2, 2], numbers), "HWIO", "int8");
    expect(numbersOf(made[1])).toEqual(Float32Array.of(100 / 127, Math.fround(0.001) / 127));
    expect([...new Int8Array(made[0].bytes.buffer)]).toEqual([127, 127, -76, 64]);
  });

  it("steps go from −127 to 127, so that 0 is in the middle", () => {
    fc.assert(fc.property(fc.array(float, { minLength: 1, maxLength: 9 }), (numbers) => {
      const made = smaller(tensor("a.kernel", [1, numbers.length, 1, 1], numbers), "OIHW", "int8");
      const steps = [...new Int8Array(made[0].bytes.slice().buffer)];
      expect(Math.min(...steps)).toBeGreaterThanOrEqual(-127);
      if (numbers.some((x) => Math.abs(x) > 1e-30)) expect(Math.max(...steps.map(Math.abs))).toBe(127);
    }));
  });

  it("a filter of zeros stays zeros, with a scale that can be divided by", () => {
    const made = smaller(tensor("a.kernel", [2, 1, 1, 1], [0, 5]), "OIHW", "int8");
    expect(numbersOf(made[1])[0]).toBe(1);
    expect(read(made, "OIHW")).toEqual(Float32Array.of(0, Math.fround(Math.fround(5 / 127) * 127)));
  });

  it("biases stay in 32 bits", () => {
    expect(smaller(tensor("a.bias", [2], [1, 2]), "OIHW", "int8")).toEqual([tensor("a.bias", [2], [1, 2])]);
    const halves = smaller(tensor("a.bias", [2], [0.5, 2]), "OIHW", "fp16")[0];
    expect(smaller(halves, "OIHW", "int8")).toEqual([tensor("a.bias", [2], [0.5, 2])]);
  });

  it("an 8-bit copy is not copied again", () => {
    const [kernel] = smaller(tensor("a.kernel", [1, 1, 1, 1], [1]), "OIHW", "int8");
    expect(() => smaller(kernel, "OIHW", "fp16")).toThrow(/“a.kernel” is kept as I8 already/);
  });
});

it("what a copy is made of is left as it was", () => {
  const original = tensor("a.kernel", [2, 1, 1, 1], [0.1, 5]);
  const before = original.bytes.slice();
  smaller(original, "OIHW", "int8");
  smaller(original, "OIHW", "fp16");
  expect(original.bytes).toEqual(before);
});

it("the card of a copy says what it is, and is no longer that of the file", () => {
  const card = vggCard(11);
  card.weights.sha256 = "abc";
  expect(smallerCard(card, "fp16")).toMatchObject({ id: `${card.id}-fp16`, title: `${card.title}, 16 bits`, weights: { dtype: "F16", kernelLayout: "HWIO" } });
  expect(smallerCard(card, "int8").weights).toEqual({ file: "weights.safetensors", kernelLayout: "HWIO", dtype: "I8" });
});
