/** The shuffle test as a person has it before them, with its numbers held against plain sums over the maps. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FeaturesValue } from "../../src/cells/features-value";
import type { ShuffleValue } from "../../src/cells/shuffle";
import { formatNumber } from "../../src/cells/numbers";
import { permutation } from "../../src/nst/random";
import type { KernelValue } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { eventually, openNotebook } from "./support/own-notebook";

const NOTEBOOK = `# A test

<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>
<nst-network as="network"></nst-network>

<nst-features as="FS" of="style" network="network" layer="block2_conv1" unit="false"></nst-features>

<nst-shuffle as="shuffled" of="FS" seed="1"></nst-shuffle>

<nst-predict of="shuffled.gramChange" ask="What does G do?" options="it stays: ..0.0001 | it changes: 0.0001.." unit="of its length"></nst-predict>
`;

let browser: Browser;
let page: Page;
let cell: Locator;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
  cell = page.locator('[as="shuffled"]');
  await cell.scrollIntoViewIfNeeded();
  await cell.locator("nst-shuffle-view").waitFor();
});
afterAll(async () => {
  await browser?.close();
  expect(errors).toEqual([]);
});

/** The maps before and after, as plain numbers, and what the cell says of them. */
const seen = () =>
  page.evaluate(async () => {
    const { graph } = document.querySelector("nst-notebook")!;
    const { data, channels } = (await graph.value("FS")) as FeaturesValue;
    const { maps, ...said } = (await graph.value("shuffled")) as ShuffleValue;
    return { before: [...data], after: [...maps.data], channels, said };
  });

/** F Fᵀ in double precision. */
function gramOf(data: number[], n: number): number[] {
  const gram = new Array<number>(n * n).fill(0);
  for (let p = 0; p < data.length; p += n) for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) gram[i * n + j] += data[p + i] * data[p + j];
  return gram;
}

describe("the shuffle test", () => {
  it("asks before it shows: until Shuffle is pressed there are the maps as they are", async () => {
    expect(await cell.locator("section h4").allInnerTexts()).toEqual(["as they are"]);
    expect(await cell.getByRole("status").innerText()).toContain("What will the Gram matrix do");
    await cell.getByRole("button", { name: "Shuffle", exact: true }).click();
    expect(await cell.locator("section h4").allInnerTexts()).toEqual(["as they are", "shuffled"]);
  });

  it("moves every position with all its channels, leaves the Gram matrix, and makes the content cost explode", async () => {
    const { before, after, channels: n, said } = await seen();
    const order = permutation(before.length / n, 1);
    expect(after).toEqual([...order].flatMap((from) => before.slice(from * n, (from + 1) * n)));

    const [A, G] = [gramOf(before, n), gramOf(after, n)];
    const length = Math.hypot(...A);
    expect(Math.hypot(...A.map((a, at) => G[at] - a)) / length).toBeLessThan(1e-12);
    expect(said.gramChange).toBeLessThan(1e-5);
    expect(said.styleCost).toBeLessThan(1e-9);

    const cost = before.reduce((sum, value, at) => sum + 0.5 * (after[at] - value) ** 2, 0);
    const zeros = before.reduce((sum, value) => sum + 0.5 * value ** 2, 0);
    expect(said.contentCost / cost).toBeCloseTo(1, 6);
    expect(said.contentChange / (cost / zeros)).toBeCloseTo(1, 5);
    expect(said.contentChange).toBeGreaterThan(0.2);

    const shown = await cell.locator("dd b").allInnerTexts();
    expect(shown[0]).toBe(said.gramChange === 0 ? "unchanged to the last digit" : `changed by ${formatNumber(said.gramChange, 2)} of its length`);
    expect(shown.slice(1)).toEqual([formatNumber(said.styleCost), formatNumber(said.contentCost, 4)]);
  });

  it("draws the same Gram matrix, and other maps", async () => {
    const bytes = (at: number) => cell.locator("section canvas").nth(at).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    // picture, map, Gram matrix of each
    const drawn = await Promise.all(Array.from({ length: 6 }, (_, at) => bytes(at)));
    expect(drawn[0]).not.toBe(drawn[3]);
    expect(drawn[1]).not.toBe(drawn[4]);
    expect(drawn[2]).toBe(drawn[5]);
    const slider = cell.getByRole("slider", { name: "channel" });
    await slider.press("Home");
    await eventually(() => cell.locator(".which").innerText()).toBe("F₀");
    expect(await bytes(1)).not.toBe(drawn[1]);
  });

  it("gives a question its number", async () => {
    const predict = page.locator("nst-predict");
    await predict.getByRole("radio", { name: "it stays" }).check();
    await predict.getByRole("button", { name: "Run", exact: true }).click();
    await eventually(() => predict.getByRole("status").innerText()).toMatch(/^As you predicted: /);
  });

  it("shuffles to other places when it is pressed again, and goes back", async () => {
    const { after, channels: n } = await seen();
    await cell.getByRole("button", { name: "Shuffle again" }).click();
    await eventually(() => cell.locator("section h4").last().innerText()).toBe("shuffled, 2 times");
    await eventually(async () => JSON.stringify((await seen()).after) === JSON.stringify(after)).toBe(false);
    const again = await seen();
    const rows = (data: number[]) => Array.from({ length: data.length / n }, (_, p) => data.slice(p * n, (p + 1) * n).join()).sort();
    expect(rows(again.after)).toEqual(rows(again.before));
    await cell.getByRole("button", { name: "Back" }).click();
    await eventually(() => cell.locator("section h4").allInnerTexts()).toEqual(["as they are"]);
  });

  it("as code moves the same positions to the same places", async () => {
    await page.evaluate(() => {
      const { session } = document.querySelector("nst-notebook")!;
      session!.change(`${session!.text.trimEnd()}\n\n${window.asCode(document.querySelector('[as="shuffled"]')!)}\n`, "show as code");
    });
    await page.locator("nst-code").scrollIntoViewIfNeeded();
    const [code, { after }] = await Promise.all([
      page.evaluate(async () => [...((await ((await document.querySelector("nst-notebook")!.graph.value("shuffled2")) as KernelValue).read()) as { data: Float32Array }).data]),
      seen(),
    ]);
    expect(code).toEqual(after);
  });
});
