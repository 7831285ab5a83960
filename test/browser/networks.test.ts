/** Networks are brought along, looked at, changed and removed, all on the page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { NetworkValue } from "../../src/cells/network";
import type { KeptNetwork } from "../../src/models/client";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { beyondTheEdge, contrasts } from "./support/looks";
import { eventually, openNotebook, settled, unexpected } from "./support/own-notebook";

const FILES = join(import.meta.dirname, "../fixtures/models");
const at = (...names: string[]) => names.map((name) => join(FILES, name));

let browser: Browser;
let page: Page;
let errors: string[];
let dialog: Locator;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, '# A test\n\n<nst-network as="network" model="vgg19-thin" or="vgg19-slim"></nst-network>'));
  await settled(page);
  dialog = page.getByRole("dialog", { name: "Networks" });
});
afterAll(() => browser?.close());

const kept = () => page.evaluate(() => document.querySelector("nst-app")!.networks!.list()) as Promise<KeptNetwork[]>;
const find = async (id: string) => (await kept()).find((network) => network.id === id);
const value = () => page.evaluate(() => document.querySelector("nst-notebook")!.graph.value("network")) as Promise<NetworkValue>;
const cell = () => page.locator("nst-network");
const jobs = () => dialog.getByRole("list", { name: "Being brought in" });
const row = (id: string) => dialog.locator(`li[data-id="${id}"]`);

async function choose(...names: string[]): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), dialog.getByRole("button", { name: "Choose a file…" }).click()]);
  await chooser.setFiles(at(...names));
}

/** As from a folder, onto the page. */
async function drop(name: string): Promise<void> {
  await page.evaluate(
    ([name, base64]) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      document.querySelector("main")!.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    },
    [name, readFileSync(at(name)[0]).toString("base64")] as const,
  );
}

/** As people do it with a folder, which no script can make. */
async function dropFolder(target: Locator, name: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const { x, y, width, height } = (await target.boundingBox())!;
  const data = { items: [], files: at(name), dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) await cdp.send("Input.dispatchDragEvent", { type, x: x + width / 2, y: y + height / 2, data });
  await cdp.detach();
}

/** Puts the list of jobs in order. */
async function dismissAll(): Promise<void> {
  while ((await jobs().count()) > 0) await jobs().getByRole("button", { name: "Dismiss" }).first().click();
}

describe("a notebook that names a network which is not here", () => {
  it("says so, goes on with the one that it names for that, and offers to get it", async () => {
    await cell().getByText("vgg19-thin is not here. Until it is, this cell goes on with VGG-19 slim").waitFor();
    expect((await value()).id).toBe("vgg19-slim");
    expect(await cell().getByRole("button", { name: "Get VGG-19 (80.1 MB)" }).count()).toBe(1);
  });

  it("goes on with it when its file is dropped anywhere on the page: the list opens, and says how its pixels are read", async () => {
    await drop("timm-vgg19.safetensors");
    await jobs().getByText("is here.").waitFor();
    await jobs().getByText(/torchvision/i).first().waitFor();
    await eventually(async () => (await value()).base).toBe("kept:vgg19-thin/");
    await eventually(() => cell().getByText("is not here").count()).toBe(0);
  });
});

describe("a weights file", () => {
  it("of each format is brought in by choosing it, TensorFlow.js’ with its parts at once, and listed with its size", async () => {
    await dismissAll();
    const files = [["keras3-vgg19.weights.h5"], ["torch-vgg19.pth"], ["model.json", "group1-shard2of2.bin", "group1-shard1of2.bin"].map((name) => `tfjs-layers/${name}`)];
    for (const [i, names] of files.entries()) {
      await choose(...names);
      await eventually(() => jobs().getByText("is here.").count()).toBe(i + 1);
    }
    const networks = await kept();
    // TensorFlow.js' holds the very numbers of Keras', and is not kept a second time
    expect(networks.map(({ origin }) => origin).sort()).toEqual(["keras3-vgg19.weights.h5", "timm-vgg19.safetensors", "torch-vgg19.pth"]);
    expect(new Set(networks.map(({ card }) => card.input.channels))).toEqual(new Set(["RGB", "BGR"]));
    for (const { id } of networks) await row(id).getByText("kB").first().waitFor();
    // every one of them is tested by itself
    await eventually(async () => (await kept()).every(({ sanity }) => sanity)).toBe(true);
  });

  it("in a folder that is dropped is read with its parts; it is told where a folder holds none", async () => {
    await dismissAll();
    const zone = dialog.locator("nst-network-import .zone");
    await zone.scrollIntoViewIfNeeded();
    await dropFolder(zone, "tfjs-layers");
    await eventually(() => jobs().getByText("is here.").count()).toBe(1);
    expect(await jobs().innerText()).toContain("Its tensors are named as in Keras");
    await dropFolder(zone, "../../cells");
    await dialog.getByRole("alert").getByText("There is no weights file in this folder.").waitFor();
    expect((await kept()).length).toBe(3);
  });

  it("that would run code is refused with what it asked for, and one that goes in circles with what it holds; nothing of them is kept", async () => {
    await dismissAll();
    await choose("torch-system.pth");
    await jobs().getByRole("alert").getByText("posix.system").waitFor();
    await choose("hostile-cycle.h5");
    await eventually(() => jobs().getByRole("alert").count()).toBe(2);
    expect((await jobs().getByRole("alert").last().innerText())).toContain("a folder that holds itself");
    expect((await kept()).length).toBe(3);
    await dismissAll();
  });
});

describe("all about a network", () => {
  beforeAll(() => row("vgg19-thin").getByRole("button", { name: /^Details of/ }).click());

  it("tells its origin, how it reads pixels and why, what its layers answer, and its tensors with their numbers", async () => {
    for (const part of ["timm-vgg19.safetensors", "16 convolutions", "How it reads pixels", "named as in timm", "Sanity test", "Copies", "32 tensors"]) await dialog.getByText(part).first().waitFor();
    expect(await dialog.locator("nst-network-answers tbody tr").count()).toBe(16);
    await dialog.getByText("32 tensors").click();
    expect(await dialog.getByRole("region", { name: /^Tensors of/ }).getByRole("row").count()).toBe(33);
  });

  it("recommends settings that are fitted to its weights, and says so", async () => {
    await dialog.getByText("Fitted to these weights").waitFor();
    const { defaults } = (await find("vgg19-thin"))!.card;
    expect(Object.values(defaults.styleLayers).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    expect([defaults.beta, defaults.alphaTimesM]).not.toEqual([1, 1e-4]);
  });

  it("another preprocessing is explained before it is taken, reaches the cell, and is measured anew", async () => {
    const before = (await find("vgg19-thin"))!;
    await dialog.getByLabel("preprocessing").selectOption({ label: "Caffe and Keras: BGR, 0 to 255, mean subtracted" });
    await dialog.getByText("a run that you begin from now on is another one").waitFor();
    expect((await find("vgg19-thin"))!.card.input).toEqual(before.card.input);
    await dialog.getByRole("button", { name: "Read pixels so" }).click();
    await eventually(async () => (await value()).card.input.channels).toBe("BGR");
    await eventually(async () => JSON.stringify((await find("vgg19-thin"))?.sanity?.layers ?? null)).not.toMatch(/^null$/);
    const { sanity, card } = (await find("vgg19-thin"))!;
    expect(sanity!.layers[0].mean).not.toBe(before.sanity!.layers[0].mean);
    expect(card.weights.sha256).toBe(before.card.weights.sha256);
    await eventually(async () => (await find("vgg19-thin"))!.card.defaults.beta).not.toBe(before.card.defaults.beta);
  });

  it("a copy in 8 bits takes a fraction of the room, and what it costs is measured beside it", async () => {
    await dialog.getByRole("button", { name: "Make the copy: In 8 bits" }).click();
    await dialog.getByText(/pictures differ by/).waitFor();
    const [original, copy] = [(await find("vgg19-thin"))!, (await find("vgg19-thin-int8"))!];
    expect(copy).toMatchObject({ copyOf: "vgg19-thin", made: "int8", difference: { against: "vgg19-thin", steps: expect.any(Number) } });
    expect(copy.bytes).toBeLessThan(0.6 * original.bytes);
    expect(copy.difference!.picture.largest).toBeGreaterThanOrEqual(copy.difference!.picture.mean);
  });
});

describe("to the eye and the ear", () => {
  it("nothing reaches beyond a window of 390 pixels, texts stand out in both themes, and everything that can be operated has a name", async () => {
    const cdp = await page.context().newCDPSession(page);
    const look = async (what: string) => {
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate(beyondTheEdge), what).toEqual([]);
      for (const theme of ["dark", "light"] as const) {
        await page.evaluate((theme) => (document.documentElement.dataset["theme"] = theme), theme);
        await eventually(async () => (await page.evaluate(contrasts)).faint).toEqual([]);
      }
      const { nodes } = await cdp.send("Accessibility.getFullAXTree");
      const controls = ["button", "link", "textbox", "combobox", "progressbar", "region", "group", "list"];
      expect(nodes.filter(({ ignored, role, name, parentId }) => !ignored && parentId && controls.includes(role?.value) && !["list", "group"].includes(role?.value) && !name?.value?.trim()).map(({ role }) => role?.value), what).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 1000 });
    };
    await look("all about one network");
    await dialog.getByRole("button", { name: "← All networks" }).click();
    await look("the list");
  });
});

describe("a network that is removed", () => {
  it("goes, and comes back when the person says so, also after the list is closed; else its room is free", async () => {
    await row("vgg19-thin").getByRole("button", { name: /^Remove/ }).click();
    await eventually(async () => (await value()).id).toBe("vgg19-slim");
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.locator("nst-notices").getByRole("button", { name: "Bring it back" }).click();
    await eventually(async () => (await value()).base).toBe("kept:vgg19-thin/");

    await page.getByRole("button", { name: "Networks…" }).first().click();
    await row("vgg19-thin-int8").getByRole("button", { name: /^Remove/ }).click();
    const usage = () => page.evaluate(() => document.querySelector("nst-app")!.networks!.usage());
    const before = await usage();
    await dialog.getByRole("button", { name: "Delete now" }).click();
    await eventually(usage).toBeLessThan(before);
    expect((await kept()).map(({ id }) => id)).not.toContain("vgg19-thin-int8");
    await dialog.getByRole("button", { name: "Close" }).click();
  });

  it("what is kept is counted with the rest of the person's work", async () => {
    await page.getByRole("button", { name: "Storage…" }).click();
    const list = page.getByRole("dialog").getByRole("list", { name: /^Networks/ });
    await list.waitFor();
    expect(await list.getByRole("listitem").count()).toBe((await kept()).length);
    expect(unexpected(errors)).toEqual([]);
  });
});
