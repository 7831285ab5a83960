import { describe, expect, it } from "vitest";
import { parseModelCard } from "../../src/nst/card";
import { alexnetLayers } from "../../src/nst/alexnet";
import { squeezenetLayers } from "../../src/nst/squeezenet";
import { vggLayers } from "../../src/nst/vgg";
import type { WeightArchive } from "../../src/models/archive";
import { recognise } from "../../src/models/recognise";
import { slim } from "../support/fixtures";
import { memoryArchive, tensorsOf, torchAlexnet, torchSqueezenet, torchVgg, type MemoryTensor } from "../support/memory-archives";

const WIDTHS = [64, 128, 256, 512, 512];
const CAFFE_BGR = { channels: "BGR", range: [0, 255], mean: [103.939, 116.779, 123.68], scale: 1 };
const TORCHVISION = { channels: "RGB", range: [0, 1], mean: [0.485, 0.456, 0.406], scale: [1 / 0.229, 1 / 0.224, 1 / 0.225] };

const keras = (pattern: (name: string) => [string, string], depth: 16 | 19 = 19) => tensorsOf(vggLayers(depth), pattern, "HWIO");
const h5 = (tensors: Record<string, MemoryTensor>, name = "vgg19.h5") => memoryArchive(tensors, { format: "hdf5", name });
const why = (archive: WeightArchive): string => {
  try {
    recognise(archive);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was recognised");
};

describe("names of PyTorch", () => {
  it.each([11, 13, 16, 19] as const)("VGG-%i is told by the places of its convolutions, its classifier is left out", (depth) => {
    const found = recognise(memoryArchive(torchVgg(depth), { name: `vgg${depth}.pth` }));
    expect(found).toMatchObject({ architecture: `vgg${depth}`, id: `vgg${depth}`, title: `VGG-${depth} (torchvision)`, licence: "BSD-3-Clause" });
    expect(found.card.layers).toEqual(vggLayers(depth, WIDTHS));
    expect(found.card.input).toEqual(TORCHVISION);
    expect(found.card.weights).toEqual({ file: "weights.safetensors", kernelLayout: "OIHW", dtype: "F32" });
    expect(found.ignored).toHaveLength(6);
    expect(found.layers[0]).toEqual({ layer: "block1_conv1", kernel: "features.0.weight", bias: "features.0.bias" });
    expect(found.inputFrom).toContain("torchvision");
  });

  it.each([11, 13, 16, 19] as const)("VGG-%i with batch normalisation names what is folded into each convolution", (depth) => {
    const found = recognise(memoryArchive(torchVgg(depth, { normalised: true })));
    expect(found).toMatchObject({ architecture: `vgg${depth}`, id: `vgg${depth}-bn`, title: `VGG-${depth} with batch normalisation (torchvision)` });
    expect(found.layers[0].norm).toEqual({ gamma: "features.1.weight", beta: "features.1.bias", mean: "features.1.running_mean", variance: "features.1.running_var", epsilon: 1e-5 });
    expect(found.layers.every(({ norm }) => norm)).toBe(true);
    // counters of batches, and the classifier
    expect(found.ignored).toHaveLength(found.layers.length + 6);
    expect(found.card.weights.dtype).toBe("F32");
  });

  it.each(["", "module.features.", "model.features.", "state_dict.module.features.", "net.", "vgg.features."])("a prefix such as “%s” does not matter", (prefix) => {
    expect(recognise(memoryArchive(torchVgg(19, { prefix })))).toMatchObject({ architecture: "vgg19" });
  });

  it("numbers are kept by the slices that perceptual losses cut VGG-16 into", () => {
    const slices = [[0, 2], [5, 7], [10, 12, 14], [17, 19, 21], [24, 26, 28]];
    const tensors = Object.fromEntries(Object.entries(torchVgg(16, { prefix: "" })).map(([name, tensor]) => {
      const place = Number(name.split(".")[0]);
      return [`net.slice${slices.findIndex((slice) => slice.includes(place)) + 1}.${name}`, tensor];
    }));
    expect(recognise(memoryArchive(tensors))).toMatchObject({ architecture: "vgg16" });
  });

  it("timm's own layers behind the convolutions are left out, and name it", () => {
    const { "classifier.0.weight": _, ...tensors } = torchVgg(19);
    const found = recognise(memoryArchive({ ...tensors, "pre_logits.fc1.weight": { shape: [4096, 512, 7, 7] }, "pre_logits.fc1.bias": { shape: [4096] }, "head.fc.weight": { shape: [1000, 4096] } }, { format: "safetensors", name: "model.safetensors", metadata: { format: "pt" } }));
    expect(found).toMatchObject({ architecture: "vgg19", id: "vgg19", licence: "BSD-3-Clause" });
    expect(found.ignored).toContain("pre_logits.fc1.weight");
    expect(found.inputFrom).toContain("timm");
    expect(found.card.input).toEqual(TORCHVISION);
  });

  it("SqueezeNet 1.0 and 1.1 are told apart", () => {
    for (const version of ["1.0", "1.1"] as const) {
      const found = recognise(memoryArchive(torchSqueezenet(version)));
      expect(found).toMatchObject({ architecture: `squeezenet${version.replace(".", "_")}`, title: `SqueezeNet ${version} (torchvision)` });
      expect(found.card.layers).toEqual(squeezenetLayers(version));
      expect(found.ignored).toEqual(["classifier.1.weight", "classifier.1.bias"]);
      // the Caffe release goes by the same names
      expect(found.inputFrom).toContain("sanity test");
    }
  });

  it("AlexNet as torchvision has it is taken", () => {
    const found = recognise(memoryArchive(torchAlexnet()));
    expect(found).toMatchObject({ architecture: "alexnet", title: "AlexNet (torchvision)" });
    expect(found.card.layers).toEqual(alexnetLayers());
    expect(found.card.input).toEqual(TORCHVISION);
  });

  it("an exponential average beside the network is ignored, the first of both is taken", () => {
    const found = recognise(memoryArchive({ ...torchVgg(11, { prefix: "model.features." }), ...torchVgg(11, { prefix: "ema.features." }) }));
    expect(found.layers[3].kernel).toBe("model.features.8.weight");
    expect(found.ignored).toHaveLength(16);
  });

  it("halves stay halves when all kernels are", () => {
    const halves = Object.fromEntries(Object.entries(torchVgg(11)).map(([name, tensor]) => [name, { ...tensor, format: "F16" as const }]));
    expect(recognise(memoryArchive(halves)).card.weights.dtype).toBe("F16");
    expect(recognise(memoryArchive({ ...halves, "features.3.weight": { ...halves["features.3.weight"], format: "F32" } })).card.weights.dtype).toBe("F32");
  });
});

describe("names of Keras and TensorFlow", () => {
  const layouts: [string, (name: string) => [string, string]][] = [
    ["Keras 1", (name) => [`${name}/${name}_W_1:0`, `${name}/${name}_b_1:0`]],
    ["Keras 2", (name) => [`${name}/${name}/kernel:0`, `${name}/${name}/bias:0`]],
    ["a full model", (name) => [`model_weights/${name}/${name}/kernel:0`, `model_weights/${name}/${name}/bias:0`]],
    ["Keras 3", (name) => [`layers/${name}/vars/0`, `layers/${name}/vars/1`]],
    ["Keras 2.12", (name) => [`_layer_checkpoint_dependencies/${name}/vars/0`, `_layer_checkpoint_dependencies/${name}/vars/1`]],
    ["a model inside a model", (name) => [`layers/functional/layers/${name}/vars/0`, `layers/functional/layers/${name}/vars/1`]],
  ];
  it.each(layouts)("the layout of %s is read, BGR minus the mean", (_, names) => {
    const found = recognise(h5({ ...keras(names), "predictions/predictions/kernel:0": { shape: [4096, 1000] } }));
    expect(found).toMatchObject({ architecture: "vgg19", id: "vgg19-keras", title: "VGG-19 (Keras)", ignored: ["predictions/predictions/kernel:0"] });
    expect(found.card.layers).toEqual(vggLayers(19));
    expect(found.card.input).toEqual(CAFFE_BGR);
    expect(found.card.weights.kernelLayout).toBe("HWIO");
    expect(found.inputFrom).toContain("Keras");
    expect(found.licence).toContain("CC BY 4.0");
  });

  it("VGG-16 is told from VGG-19 by the convolutions that it has", () => {
    expect(recognise(h5(keras((name) => [`${name}/${name}/kernel:0`, `${name}/${name}/bias:0`], 16)))).toMatchObject({ architecture: "vgg16", id: "vgg16-keras" });
  });

  it("convolutions that Keras 3 has numbered are put in their order, not in the file's", () => {
    let i = 0;
    const tensors = keras(() => {
      const layer = i === 0 ? "conv2d" : `conv2d_${i}`;
      i++;
      return [`layers/${layer}/vars/0`, `layers/${layer}/vars/1`];
    });
    // HDF5 lists by name: conv2d_10 stands before conv2d_2
    const found = recognise(h5(Object.fromEntries(Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1)))));
    expect(found).toMatchObject({ architecture: "vgg19", id: "vgg19-keras" });
    expect(found.layers.map(({ kernel }) => kernel).slice(9, 12)).toEqual(["layers/conv2d_9/vars/0", "layers/conv2d_10/vars/0", "layers/conv2d_11/vars/0"]);
  });

  it("a Keras network with batch normalisation is folded with Keras' ε", () => {
    const layers = vggLayers(11);
    const norms = Object.fromEntries(layers.filter((layer) => layer.kind === "conv").flatMap((layer, i) => ["gamma", "beta", "moving_mean", "moving_variance"].map((part) => [`batch_normalization${i ? `_${i}` : ""}/${part}:0`, { shape: [layer.channels] }])));
    let i = 0;
    const convs = tensorsOf(layers, () => { const layer = i ? `conv2d_${i}` : "conv2d"; i++; return [`${layer}/kernel:0`, `${layer}/bias:0`]; }, "HWIO");
    const found = recognise(h5({ ...convs, ...norms }));
    expect(found.layers[2].norm).toEqual({ gamma: "batch_normalization_2/gamma:0", beta: "batch_normalization_2/beta:0", mean: "batch_normalization_2/moving_mean:0", variance: "batch_normalization_2/moving_variance:0", epsilon: 1e-3 });
  });

  it("models of TensorFlow.js go by the layers' names, or by the operations that read them", () => {
    for (const names of [(name: string): [string, string] => [`${name}/kernel`, `${name}/bias`], (name: string): [string, string] => [`StatefulPartitionedCall/vgg19/${name}/Conv2D/ReadVariableOp`, `StatefulPartitionedCall/vgg19/${name}/BiasAdd/ReadVariableOp`]])
      expect(recognise(memoryArchive(keras(names), { format: "tfjs", name: "model.json" }))).toMatchObject({ architecture: "vgg19", card: { input: CAFFE_BGR } });
  });

  it("kernels in Theano's order are refused, because they may be turned round", () => {
    const message = why(h5(tensorsOf(vggLayers(19), (name) => [`${name}/${name}_W`, `${name}/${name}_b`], "OIHW"), "vgg19_weights_th_dim_ordering_th_kernels.h5"));
    expect(message).toContain("Theano’s order");
    expect(message).toContain("tf_dim_ordering");
  });
});

describe("names of Caffe", () => {
  it("Gatys' own file is taken, BGR minus the mean", () => {
    const found = recognise(memoryArchive(tensorsOf(vggLayers(19), (name) => { const caffe = name.replace(/block(\d)_conv(\d)/, "conv$1_$2"); return [`${caffe}.weight`, `${caffe}.bias`]; }), { name: "vgg_conv.pth", format: "pytorch-legacy" }));
    expect(found).toMatchObject({ architecture: "vgg19", id: "vgg19-caffe", title: "VGG-19 (Caffe)" });
    expect(found.card.input).toEqual(CAFFE_BGR);
    expect(found.inputFrom).toContain("Caffe");
  });

  it("SqueezeNet goes by fire2/squeeze1x1 there", () => {
    const found = recognise(memoryArchive(tensorsOf(squeezenetLayers("1.1"), (name) => { const caffe = name.replace("_squeeze", "/squeeze1x1").replace("_expand", "/expand"); return [`${caffe}.weight`, `${caffe}.bias`]; })));
    expect(found).toMatchObject({ architecture: "squeezenet1_1", id: "squeezenet1_1-caffe", licence: "BSD-2-Clause" });
    expect(found.card.input).toEqual(CAFFE_BGR);
  });
});

describe("the preprocessing", () => {
  it.each([
    ["vgg19-dcbb9e9d.pth", TORCHVISION, "torchvision’s own file"],
    ["vgg19-d01eb7cb.pth", CAFFE_BGR, "Caffe"],
    ["vgg19-caffe.pth", CAFFE_BGR, "Caffe"],
  ])("%s says by its name what it reads", (name, input, words) => {
    const found = recognise(memoryArchive(torchVgg(19), { name }));
    expect(found.card.input).toEqual(input);
    expect(found.inputFrom).toContain(words);
  });

  it("amdegroot's features for SSD are Caffe's numbers in RGB", () => {
    const found = recognise(memoryArchive(torchVgg(16), { name: "vgg16_features-amdegroot-88682ab5.pth" }));
    expect(found.card.input).toMatchObject({ channels: "RGB", range: [0, 255], scale: 1 });
  });

  it("is what the file's own words say, when they say all of it", () => {
    const metadata = { input: "RGB, 0..255, minus mean (123,117,104), no scaling", license: "BSD-2-Clause" };
    const found = recognise(memoryArchive(torchSqueezenet("1.1"), { format: "safetensors", name: "squeezenet1_1.safetensors", metadata }));
    expect(found.card.input).toEqual({ channels: "RGB", range: [0, 255], mean: [123, 117, 104], scale: 1 });
    expect(found.inputFrom).toContain(metadata.input);
    expect(found).toMatchObject({ licence: "BSD-2-Clause", id: "squeezenet1_1", title: "SqueezeNet 1.1" });
    const normalised = recognise(memoryArchive(torchVgg(11), { metadata: { input: "BGR 0-1, mean [0.1, 0.2, 0.3], std [0.5, 0.25, 0.5]" } }));
    expect(normalised.card.input).toEqual({ channels: "BGR", range: [0, 1], mean: [0.1, 0.2, 0.3], scale: [2, 4, 2] });
  });

  it("is not read from words that leave something open", () => {
    for (const input of ["RGB", "RGB, 0..255, minus the ImageNet mean", "0..255, minus mean (123,117,104)", "RGB 0..1, mean (0.4, 0.4, 0.4), std (0, 0, 0)"])
      expect(recognise(memoryArchive(torchVgg(19), { metadata: { input } })).card.input).toEqual(TORCHVISION);
  });

  it("is certain for Keras' own file, and a changed one of the same length is said to be", () => {
    const archive = h5(keras((name) => [`${name}/${name}_W_1:0`, `${name}/${name}_b_1:0`]));
    const known = { title: "Keras’ VGG-19 without top", input: "caffe-bgr" as const, licence: "CC BY 4.0", intact: true };
    expect(recognise(archive, known).inputFrom).toBe("Its MD5 is that of Keras’ VGG-19 without top.");
    expect(recognise(archive, { ...known, intact: false }).inputFrom).toContain("changed, or damaged");
  });

  it("of Caffe's VGG comes with settings for activations of its size", () => {
    const { defaults: torch } = recognise(memoryArchive(torchVgg(19))).card;
    const { defaults: caffe } = recognise(memoryArchive(torchVgg(19), { name: "vgg19-d01eb7cb.pth" })).card;
    expect(caffe.alphaTimesM / torch.alphaTimesM).toBeCloseTo(3000, 6);
    expect({ ...caffe, alphaTimesM: 0, totalVariation: 0 }).toEqual({ ...torch, alphaTimesM: 0, totalVariation: 0 });
  });
});

describe("thin networks", () => {
  it("VGG with fewer filters is VGG of that width", () => {
    const found = recognise(memoryArchive(torchVgg(19, { widths: [16, 32, 64, 128, 128] })));
    expect(found).toMatchObject({ architecture: "vgg19", id: "vgg19-thin", title: "VGG-19 with 16, 32, 64, 128, 128 filters", licence: "not stated in the file" });
    expect(found.card.input).toEqual(TORCHVISION);
    expect(found.inputFrom).toContain("so this is a guess");
    expect(found.card.layers).toEqual(vggLayers(19, [16, 32, 64, 128, 128]));
  });

  it("the embedded network is recognised without its card", () => {
    const { card, weights } = slim();
    const found = recognise(memoryArchive(Object.fromEntries([...weights].map(([name, { shape }]) => [name, { shape, format: "F16" as const }])), { format: "safetensors", name: "weights.safetensors" }));
    expect(found.card.layers).toEqual(card.layers);
    expect(found.card.input).toEqual(card.input);
    expect(found.card.defaults).toEqual(card.defaults);
    expect(found.card.weights).toEqual({ file: "weights.safetensors", kernelLayout: "HWIO", dtype: "F16" });
  });
});

describe("files that this workbench has written", () => {
  const { card, weights } = slim();
  const tensors = Object.fromEntries([...weights].map(([name, { shape }]) => [name, { shape, format: "F16" as const }]));
  const own = (change: (card: typeof import("../../public/models/vgg19-slim/model.json")) => unknown = (x) => x, held: Record<string, MemoryTensor> = tensors) =>
    memoryArchive(held, { format: "safetensors", metadata: { "nst.card": JSON.stringify(change(structuredClone(card) as never)) } });

  it("bring their card along", () => {
    const found = recognise(own());
    expect(found).toMatchObject({ architecture: "own", id: "vgg19-slim", title: card.title, licence: card.credits["licence"] });
    expect(found.card).toEqual({ ...card, weights: { file: "weights.safetensors", kernelLayout: "HWIO", dtype: "F16" } });
    expect(found.ignored).toEqual([]);
  });

  it("are refused when card and tensors do not belong together", () => {
    const { "block3_conv2.kernel": _, ...without } = tensors;
    expect(why(own(undefined, without))).toContain("the kernel of block3_conv2 is missing");
    expect(why(own((c) => ({ ...c, layers: c.layers.map((l) => (l.name === "block2_conv1" ? { ...l, channels: 33 } : l)) })))).toContain("block2_conv1 (“block2_conv1.kernel”) has the shape 3×3×16×32 where 3×3×16×33 is needed");
    expect(why(own((c) => ({ ...c, input: { ...c.input, channels: "XYZ" } })))).toContain('"input.channels"');
    expect(why(memoryArchive(tensors, { metadata: { "nst.card": "{" } }))).toContain("not JSON");
  });

  it("from strangers get an id that can be part of an address, and no endless title", () => {
    const { id, title, card: read } = recognise(own((c) => ({ ...c, id: "../../Évil id/..", title: "x".repeat(9999), credits: { licence: 7 } })));
    expect(id).toMatch(/^[a-z0-9][a-z0-9._-]*$/);
    expect([read.id, read.title.length]).toEqual([id, title.length]);
    expect(title.length).toBeLessThan(200);
  });

  it("of 8 bits need a scale for every kernel", () => {
    const eight = { ...tensors, "block1_conv1.kernel": { shape: [3, 3, 3, 16], format: "I8" as const } };
    expect(why(own(undefined, eight))).toContain("no scale");
    const scaled = recognise(own(undefined, { ...eight, "block1_conv1.kernel_scale": { shape: [16] } }));
    expect(scaled.layers[0]).toMatchObject({ scale: "block1_conv1.kernel_scale" });
  });
});

describe("refusals say what was found and what would be needed", () => {
  it.each([
    ["a ResNet", { "conv1.weight": [64, 3, 7, 7], "layer1.0.conv1.weight": [64, 64, 1, 1], "layer1.0.bn1.weight": [64], "fc.weight": [1000, 2048] }],
    ["a vision transformer", { cls_token: [1, 1, 768], "patch_embed.proj.weight": [768, 3, 16, 16], "blocks.0.attn.qkv.weight": [2304, 768] }],
    ["a MobileNet", { "features.0.0.weight": [32, 3, 3, 3], "features.1.conv.0.0.weight": [32, 1, 3, 3], "features.1.conv.1.weight": [16, 32, 1, 1] }],
    ["an Inception", { "Conv2d_1a_3x3.conv.weight": [32, 3, 3, 3], "Mixed_5b.branch1x1.conv.weight": [64, 192, 1, 1] }],
    ["a language model", { "model.embed_tokens.weight": [32000, 4096], "lm_head.weight": [32000, 4096] }],
    ["a diffusion model", { "model.diffusion_model.input_blocks.0.0.weight": [320, 4, 3, 3] }],
    ["a network that stylises a picture in one go", { "conv1.conv2d.weight": [32, 3, 9, 9], "in1.weight": [32], "res1.conv1.conv2d.weight": [128, 128, 3, 3], "deconv1.conv2d.weight": [64, 128, 3, 3] }],
    ["the normalised VGG of AdaIN", { "0.weight": [3, 3, 1, 1], "0.bias": [3], "2.weight": [64, 3, 3, 3], "5.weight": [64, 64, 3, 3] }],
    ["only numbers", { arr_0: [64, 3, 3, 3], arr_1: [64], arr_2: [64, 64, 3, 3] }],
    ["none of them is a convolution’s kernel", { "fc.weight": [10, 784] }],
  ] as [string, Record<string, number[]>][])("%s", (what, shapes) => {
    const message = why(memoryArchive(Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, { shape }])), { name: "stranger.pth" }));
    expect(message).toContain(what);
    expect(message).toContain(`holds ${Object.keys(shapes).length} tensor`);
    expect(message).toContain(Object.keys(shapes)[0]);
    expect(message).toContain("VGG-11, 13, 16 or 19");
  });

  it("a VGG that ends early is told which convolutions are missing", () => {
    const tensors = Object.fromEntries(Object.entries(torchVgg(19, { prefix: "features." })).filter(([name]) => !/features\.(30|32|34)|classifier/.test(name)));
    expect(why(memoryArchive(tensors))).toContain("By its names it is VGG-19, but its convolutions block5_conv2, block5_conv3 and block5_conv4 are missing");
    const early = Object.fromEntries(Object.entries(keras((name) => [`${name}/${name}/kernel:0`, `${name}/${name}/bias:0`])).filter(([name]) => !name.startsWith("block5")));
    expect(why(h5(early))).toContain("block5_conv1, block5_conv2, block5_conv3 and block5_conv4 are missing");
  });

  it("a convolution of another shape is named with both shapes", () => {
    expect(why(memoryArchive({ ...torchVgg(16), "features.7.weight": { shape: [128, 128, 5, 5] } }))).toContain("block2_conv2 (“features.7.weight”) has the shape 128×128×5×5 where 128×128×3×3 is needed");
    expect(why(memoryArchive({ ...torchVgg(16), "features.7.bias": { shape: [127] } }))).toContain("(“features.7.bias”) has the shape 127 where 128 is needed");
    expect(why(memoryArchive({ ...torchVgg(16), "features.0.weight": { shape: [64, 1, 3, 3] } }))).toContain("three colour channels");
  });

  it("batch normalisation without its running mean cannot be folded", () => {
    const { "features.4.running_mean": _, ...tensors } = torchVgg(19, { normalised: true });
    expect(why(memoryArchive(tensors))).toContain("the batch normalisation behind block1_conv2 lacks");
  });

  it("the original AlexNet is refused for its two groups", () => {
    const tensors = { ...tensorsOf(alexnetLayers([96, 256, 384, 384, 256]), (name) => [`${name}.weight`, `${name}.bias`]), "conv2.weight": { shape: [256, 48, 5, 5] } };
    expect(why(memoryArchive(tensors))).toContain("two groups");
  });

  it("SqueezeNet 1.1's first layer before the fire modules of another network is no SqueezeNet", () => {
    expect(why(memoryArchive({ ...torchSqueezenet("1.1"), "features.0.weight": { shape: [64, 3, 5, 5] } }))).toContain("SqueezeNet 1.1");
  });

  it("long lists and long names stay short in the message", () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`${"x".repeat(1000)}${i}`, { shape: [3] }]));
    const message = why(memoryArchive(many));
    expect(message.length).toBeLessThan(700);
    expect(message).toContain("5000 tensors");
  });
});

it("every card that is proposed can be read back as a model.json, and nothing was read of the numbers", () => {
  const archives = [torchVgg(19), torchVgg(16, { normalised: true }), torchSqueezenet("1.0"), torchSqueezenet("1.1"), torchAlexnet(), torchVgg(13, { widths: [4, 5, 6, 7, 8] })];
  for (const tensors of archives) {
    const { card, layers } = recognise(memoryArchive(tensors));
    expect(parseModelCard(JSON.parse(JSON.stringify(card)))).toEqual(card);
    expect(layers.map(({ layer }) => layer)).toEqual(card.layers.filter(({ kind }) => kind === "conv").map(({ name }) => name));
  }
});
