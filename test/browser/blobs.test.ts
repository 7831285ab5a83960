/** The toys that can be computed in the head, as a person has them before them: blobs, and maps with the same Gram matrix. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { BlobsValue } from "../../src/cells/blobs";
import type { FeaturesValue } from "../../src/cells/features-value";
import type { SameGramValue } from "../../src/cells/same-gram";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { settled } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-blobs as="blobs"></nst-blobs>

<nst-network as="network"></nst-network>
<nst-image as="content" src="owl.jpg" size="64"></nst-image>

<nst-features as="F" of="content" layer="conv2_1" unit="false"></nst-features>

<nst-same-gram as="same" of="F" channel="3"></nst-same-gram>

<nst-same-gram as="toy"></nst-same-gram>
`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  const context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 1000 }, reducedMotion: "reduce" });
  await context.addInitScript((text) => void (window.notebookText = text), NOTEBOOK);
  ({ page, errors } = await openPage(context, `${inject("pages")}workbench.html`));
  page.setDefaultTimeout(20_000);
  await page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready");
  await page.waitForFunction(() => document.querySelector("nst-blobs")?.shadowRoot!.querySelector("nst-formula[set]"));
});
afterAll(() => browser?.close());

const value = <T>(name: string) => page.evaluate(async (name) => (await document.querySelector("nst-notebook")!.graph.value(name)) as unknown, name) as Promise<T>;

describe("the blobs", () => {
  const cell = (): Locator => page.locator("nst-blobs");
  const blob = (n: number): Locator => cell().locator(".after nst-blob-map").nth(n - 1).getByRole("button");
  const blobs = () => value<BlobsValue>("blobs");
  /** what a sighted reader reads of a formula */
  const formula = (n: number) => cell().locator("nst-formula").nth(n).locator(".katex-html").innerText().then((text) => text.replace(/\s+/g, ""));
  const gram = () => cell().locator(".after td").allInnerTexts();
  const factor = (name: string) => cell().getByRole("button", { name: `factor ${name}` });
  const reset = () => cell().getByRole("button", { name: "Put back" }).click();

  it("start where they were: both costs are 0", async () => {
    expect(await blobs()).toMatchObject({ n: 2, m: 16, gram12: 2, gram12Before: 2, gramChange: 0, contentCost: 0, styleCost: 0 });
    expect(await cell().getByRole("status").innerText()).toBe("Nothing has moved: both costs are 0.");
  });

  it("change G₁₂ with their overlap when one is moved with the arrow keys, and the formulas say it with their numbers", async () => {
    await blob(2).focus();
    await page.keyboard.press("ArrowRight");
    expect(await gram()).toEqual(["4", "0", "0", "4"]);
    expect(await blobs()).toMatchObject({ gram12: 0, gramChange: 4 / 12, contentCost: 2, styleCost: 8 / (4 * 4 * 256) });
    expect(await formula(0)).toMatch(/⋅4=2$/);
    expect(await formula(2)).toMatch(/⋅2⋅\(0−2\)2=0\.00195$/);
    expect(await cell().getByRole("status").innerText()).toBe("G₁₂ was 2 and is 0. Content cost 2, style cost 0.00195.");
    // moved on without overlap, the Gram matrix does not know
    await page.keyboard.press("ArrowUp");
    expect(await blobs()).toMatchObject({ gram12: 0, contentCost: 3, styleCost: 8 / 4096 });
    expect(await blob(2).getAttribute("aria-label")).toBe("Blob of F′₂, at row 0, column 2. Arrow keys move it.");
  });

  it("leave the Gram matrix as it was when both are dragged together, and the content cost jumps", async () => {
    await reset();
    await cell().getByRole("checkbox", { name: "move all blobs together" }).check();
    const box = (await blob(1).boundingBox())!;
    const step = box.height / 2;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + step, { steps: 3 });
    await page.mouse.up();
    expect(await gram()).toEqual(["4", "2", "2", "4"]);
    expect(await blobs()).toMatchObject({ gramChange: 0, styleCost: 0, contentCost: 4 });
    expect(await cell().getByRole("status").innerText()).toBe("G₁₂ is 2, as before. Content cost 4, style cost 0.");
    await cell().getByRole("checkbox", { name: "move all blobs together" }).uncheck();
    // a press beside the blob puts it there
    const map = (await cell().locator(".after nst-blob-map").first().boundingBox())!;
    await page.mouse.click(map.x + map.width * 0.75, map.y + map.height * 0.25);
    expect(await blob(1).getAttribute("aria-label")).toContain("at row 0, column 2");
    expect(await blobs()).toMatchObject({ gram12: 0 });
  });

  it("show what each factor does", async () => {
    await reset();
    await blob(2).focus();
    await page.keyboard.press("ArrowRight");
    const { styleCost, contentCost } = await blobs();
    await cell().getByRole("checkbox", { name: "tile every map 2 × 2" }).check();
    expect(await blobs()).toMatchObject({ m: 64, gram12: 0, gram12Before: 8, styleCost });
    await factor("1/M²").click();
    expect((await blobs()).styleCost).toBe(16 * 256 * styleCost);
    await factor("1/M²").click();
    await cell().getByRole("checkbox", { name: "tile every map 2 × 2" }).uncheck();

    await cell().getByRole("checkbox", { name: "take every map twice" }).check();
    expect(await blobs()).toMatchObject({ n: 4, styleCost });
    expect(await gram()).toHaveLength(16);
    await factor("1/N²").click();
    expect((await blobs()).styleCost).toBe(4 * 4 * styleCost);
    await factor("1/N²").click();
    await cell().getByRole("checkbox", { name: "take every map twice" }).uncheck();

    const slope = (name: string) => cell().getByRole("img", { name: new RegExp(`^Derivative of the ${name} cost by F′₂`) }).getAttribute("aria-label");
    expect(await slope("content")).toContain("−1 at row 1, column 1");
    await factor("½").click();
    expect((await blobs()).contentCost).toBe(2 * contentCost);
    expect(await slope("content")).toContain("−2 at row 1, column 1");
    expect(await cell().locator(".slope").first().innerText()).toContain("without the ½, the square leaves a factor of 2");
    await factor("½").click();
    expect(await slope("style")).toContain("−2 at row 1, column 0");
    await factor("¼").click();
    expect((await blobs()).styleCost).toBe(4 * styleCost);
    expect(await slope("style")).toContain("−8 at row 1, column 0");
    expect(await formula(2)).not.toContain("4N");
    await factor("¼").click();
    expect(await formula(2)).toContain("4N");

    await cell().getByRole("button", { name: "5 × 5" }).click();
    expect((await blobs()).styleCost / styleCost).toBeCloseTo((16 / 25) ** 2, 10);
    await cell().getByRole("button", { name: "4 × 4" }).click();
    await cell().getByRole("group", { name: "maps", exact: true }).getByRole("button", { name: "1" }).click();
    expect(await blobs()).toMatchObject({ n: 1, gram12: null, styleCost: 0 });
    await cell().getByRole("group", { name: "maps", exact: true }).getByRole("button", { name: "2" }).click();
  });

  it("fit on a narrow screen", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await cell().getByRole("group", { name: "maps", exact: true }).getByRole("button", { name: "3" }).click();
    await cell().getByRole("checkbox", { name: "take every map twice" }).check();
    expect(await tooWide(cell())).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 1000 });
  });
});

describe("maps with the same Gram matrix", () => {
  const cell = (): Locator => page.locator('[as="same"]');
  const same = () =>
    page.evaluate(async () => {
      const { graph } = document.querySelector("nst-notebook")!;
      const { maps, ...rest } = (await graph.value("same")) as SameGramValue;
      const F = (await graph.value("F")) as FeaturesValue;
      // both Gram matrices and the content cost in double precision, from the numbers that the page holds
      const [n, m] = [F.channels, F.width * F.height];
      let [difference, size, cost, negative] = [0, 0, 0, 0];
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          let [before, after] = [0, 0];
          for (let k = 0; k < m; k++) {
            before += F.data[k * n + i] * F.data[k * n + j];
            after += maps!.data[k * n + i] * maps!.data[k * n + j];
          }
          difference += Math.abs(after - before);
          size += Math.abs(before);
        }
      for (let i = 0; i < F.data.length; i++) {
        cost += (maps!.data[i] - F.data[i]) ** 2 / 2;
        negative += Number(maps!.data[i] < 0);
      }
      return { ...rest, own: { gramChange: difference / size, contentCost: cost, negative: negative / F.data.length } };
    });
  const slide = async (name: string, to: number, within = cell()) => {
    await within.getByRole("slider", { name }).evaluate((slider, to) => {
      (slider as HTMLInputElement).value = String(to);
      slider.dispatchEvent(new Event("input"));
    }, to);
    await settled(page);
  };

  it("are not alike: the content cost is large, and the Gram matrix differs by rounding alone", async () => {
    await cell().scrollIntoViewIfNeeded();
    for (const angle of [10, 45]) {
      await slide("Angle of the rotation", angle);
      const seen = await same();
      expect(seen.own.gramChange).toBeLessThan(1e-6);
      expect(seen.gramChange).toBeLessThan(1e-5);
      expect(seen.styleCost).toBeLessThan(1e-9);
      expect(seen.contentCost! / seen.own.contentCost).toBeCloseTo(1, 4);
      expect(seen.contentCost).toBeGreaterThan(100);
      expect(seen.negative).toBeCloseTo(seen.own.negative, 10);
      expect(seen.negative).toBeGreaterThan(0.01);
      expect(await cell().locator(".angle").innerText()).toBe(`${angle}°`);
    }
    await slide("Angle of the rotation", 0);
    expect(await same()).toMatchObject({ contentCost: 0, gramChange: 0, negative: 0 });
    await slide("Angle of the rotation", 30);
  });

  it("have histograms that differ, said in words too", async () => {
    const histogram = cell().locator("nst-two-histograms").nth(1);
    await expect.poll(() => histogram.locator("svg").count()).toBe(1);
    const said = (await histogram.getByRole("img").getAttribute("aria-label"))!;
    expect(said).toMatch(/^Histograms of activation of channel 3 from −[\d.]+ to [\d.]+\. F: most \([\d.]+ %\) between .* F′: most /);
    await cell().getByRole("button", { name: "The next channel" }).click();
    expect(await histogram.getByRole("img").getAttribute("aria-label")).toContain("channel 4");
  });

  it("are shown on a toy that needs no picture: Σ F² is held from flat to speckled", async () => {
    const toy = page.locator('[as="toy"]');
    await toy.scrollIntoViewIfNeeded();
    expect(await value("toy")).toMatchObject({ maps: null, contentCost: null });
    for (const [contrast, mean] of [[0, 1], [2, 0.6]]) {
      await slide("Contrast of the map", contrast, toy);
      expect(await toy.getByRole("status").innerText()).toMatch(/^Σ F² = 64 in both/);
      const { toyMean, toyVariance } = await value<SameGramValue>("toy");
      expect(toyMean ** 2 + toyVariance).toBeCloseTo(1, 5);
      expect(toyMean).toBeLessThanOrEqual(mean + 1e-6);
    }
  });

  it("fit on a narrow screen, and nothing complains", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await tooWide(cell())).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
  });
});

/** What of a cell lies beyond its right edge. */
function tooWide(cell: Locator): Promise<string[]> {
  return cell.evaluate((element) => {
    const right = element.getBoundingClientRect().right;
    return [...element.shadowRoot!.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > right + 0.5).map(({ localName, className }) => `${localName}.${className}`);
  });
}
