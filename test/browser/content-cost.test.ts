/** The content cost taken apart, as a person has it before them, compared with the features that it was computed from. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ContentCostValue } from "../../src/cells/content-cost-sums";
import type { FeatureMaps } from "../../src/nst/feature-maps";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openNotebook, unexpected } from "./support/own-notebook";
import { calmest, mainThreadTasks } from "./support/trace";
import { canvasBytes } from "./support/workbench";

const NOTEBOOK = `# A test

<nst-network as="network"></nst-network>

<nst-image as="content" src="owl.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-features as="FC" of="content" layer="conv2_1" unit="false"></nst-features>
<nst-features as="FS" of="style" layer="conv2_1" unit="false"></nst-features>

Text between cells, so that the next has a line of its own.

<nst-content-cost as="cost" of="FC FS"></nst-content-cost>

<nst-features as="deeper" of="style" layer="conv3_1" unit="false"></nst-features>
<nst-image as="large" src="great-wave.jpg" size="96"></nst-image>
<nst-features as="larger" of="large" layer="conv2_1" unit="false"></nst-features>

<nst-content-cost as="unlike" of="FC deeper"></nst-content-cost>
<nst-content-cost as="uneven" of="FC larger"></nst-content-cost>
<nst-content-cost as="same" of="FC FC"></nst-content-cost>

<nst-settings as="settings" size="64" steps="4"></nst-settings>
<nst-run as="G" of="content style"></nst-run>
<nst-features as="FG" of="G" layer="conv2_1" unit="false"></nst-features>

<nst-content-cost as="paid" of="FC FG"></nst-content-cost>
`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK, { height: 900 }));
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (name: string): Locator => page.locator(`[as="${name}"]`);
const view = (name = "cost"): Locator => cell(name).locator("nst-content-cost-view");
const words = async (locator: Locator) => (await locator.innerText()).replace(/[\s\u2009]+/g, " ").trim();
/** A number as it is shown: with a real minus, thousands set apart. */
const number = (text: string) => Number(text.replaceAll("−", "-").replace(/[\s\u2009]/g, ""));

async function maps(name: string): Promise<FeatureMaps> {
  const found = await page.evaluate(async (name) => {
    const { layer, height, width, channels, data } = (await document.querySelector("nst-notebook")!.graph.value(name)) as FeatureMaps;
    return { layer, height, width, channels, data: [...data] };
  }, name);
  return { ...found, data: Float32Array.from(found.data) };
}

async function cost(name: string): Promise<ContentCostValue> {
  const found = await page.evaluate(async (name) => {
    const value = (await document.querySelector("nst-notebook")!.graph.value(name)) as ContentCostValue;
    return { ...value, perPosition: [...value.perPosition], perChannel: [...value.perChannel] };
  }, name);
  return { ...found, perPosition: Float32Array.from(found.perPosition), perChannel: Float32Array.from(found.perChannel) };
}

/** Into view, computed and drawn. */
async function show(name: string): Promise<void> {
  await cell(name).scrollIntoViewIfNeeded();
  await view(name).waitFor();
}

describe("a content cost", () => {
  it("is half the sum of the squared differences, and so it stands in the formula", async () => {
    await show("cost");
    const [P, F, value] = [await maps("FC"), await maps("FS"), await cost("cost")];
    expect([P.height, P.width, P.channels]).toEqual([32, 32, 32]);
    let sum = 0;
    for (let i = 0; i < P.data.length; i++) sum += (F.data[i] - P.data[i]) ** 2 / 2;
    expect(sum).toBeGreaterThan(1);
    expect(Math.abs(value.cost / sum - 1)).toBeLessThan(1e-5);
    for (const parts of [value.perPosition, value.perChannel]) expect(Math.abs(parts.reduce((a, b) => a + b, 0) / sum - 1)).toBeLessThan(1e-4);

    const formula = view().locator("nst-formula");
    await formula.locator(".katex-html").waitFor();
    const said = (await formula.locator("annotation").textContent())!.replaceAll(String.raw`\,`, "");
    const [, N, M, squares, mean, J] = /sum_\{i=1\}\^\{\{(\d+)\}\} *\\sum_\{j=1\}\^\{\{(\d+)\}\}.*_\{\{(\d+)\}\\text\{ squares\}\}.*\{\{([\d.]+)\}\}_\{\\text\{mean square\}\} = \{([\d.]+)\}$/s.exec(said)!;
    expect([N, M, squares].map(Number)).toEqual([32, 1024, 32768]);
    expect(Math.abs(Number(J) / sum - 1)).toBeLessThan(1e-3);
    expect(Math.abs((Number(mean) * 32768) / 2 / sum - 1)).toBeLessThan(1e-3);
    expect(await cell("cost").locator("header .note").innerText()).toBe("conv2_1 · 32 × 32 × 32");
  });

  it("is what its code computes", async () => {
    await page.evaluate(() => {
      const { session } = document.querySelector("nst-notebook")!;
      session!.change(`${session!.text.trimEnd()}\n\n${window.asCode(document.querySelector('[as="cost"]')!)}\n`, "show as code");
    });
    const code = await page.evaluate(() => document.querySelector("nst-notebook")!.graph.value("cost2"));
    expect(Math.abs((code as number) / (await cost("cost")).cost - 1)).toBeLessThan(1e-5);
  });

  it("lists the terms of the position that is pointed at, and their sum is what the position adds", async () => {
    await show("cost");
    const [P, F, value] = [await maps("FC"), await maps("FS"), await cost("cost")];
    const canvas = view().locator("nst-map-over-picture nst-pixel-canvas.over canvas");
    await canvas.scrollIntoViewIfNeeded();
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + (box.width * 11.5) / 32, box.y + (box.height * 20.5) / 32);
    await expect.poll(() => words(view().locator(".here"))).toMatch(/^Row 20, column 11: /);
    const at = 20 * 32 + 11;
    const [, here, share] = /: ([\d.e−]+), ([\d.e−]+) % of the cost$/.exec(await words(view().locator(".here")))!;
    expect(Math.abs(number(here) / value.perPosition[at] - 1)).toBeLessThan(1e-3);
    expect(Math.abs(number(share) / ((100 * value.perPosition[at]) / value.cost) - 1)).toBeLessThan(1e-2);

    const rows = await view().locator(".position tr").allInnerTexts();
    let sum = 0;
    for (const row of rows.slice(0, -1)) {
      const [, channel, f, p, term] = /channel (\d+)\s+½ \(([\d.e−]+) − ([\d.e−]+)\)²\s+= ([\d.e−]+)/.exec(row)!;
      expect(Math.abs(number(f) - F.data[at * 32 + Number(channel)])).toBeLessThan(1e-3);
      expect(Math.abs(number(p) - P.data[at * 32 + Number(channel)])).toBeLessThan(1e-3);
      expect(Math.abs(number(term) / ((F.data[at * 32 + Number(channel)] - P.data[at * 32 + Number(channel)]) ** 2 / 2) - 1)).toBeLessThan(1e-3);
      sum += number(term);
    }
    const [, others, rest] = /(\d+) others\s+\+ ([\d.e−]+)/.exec(rows.at(-1)!)!;
    expect(rows.length - 1 + Number(others)).toBe(32);
    expect(Math.abs((sum + number(rest)) / value.perPosition[at] - 1)).toBeLessThan(2e-3);
  });

  it("stays at the position when the pointer leaves, and goes on from there by the arrow keys", async () => {
    await page.mouse.move(2, 2);
    await expect.poll(() => words(view().locator(".here"))).toMatch(/^Row 20, column 11: /);
    await view().locator("nst-map-over-picture nst-pixel-canvas.over canvas").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => words(view().locator(".here"))).toMatch(/^Row 21, column 13: /);
    expect(await words(view().locator(".term"))).toMatch(/^Channel \d+, row 21, column 13: ½ \(/);
  });

  it("orders its channels by what they add; keys, pointer and the terms choose one, whose three maps are shown", async () => {
    const [P, F, value] = [await maps("FC"), await maps("FS"), await cost("cost")];
    const order = [...value.perChannel.keys()].sort((a, b) => value.perChannel[b] - value.perChannel[a]);
    const chooser = view().getByRole("slider", { name: "channel, by what it adds to the cost" });
    const text = () => chooser.getAttribute("aria-valuetext");
    expect(await text()).toMatch(new RegExp(`^channel ${order[0]}: [\\d.]+ % of the cost, the most of all 32$`));
    await chooser.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(text).toMatch(new RegExp(`^channel ${order[1]}: [\\d.]+ % of the cost, number 2 of 32$`));
    await page.keyboard.press("End");
    await expect.poll(text).toMatch(new RegExp(`^channel ${order[31]}: `));
    const box = (await chooser.boundingBox())!;
    await page.mouse.click(box.x + (box.width * 4.5) / 32, box.y + box.height / 2);
    await expect.poll(text).toMatch(new RegExp(`^channel ${order[4]}: `));

    const button = view().locator(".position th button").first();
    const channel = Number(/\d+/.exec(await button.innerText())![0]);
    await button.click();
    await expect.poll(text).toMatch(new RegExp(`^channel ${channel}: `));
    expect(await button.getAttribute("aria-pressed")).toBe("true");

    const labels = await view().locator(".maps canvas").evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    const mean = (of: (i: number) => number) => {
      let sum = 0;
      for (let k = 0; k < 1024; k++) sum += of(k * 32 + channel);
      return sum / 1024;
    };
    const means = [mean((i) => P.data[i]), mean((i) => F.data[i]), mean((i) => (F.data[i] - P.data[i]) ** 2)];
    labels.forEach((label, i) => expect(Math.abs(number(/mean ([\d.e−]+);/.exec(label!)![1]) / means[i] - 1)).toBeLessThan(6e-3));
  });

  it("shows the positions that bring half of it, and lets the picture through everywhere else", async () => {
    const canvas = view().locator("nst-map-over-picture nst-pixel-canvas.over canvas");
    const covered = async () => {
      const { rgba } = await canvasBytes(canvas);
      return rgba.filter((_, i) => i % 4 === 3 && rgba[i] > 0).length;
    };
    expect(await covered()).toBe(1024);
    const [, half] = /Half of the cost comes from (\d+) of 1 024 positions/.exec(await words(view().locator("nst-sum-curve li").first()))!;
    const value = await cost("cost");
    expect(Number(half)).toBe(value.halfOfPositions * 1024);
    await view().getByRole("button", { name: "half of the cost" }).click();
    await expect.poll(covered).toBe(Number(half));
    await view().getByRole("button", { name: "all", exact: true }).click();
    await expect.poll(covered).toBe(1024);
  });

  it("draws how few positions and channels bring how much", async () => {
    const drawing = view().locator("nst-sum-curve .drawing");
    await expect.poll(() => drawing.locator("svg path").count()).toBeGreaterThanOrEqual(2);
    expect(await drawing.getAttribute("aria-label")).toMatch(/^Share of the cost .* Half of the cost comes from \d+ of 1\u2009024 positions, [\d.]+\s%\. Half of the cost comes from \d+ of 32 channels, /);
  });

  it("answers a pointed position on the page, within 50 ms of its main thread", async () => {
    await page.waitForTimeout(300);
    const tasks = await calmest(50, () =>
      mainThreadTasks(browser, page, async (mark) => {
        await mark();
        await view().evaluate(async (element) => {
          const canvas = element.shadowRoot!.querySelector("nst-map-over-picture")!.shadowRoot!.querySelector("nst-pixel-canvas.over")!.shadowRoot!.querySelector("canvas")!;
          const { left, top, width, height } = canvas.getBoundingClientRect();
          for (let i = 0; i < 30; i++) {
            const [x, y] = [(i * 7) % 32, (i * 5) % 32];
            canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: left + ((x + 0.5) * width) / 32, clientY: top + ((y + 0.5) * height) / 32, bubbles: true, composed: true }));
            // the next frame shows it: nobody else has to be asked
            await new Promise((resolve) => requestAnimationFrame(resolve));
            const text = element.shadowRoot!.querySelector(".here")!.textContent!;
            if (!text.includes(`Row ${y}, column ${x}:`)) throw new Error(`It should be row ${y}, column ${x}, and is: ${text}`);
          }
        });
      }),
    );
    expect(tasks.filter(({ cpu }) => cpu > 50)).toEqual([]);
  });

  it("of two pictures that are the same says that there is nothing to pay", async () => {
    await show("same");
    expect(await cost("same")).toMatchObject({ cost: 0, relative: 0 });
    expect(await words(view("same").locator(".note").first())).toBe("F and P agree in all 32 768 numbers: there is nothing to pay.");
    expect(await words(view("same").locator("nst-sum-curve li").first())).toBe("No positions differ.");
  });

  it("of features that do not fit says which they are, and what to do", async () => {
    await cell("unlike").scrollIntoViewIfNeeded();
    await expect.poll(() => cell("unlike").locator(".error").innerText()).toMatch(/^“FC” is \[32, 32, 32\] \(block2_conv1\) and “deeper” is \[16, 16, 64\] \(block3_conv1\).* Read both at the same layer\.$/);
    await expect.poll(() => cell("uneven").locator(".error").innerText()).toMatch(/“larger” is \[48, 48, 32\] .* Give both pictures the same size in pixels\.$/);
  });

  it("waits calmly for a run, and follows its growing picture", async () => {
    await cell("paid").scrollIntoViewIfNeeded();
    await expect.poll(() => words(cell("paid").locator(".view"))).toBe("“FG” has no maps yet: start the run.");
    expect(await cell("paid").locator(".error").count()).toBe(0);
    await cell("G").getByRole("button", { name: "Start", exact: true }).click();
    await cell("paid").scrollIntoViewIfNeeded();
    await view("paid").waitFor();
    await page.waitForFunction(() => document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!.state === "finished");
    await expect.poll(async () => (await cost("paid")).cost).toBeGreaterThan(0);
    const [P, F] = [await maps("FC"), await maps("FG")];
    let sum = 0;
    for (let i = 0; i < P.data.length; i++) sum += (F.data[i] - P.data[i]) ** 2 / 2;
    await expect.poll(async () => Math.abs((await cost("paid")).cost / sum - 1)).toBeLessThan(1e-5);
  });

  it("is legible on a narrow screen: nothing is wider than it", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await show("cost");
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const wide = await view().evaluate((element) => {
      const right = element.getBoundingClientRect().right;
      return [...element.shadowRoot!.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > right + 1).map((one) => `${one.localName}.${one.className}`);
    });
    expect(wide).toEqual([]);
  });
});
