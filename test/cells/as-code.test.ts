import { describe, expect, it } from "vitest";
import { imageCode, literal, networkCode, runCode, settingsCode } from "../../src/cells/as-code-texts";
import { sourceIn } from "../../src/cells/code-text";
import { compile } from "../../src/notebook/compile";
import type { ModelCard } from "../../src/nst/model-card";
import type { TransferSettings } from "../../src/nst/settings";

const compiled = (text: string) => compile(sourceIn(text)!, "kernel");

const settings: TransferSettings = {
  pooling: "average", contentLayer: "block4_conv2", styleLayers: { block1_conv1: 0.2 }, tap: "after", alphaTimesM: 1e-4, beta: 3, totalVariation: 1,
  initialisation: { kind: "blend", noise: 0.25 }, seed: 7, size: 64, steps: 20, optimiser: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 },
};
const { tap: _, seed: __, ...rest } = settings;
const card = { defaults: { ...rest, beta: 1, initialisation: "content" } } as unknown as ModelCard;

describe("the code of a picture", () => {
  it("gives one name, and reads nothing", () => {
    const code = imageCode({ name: "content2", src: 'a "quoted" name.jpg', crop: { x: 1, y: 2, width: 30, height: 40 }, width: 48, height: 64 });
    expect(code).toContain('await nst.openPicture("a \\"quoted\\" name.jpg", {\n  crop: { x: 1, y: 2, width: 30, height: 40 },\n  width: 48,\n  height: 64,\n})');
    expect(compiled(code)).toMatchObject({ names: ["content2"], reads: [], globals: ["nst"], stream: false });
  });
});

describe("the code of a network", () => {
  it("loads it by its id", () => {
    expect(compiled(networkCode({ name: "network2", id: "vgg19-slim" }))).toMatchObject({ names: ["network2"], reads: [] });
  });
});

describe("the code of settings", () => {
  it("says only what differs from the recommendation, and evaluates to the same settings", () => {
    const code = settingsCode({ name: "settings2", network: "network", settings, card });
    expect(code).not.toContain("pooling");
    expect(compiled(code)).toMatchObject({ names: ["settings2"], reads: ["network"] });
    const value = new Function("network", `${sourceIn(code)}; return settings2`)({ card }) as TransferSettings;
    expect(value).toEqual(settings);
  });
});

describe("the code of a run", () => {
  const picture = (name: string, tensor = false) => ({ name, tensor });

  it("is a stream that is run by hand, and reads what the run reads", () => {
    const code = runCode({ name: "G2", content: picture("content"), style: picture("style"), network: "network", settings: "settings" });
    expect(code).toMatch(/^```js kernel edit manual\n/);
    const { names, reads, stream, kind } = compiled(code);
    expect({ names, stream, kind }).toEqual({ names: ["G2"], stream: true, kind: "async-generator" });
    expect([...reads].sort()).toEqual(["content", "network", "settings", "style"]);
  });

  it("reads a tensor as it is, and keeps clear of names that its own variables would hide", () => {
    const code = runCode({ name: "state", content: picture("c", true), style: picture("photo"), network: "net", settings: "s" });
    expect(code).toContain("const c_ = c.clone()");
    expect(code).toContain("const s_ = nst.pictureTensor(photo.picture)");
    expect([...compiled(code).reads].sort()).toEqual(["c", "net", "photo", "s"]);
  });

  it("can start from the style picture, whichever kind it is of", () => {
    const start = (style: { name: string; tensor: boolean }) => /initialPicture\((.*)\)\)/.exec(runCode({ name: "G", content: picture("content"), style, network: "network", settings: "settings" }))![1];
    expect(start(picture("style"))).toBe("c, settings.initialisation, settings.seed, style.picture");
    expect(start(picture("drawn", true))).toBe("c, settings.initialisation, settings.seed, { width: s.shape[1], height: s.shape[0], data: s.dataSync() }");
  });
});

describe("a literal", () => {
  it("reads back as the same data", () => {
    const value = { plain: [1, -0.5, "text"], "not a name": { nothing: null, yes: true }, empty: {} };
    expect(new Function(`return ${literal(value)}`)()).toEqual(value);
    expect(literal(value)).toContain("plain: [1, -0.5");
  });
});
