import { beforeAll, describe, expect, it } from "vitest";
import type { FileSource } from "../../src/models/archive";
import { bytesSource, openArchive } from "../../src/models/open-archive";
import { modelFile, opened, read, refusal, truth } from "./files";

let numbers: Awaited<ReturnType<typeof truth>>;
beforeAll(async () => {
  numbers = await truth();
});

/** How each layout names the kernel and the bias of the n-th convolution. */
const LAYOUTS: Record<string, (layer: string, part: "kernel" | "bias", n: number) => string> = {
  "keras1-vgg19-notop.h5": (layer, part) => `${layer}/${layer}_${part === "kernel" ? "W" : "b"}_1:0`,
  "keras2-vgg19-top.h5": (layer, part) => `${layer}/${layer}/${part}:0`,
  "keras2-vgg19-model.h5": (layer, part) => `model_weights/${layer}/${layer}/${part}:0`,
  "keras3-vgg19.weights.h5": (_, part, n) => `layers/conv2d${n ? `_${n}` : ""}/vars/${part === "kernel" ? 0 : 1}`,
  "keras3-named-vgg19.weights.h5": (layer, part) => `layers/${layer}/vars/${part === "kernel" ? 0 : 1}`,
  "keras2.13-vgg19.weights.h5": (layer, part) => `_layer_checkpoint_dependencies/${layer}/vars/${part === "kernel" ? 0 : 1}`,
};

const convolutions = () => [...numbers.keys()].filter((name) => name.endsWith(".kernel")).map((name) => name.replace(".kernel", "")).sort();

describe("an HDF5 file that Keras saved", () => {
  for (const [file, nameOf] of Object.entries(LAYOUTS)) {
    it(`gives the same numbers from ${file}`, async () => {
      await opened(file, async (archive) => {
        expect(archive.format).toBe("hdf5");
        for (const [n, layer] of convolutions().entries()) {
          for (const part of ["kernel", "bias"] as const) {
            const name = nameOf(layer, part, n);
            const { shape, values } = numbers.get(`${layer}.${part}`)!;
            expect(archive.tensors.find((tensor) => tensor.name === name), name).toMatchObject({ shape, format: "F32" });
            expect(await read(archive, name)).toEqual(values);
          }
        }
      });
    });
  }

  it("lists the classifier and the optimiser's state too, without reading them", async () => {
    await opened("keras2-vgg19-top.h5", ({ tensors }) => {
      expect(tensors.map(({ name }) => name)).toEqual(expect.arrayContaining(["fc1/fc1/kernel:0", "predictions/predictions/bias:0"]));
      expect(tensors).toHaveLength(2 * 16 + 2 * 3);
    });
    await opened("keras2-vgg19-model.h5", ({ tensors }) => expect(tensors.find(({ name }) => name === "optimizer_weights/SGD/iter:0")).toMatchObject({ format: "I64", shape: [] }));
  });

  it("says what Keras noted about itself", async () => {
    await opened("keras2-vgg19-model.h5", ({ metadata }) => {
      expect(metadata).toMatchObject({ backend: "tensorflow", keras_version: "2.4.0" });
      expect(JSON.parse(metadata["model_config"]!).config.name).toBe("vgg19");
    });
  });

  it("lists numbered layers in their order, the tenth after the second", async () => {
    await opened("keras3-vgg19.weights.h5", ({ tensors }) => {
      expect(tensors.map(({ name }) => name)).toEqual(convolutions().flatMap((layer, n) => (["kernel", "bias"] as const).map((part) => LAYOUTS["keras3-vgg19.weights.h5"](layer, part, n))));
    });
  });

  it("reads halves, bfloat16, doubles and numbers with the other end first", async () => {
    await opened("kinds.h5", async (archive) => {
      const format = (name: string) => archive.tensors.find((tensor) => tensor.name === name)?.format;
      for (const part of ["kernel", "bias"]) {
        const name = `block1_conv2/${part}`;
        const exact = numbers.get(`block1_conv2.${part}`)!.values;
        expect([".half", ".brain", ".float", ".double", ".big"].map((kind) => format(name + kind))).toEqual(["F16", "BF16", "F32", "F64", "F32"]);
        for (const kind of [".float", ".double", ".big"]) expect(await read(archive, name + kind)).toEqual(exact);
        for (const [kind, precision] of [[".half", 2 ** -11], [".brain", 2 ** -8]] as const) {
          (await read(archive, name + kind)).forEach((value, i) => expect(Math.abs(value - exact[i])).toBeLessThanOrEqual(Math.max(1e-7, Math.abs(exact[i]) * precision)));
        }
      }
      expect(await read(archive, "empty")).toEqual([]);
    });
  });

  it("is read in pieces where it lies on a disk", async () => {
    const file = modelFile("keras2-vgg19-top.h5");
    let most = 0;
    let whole = false;
    const watched: FileSource = {
      ...file,
      read: async (from, to) => ((whole ||= to - from >= file.size), file.read(from, to)),
      readNow: (from, to) => ((most = Math.max(most, to - from)), file.readNow!(from, to)),
    };
    const archive = await openArchive([watched]);
    expect(await read(archive, "block1_conv1/block1_conv1/kernel:0")).toEqual(numbers.get("block1_conv1.kernel")!.values);
    archive.close();
    expect(whole).toBe(false);
    expect(most).toBeLessThanOrEqual(64 * 1024);
  });

  it("cannot be read any more when it was closed, or another was opened", async () => {
    const first = await openArchive([modelFile("keras1-vgg19-notop.h5")]);
    const second = await openArchive([modelFile("kinds.h5")]);
    await expect(first.tensors[0].read()).rejects.toThrow(/“keras1-vgg19-notop.h5” was closed/);
    expect(await read(second, "block1_conv1/bias.float")).toEqual(numbers.get("block1_conv1.bias")!.values);
    second.close();
    await expect(second.tensors[0].read()).rejects.toThrow(/“kinds.h5” was closed/);
  });

  it("is held whole only where it cannot be read at once, and only when it is small", async () => {
    const { readNow: _, ...file } = modelFile("keras1-vgg19-notop.h5");
    const archive = await openArchive([file]);
    expect(await read(archive, "block5_conv4/block5_conv4_W_1:0")).toEqual(numbers.get("block5_conv4.kernel")!.values);
    archive.close();
    expect(await refusal([file], { tensorBytes: 50_000 })).toMatch(/too large to be held whole/);
  });
});

describe("kernels made for Theano", () => {
  it("are told by their order of axes", async () => {
    expect(await refusal([modelFile("theano-vgg19.h5")])).toMatch(/Theano’s order: “block1_conv1\/block1_conv1_W_1:0” is 2 × 3 × 3 × 3, filters first.*tf_dim_ordering_tf_kernels/);
  });

  it("are told by what Keras noted beside them", async () => {
    expect(await refusal([modelFile("theano-backend-vgg19.h5")])).toMatch(/Theano beneath, which turns every window by 180°/);
  });
});

describe("an HDF5 file that is damaged or hostile", () => {
  const REFUSED: Record<string, RegExp> = {
    "hostile-cycle.h5": /more than 32 deep, or a folder that holds itself/,
    "hostile-deep.h5": /more than 32 deep/,
    "hostile-links.h5": /without tensors of numbers. It holds links \(“block1_conv1\/bias:0”, “block1_conv1\/kernel:0”, “block1_conv1\/round”\), which are not followed/,
    "hostile-virtual.h5": /puts “block1_conv1\/kernel:0” together from other files/,
    "hostile-huge.h5": /announces “block1_conv1\/kernel:0” as 3 × 3 × 1048576 × 1048576/,
    "hostile-overflow.h5": /announces “block1_conv1\/kernel:0” as 2147483648 × 2147483648 × 2147483648: more numbers than any disk holds/,
    "hostile-pieces.h5": /in pieces of 3 × 3 × 8192 × 8192, too large to be unpacked/,
    "no-tensors.h5": /is an HDF5 file without tensors of numbers/,
  };
  for (const [file, says] of Object.entries(REFUSED)) {
    it(`is refused with the reason: ${file}`, async () => {
      expect(await refusal([modelFile(file)])).toMatch(says);
    });
  }

  const UNREADABLE: Record<string, RegExp> = {
    "hostile-outside.h5": /damaged HDF5 file: the numbers of “block1_conv1\/kernel:0” cannot be read/,
    "hostile-bomb.h5": /damaged HDF5 file: the numbers of “block1_conv1\/kernel:0” cannot be read/,
    "packed-lzf.h5": /is packed with lzf, which HDF5 does not bring along/,
  };
  for (const [file, says] of Object.entries(UNREADABLE)) {
    it(`is listed, and its numbers are refused: ${file}`, async () => {
      await opened(file, async ({ tensors }) => {
        expect(tensors.map(({ name }) => name)).toEqual(["block1_conv1/kernel:0"]);
        await expect(tensors[0].read()).rejects.toThrow(says);
      });
    });
  }

  it("does not make the library's memory grow by what it unpacks to", async () => {
    await opened("hostile-bomb.h5", ({ tensors }) => tensors[0].read().catch(() => null));
    const library = await (await import("h5wasm")).ready;
    expect(library.HEAPU8.length).toBeLessThan(64 * 2 ** 20);
  });

  it("never follows a link to a file that lies beside it", async () => {
    await opened("hostile-linked-beside.h5", ({ tensors }) => expect(tensors.map(({ name }) => name)).toEqual(["block1_conv1/kernel:0"]));
  });

  it("is told to be cut off, wherever it was cut", async () => {
    const file = modelFile("keras2-vgg19-top.h5");
    const bytes = await file.read(0, file.size);
    for (const kept of [9, 40, 100, 2000, Math.floor(file.size / 2), file.size - 1]) {
      expect(await refusal([bytesSource(bytes.slice(0, kept), "vgg19.h5")])).toMatch(/“vgg19.h5” is cut off/);
    }
  });

  it("is not counted through for ever when its heap of texts is damaged", async () => {
    const file = modelFile("keras3-named-vgg19.weights.h5");
    const whole = await file.read(0, file.size);
    const heap = [...whole.keys()].find((at) => String.fromCharCode(...whole.subarray(at, at + 4)) === "GCOL")!;
    // lengths of the first text: none, so long that the count wraps around, beyond the heap
    for (const [place, length] of [[8, 0n], [8, 15n], [24, 2n ** 64n - 16n], [24, 2n ** 32n - 16n], [24, 5000n]] as const) {
      const damaged = whole.slice();
      new DataView(damaged.buffer).setBigUint64(heap + place, length, true);
      expect(await refusal([bytesSource(damaged, "vgg19.weights.h5")])).toMatch(/is a damaged HDF5 file/);
    }
    // the free rest, index 0, has no length: the library would stay there
    const damaged = whole.slice();
    new DataView(damaged.buffer).setUint16(heap + 16, 0, true);
    new DataView(damaged.buffer).setBigUint64(heap + 24, 0n, true);
    expect(await refusal([bytesSource(damaged, "vgg19.weights.h5")])).toMatch(/is a damaged HDF5 file/);
  });

  it("leaves nothing behind: the next file is read as if it were the first", async () => {
    await refusal([modelFile("hostile-cycle.h5")]);
    await opened("keras1-vgg19-notop.h5", async (archive) => expect(await read(archive, "block1_conv1/block1_conv1_b_1:0")).toEqual(numbers.get("block1_conv1.bias")!.values));
  });
});
