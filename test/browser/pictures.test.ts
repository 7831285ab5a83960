import { readFile } from "node:fs/promises";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { cropAndResize, type Rect } from "../../src/nst/resize";
import { launch } from "./support/chrome";
import { type Bytes, canvasBytes, Workbench } from "./support/workbench";

let browser: Browser;
let context: BrowserContext;
let workbench: Workbench;
let page: Page;
let content: Locator;
let style: Locator;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  context = await browser.newContext({ serviceWorkers: "block", permissions: ["clipboard-read", "clipboard-write"] });
});
afterEach(() => expect(workbench.errors).toEqual([]));
afterAll(() => browser?.close());

async function open(): Promise<void> {
  workbench = await Workbench.open(context, inject("app"));
  page = workbench.page;
  content = workbench.cell("content");
  style = workbench.cell("style");
  await workbench.size(64, 3);
}

const file = (name: string) => `test/pictures/${name}`;
/** The file picker's own input, for when the picker itself is not the matter. */
const give = (cell: Locator, name: string) => cell.locator("input[type=file]").setInputFiles(file(name));
const title = (cell: Locator) => cell.locator(".title").innerText();
/** What stands under the source picture: its name, size and what was done to it. */
const caption = async (cell: Locator) => (await cell.locator(".source figcaption").innerText()).replace(/\s+/g, " ");
/** The picture that the cell shows as the network sees it. */
const seen = (cell: Locator) => canvasBytes(cell.locator(".seen nst-pixel-canvas canvas"));

/** What the frame says that it cuts out. */
async function frame(cell: Locator): Promise<Rect> {
  const text = (await cell.locator("nst-crop-frame .frame").getAttribute("aria-label"))!;
  const [width, height, x, y] = /^(\d+) × (\d+) pixels at (\d+), (\d+)\./.exec(text)!.slice(1).map(Number);
  return { x, y, width, height };
}

/** All pixels of a sample, as this browser decodes it. */
async function sample(name: string): Promise<Bytes> {
  const { width, height, base64 } = await page.evaluate(async (name) => {
    const bitmap = await createImageBitmap(await (await fetch(`samples/${name}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true })!;
    context.drawImage(bitmap, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const parts: string[] = [];
    for (let i = 0; i < data.length; i += 8192) parts.push(String.fromCharCode(...data.subarray(i, i + 8192)));
    return { width, height, base64: btoa(parts.join("")) };
  }, name);
  return { width, height, rgba: Buffer.from(base64, "base64") };
}

/** A part of a picture at another size, as bytes, worked out here and not in the page. */
function expected({ width, height, rgba }: Bytes, rect: Rect, toWidth: number, toHeight: number): Bytes {
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) data[3 * i + c] = rgba[4 * i + c] / 255;
  const small = cropAndResize({ width, height, data }, rect, toWidth, toHeight);
  const bytes = new Uint8ClampedArray(toWidth * toHeight * 4).fill(255);
  for (let i = 0; i < toWidth * toHeight; i++) for (let c = 0; c < 3; c++) bytes[4 * i + c] = small.data[3 * i + c] * 255;
  return { width: toWidth, height: toHeight, rgba: Buffer.from(bytes.buffer) };
}

const largestSquare = ({ width, height }: { width: number; height: number }): Rect => {
  const side = Math.min(width, height);
  return { x: Math.floor((width - side) / 2), y: Math.floor((height - side) / 2), width: side, height: side };
};

const isShown = (cell: Locator, bytes: Bytes) => expect.poll(async () => {
  const now = await seen(cell);
  return now.width === bytes.width && now.height === bytes.height && now.rgba.equals(bytes.rgba);
}).toBe(true);

/** Colours in the middle of the four quarters. */
async function quarters(cell: Locator): Promise<number[][]> {
  const { width, height, rgba } = await seen(cell);
  return [[1, 1], [3, 1], [1, 3], [3, 3]].map(([x, y]) => {
    const at = 4 * (Math.floor((y * height) / 4) * width + Math.floor((x * width) / 4));
    return [...rgba.subarray(at, at + 3)];
  });
}

const COLOURS = [[220, 30, 30], [30, 200, 60], [30, 60, 220], [230, 220, 40]];
const differ = (a: number[][], b: number[][]) => Math.max(...a.flat().map((value, i) => Math.abs(value - b.flat()[i])));

describe("a picture", () => {
  beforeEach(open);
  afterEach(() => page.close());

  it("is shown with the very pixels that the network will read: the largest square in the middle, resized", async () => {
    const pixels = await sample("neuschwanstein.jpg");
    const square = largestSquare(pixels);
    expect(await frame(content)).toEqual(square);
    await isShown(content, expected(pixels, square, 64, 64));
    expect((await workbench.picture("content")).rgba.equals((await seen(content)).rgba)).toBe(true);
    await workbench.size(150, 3);
    await isShown(content, expected(pixels, square, 150, 150));
  });

  it("is taken from the samples by a click, and by the keyboard", async () => {
    await content.getByRole("button", { name: /^Owl/ }).click();
    await expect.poll(() => title(content)).toBe("Owl");
    const owl = await sample("owl.jpg");
    await isShown(content, expected(owl, largestSquare(owl), 64, 64));
    expect(await content.getByRole("button", { name: /^Owl/ }).getAttribute("aria-pressed")).toBe("true");

    await style.getByRole("button", { name: /^The Great Wave/ }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => title(style)).toBe("Houses at Auvers, 1890");
    const houses = await sample("houses-at-auvers.jpg");
    await isShown(style, expected(houses, largestSquare(houses), 64, 64));
  });

  it("is cropped by keyboard and by mouse, and the network sees the part in the frame", async () => {
    const pixels = await sample("neuschwanstein.jpg");
    const before = await frame(content);
    const handle = content.locator("nst-crop-frame .frame");
    await handle.focus();
    for (const key of ["Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowDown"]) await page.keyboard.press(key);
    await expect.poll(() => handle.getAttribute("class")).not.toContain("moving");
    const byKeys = await frame(content);
    expect(byKeys.width).toBeLessThan(before.width);
    expect(byKeys.height).toBe(byKeys.width);
    expect(byKeys.x).toBeLessThan(before.x);
    expect(byKeys.y).toBeGreaterThan(before.y);
    await isShown(content, expected(pixels, byKeys, 64, 64));

    await handle.scrollIntoViewIfNeeded();
    const box = (await handle.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 30, box.y + box.height / 2 - 10, { steps: 3 });
    await page.mouse.up();
    const byMouse = await frame(content);
    expect(byMouse.x).toBeGreaterThan(byKeys.x);
    await isShown(content, expected(pixels, byMouse, 64, 64));

    await content.getByRole("button", { name: "Centre" }).click();
    await isShown(content, expected(pixels, before, 64, 64));
  });

  it("comes from the file picker, is dropped, and is pasted", async () => {
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), content.getByRole("button", { name: "Choose a file…" }).click()]);
    await chooser.setFiles(file("plain.png"));
    await expect.poll(() => title(content)).toBe("plain.png");
    await expect.poll(() => quarters(content)).toEqual(COLOURS);

    const dropped = await page.evaluateHandle((base64) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], "sixteen.png", { type: "image/png" }));
      return transfer;
    }, (await readFile(file("sixteen.png"))).toString("base64"));
    await content.dispatchEvent("dragenter", { dataTransfer: dropped });
    await content.dispatchEvent("drop", { dataTransfer: dropped });
    await expect.poll(() => title(content)).toBe("sixteen.png");
    expect(await content.locator(".dropping").count()).toBe(0);

    // a real paste: the clipboard of the browser and Ctrl V
    await page.evaluate(async (base64) => {
      const blob = new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], { type: "image/png" });
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
    }, (await readFile(file("plain.png"))).toString("base64"));
    await style.locator("nst-crop-frame .frame").focus();
    await page.keyboard.press("ControlOrMeta+V");
    await expect.poll(() => title(style)).toBe("pasted picture");
    await expect.poll(() => quarters(style)).toEqual(COLOURS);
    await content.getByRole("button", { name: "Paste" }).click();
    await expect.poll(() => title(content)).toBe("pasted picture");
  });

  it("may have another shape than its partner: the result has the shape of the content picture", async () => {
    await content.getByRole("combobox", { name: "Crop" }).selectOption("original");
    await style.getByRole("combobox", { name: "Size" }).selectOption("96");
    const source = await sample("neuschwanstein.jpg");
    const height = Math.round((64 * source.height) / source.width);
    expect(height).not.toBe(64);
    await isShown(content, expected(source, { x: 0, y: 0, width: source.width, height: source.height }, 64, height));
    await expect.poll(async () => (await seen(style)).width).toBe(96);
    const run = workbench.run();
    await run.start();
    const { costs } = await run.until("finished");
    expect(costs["total"].length).toBe(4);
    expect(costs["total"].every(Number.isFinite)).toBe(true);
    const { width, height: high, rgba } = await run.canvas();
    expect([width, high]).toEqual([64, height]);
    expect(rgba.equals((await workbench.picture("G")).rgba)).toBe(true);
  });
});

describe("a file that is no usable picture", () => {
  beforeAll(open);
  afterAll(() => page.close());

  const REFUSED: [string, RegExp][] = [
    ["text.jpg", /“text\.jpg” is not a picture/],
    ["page.png", /“page\.png” is a web page, not a picture/],
    ["drawing.svg", /“drawing\.svg” is an SVG drawing.*Export it as PNG/],
    ["photo.tiff", /“photo\.tiff” is a TIFF.*Export it as JPEG or PNG/],
    ["empty.jpg", /“empty\.jpg” is empty \(0 bytes\)/],
    ["truncated.jpg", /“truncated\.jpg” \(JPEG, 64 × 64 pixels\) is cut off/],
    ["truncated.png", /“truncated\.png” \(PNG, \d+ × \d+ pixels\) is cut off/],
    ["truncated-header.jpg", /“truncated-header\.jpg” is cut off/],
    ["damaged.png", /“damaged\.png” could not be decoded: the file is damaged/],
    ["lying-header.png", /“lying-header\.png”/],
    ["one-pixel.png", /“one-pixel\.png” has 1 × 1 pixels, too small/],
    ["100-megapixel.png", /“100-megapixel\.png” has \d+ × \d+ pixels, \d+ megapixels; the limit is 64/],
  ];

  it("is named with what is wrong and what to do; the former picture stays, and a run can be started", async () => {
    const before = await seen(content);
    for (const [name, message] of REFUSED) {
      await give(content, name);
      const alert = content.getByRole("alert");
      await expect.poll(() => alert.textContent().catch(() => ""), { message: name }).toMatch(message);
      expect([name, await title(content), (await seen(content)).rgba.equals(before.rgba)]).toEqual([name, "Neuschwanstein castle", true]);
    }
    await content.getByRole("button", { name: "Dismiss the message" }).click();
    expect(await content.getByRole("alert").count()).toBe(0);
    await give(content, "text.jpg");
    await content.getByRole("alert").waitFor();
    const run = workbench.run();
    await run.start();
    expect((await run.until("finished")).step).toBe(3);
    // a good choice takes the message away
    await give(content, "plain.jpg");
    await expect.poll(() => title(content)).toBe("plain.jpg");
    expect(await content.getByRole("alert").count()).toBe(0);
  });

  it("of a hundred megapixels is answered from its header, at once and without being decoded", async () => {
    const workers = await workbench.workers();
    for (const worker of workers) {
      await worker.evaluate(() => {
        const { createImageBitmap: decode } = self;
        Object.assign(self, { decoded: 0, createImageBitmap: (...args: Parameters<typeof decode>) => (Object.assign(self, { decoded: (self as unknown as { decoded: number }).decoded + 1 }), decode(...args)) });
      });
    }
    const decoded = async () => (await Promise.all(workers.map((worker) => worker.evaluate(() => (self as unknown as { decoded: number }).decoded)))).reduce((a, b) => a + b);
    const begun = performance.now();
    await give(content, "100-megapixel.png");
    await content.getByRole("alert").getByText("megapixels").waitFor();
    expect(performance.now() - begun).toBeLessThan(3000);
    expect(await decoded()).toBe(0);
    // that the count can be other than 0
    await give(content, "plain.png");
    await expect.poll(() => title(content)).toBe("plain.png");
    expect(await decoded()).toBeGreaterThan(0);
  });
});

describe("an odd picture file", () => {
  beforeAll(open);
  afterAll(() => page.close());

  const ODD: { name: string; colours?: number[][]; within: number; note?: RegExp; size?: string }[] = [
    { name: "plain.jpg", within: 3 },
    { name: "plain.gif", within: 0 },
    { name: "lossless.webp", within: 0 },
    { name: "plain.avif", within: 3 },
    { name: "really-a-png.jpg", within: 0 },
    { name: "animated.gif", within: 0, note: /first frame of an animation/ },
    { name: "animated.webp", within: 3, note: /first frame of an animation/ },
    ...[2, 3, 4, 5, 6, 7, 8].map((n) => ({ name: `exif-${n}.jpg`, within: 3, size: "48 × 32" })),
    { name: "exif-6.png", within: 0, size: "48 × 32" },
    { name: "grey.jpg", within: 3, colours: grey() },
    { name: "grey.png", within: 2, colours: grey() },
    { name: "grey-16.png", within: 2, colours: grey(), note: /16 bits a channel became 8/ },
    { name: "rgb-16.png", within: 1, note: /16 bits a channel became 8/ },
    { name: "cmyk.jpg", within: 4, note: /CMYK inks became RGB/ },
    { name: "transparent.png", within: 1, colours: [COLOURS[0], COLOURS[1], [142, 157, 237], [255, 255, 255]], note: /transparent parts became white/ },
    { name: "transparent-palette.png", within: 1, colours: [...COLOURS.slice(0, 3), [255, 255, 255]], note: /transparent parts became white/ },
    { name: "exchanged-profile.png", within: 8, colours: COLOURS.map(([r, g, b]) => [g, r, b]) },
  ];

  /** Luma of the four colours, as the script that made the files had it (ITU-R 601). */
  function grey(): number[][] {
    return COLOURS.map(([r, g, b]) => Array<number>(3).fill(Math.round(0.299 * r + 0.587 * g + 0.114 * b)));
  }

  it("becomes the picture that its owner sees, upright, with a note where something was lost", async () => {
    for (const { name, colours = COLOURS, within, note, size } of ODD) {
      await give(style, name);
      await expect.poll(() => title(style), { message: name }).toBe(name);
      await expect.poll(async () => differ(await quarters(style), colours), { message: `${name} is off by` }).toBeLessThanOrEqual(within);
      const text = await caption(style);
      if (note) expect(text).toMatch(note);
      else expect([name, await style.locator(".noted").count() - Number(await style.locator(".seen .noted").count())]).toEqual([name, 0]);
      if (size) expect(text).toContain(size);
      expect(await style.getByRole("alert").count()).toBe(0);
    }
    const run = workbench.run();
    await run.start();
    const { costs } = await run.until("finished");
    expect(costs["total"].every(Number.isFinite)).toBe(true);
  });

  it("that is very large is kept smaller, and says so", async () => {
    await give(style, "63-megapixel.png");
    await expect.poll(() => title(style), { timeout: 30_000 }).toBe("63-megapixel.png");
    expect(await caption(style)).toMatch(/8000 × 7900 · kept at 2048 × 2022/);
    await expect.poll(async () => differ(await quarters(style), [[255, 255, 255], [255, 255, 255], [0, 0, 0], [0, 0, 0]])).toBeLessThanOrEqual(1);
  });
});
