/** Chapter 10 as it is shipped, in the built app: three runs, a branch and a sweep, compared; everything in it started and answered. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ComparisonValue } from "../../src/cells/compare-runs";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";
import type { Workbench } from "./support/workbench";

const STEPS = 40;

let chapter: Chapter;
let workbench: Workbench;
let page: Page;

beforeAll(async () => {
  chapter = await Chapter.open("comparing-runs");
  ({ workbench, page } = chapter);
  // smaller and shorter than shipped, so that the test is soon over: what the text claims holds here as well
  await chapter.resize(64);
  for (const name of ["settings", "settingsB", "settingsC"]) await set(name, { steps: STEPS });
  await set("D", { at: STEPS / 2 });
  await set("grid", { size: 48, steps: 2 });
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

/** Chooses parameters of a cell. */
const set = (name: string, params: Record<string, unknown>) =>
  workbench.cell(name).evaluate((cell, params) => {
    for (const [name, value] of Object.entries(params)) (cell as HTMLElementTagNameMap["nst-settings"]).setParam(name, value);
  }, params);

const comparison = () => chapter.value<ComparisonValue>("cmp");

/** Waits until the comparison has measured these runs at their end. */
async function measured(...marks: string[]): Promise<ComparisonValue["ruler"]> {
  await chapter.show("cmp", "nst-compare-ruler td");
  await eventually(async () => Object.keys((await comparison()).ruler)).toEqual(marks);
  const rows = workbench.cell("cmp").locator("nst-compare-ruler tbody tr");
  await eventually(() => rows.locator("small").allInnerTexts()).toEqual(marks.map(() => `at step ${STEPS}`));
  return (await comparison()).ruler;
}

describe("chapter 10", () => {
  it("runs three that differ in one thing each", async () => {
    for (const name of ["A", "B", "C"]) {
      await workbench.run(name).cell.scrollIntoViewIfNeeded();
      await eventually(() => workbench.run(name).startButton.isEnabled()).toBe(true);
      await workbench.run(name).start();
    }
    for (const name of ["A", "B", "C"]) await workbench.run(name).until("finished");
  });

  it("shows what differs in their settings, and only that", async () => {
    await chapter.show("cmp", "nst-compare-settings tbody");
    const table = workbench.cell("cmp").locator("nst-compare-settings");
    const rows = () => table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent!.trim())));
    // the last of the three may still be arriving
    await eventually(rows).toEqual([
      ["α · M", "1e−4", "0.01", "1e−4"], ["α", "1.56e−6", "1.56e−4", "1.56e−6"],
      ...["conv1_1", "conv2_1"].map((layer) => [`weight of ${layer}`, "0.2", "0.2", "0.5"]),
      ...["conv3_1", "conv4_1", "conv5_1"].map((layer) => [`weight of ${layer}`, "0.2", "0.2", "–"]),
    ]);
  });

  it("lays their curves over one another: J of C is the lowest, and cannot be compared", async () => {
    const curves = workbench.cell("cmp").locator("nst-compare-curves");
    await eventually(() => curves.locator(".end").count()).toBe(3);
    const costs = await Promise.all(["A", "B", "C"].map(async (name) => (await workbench.run(name).seen()).costs["total"]));
    const ends = costs.map((total) => total.at(-1)!);
    expect(Math.min(...ends)).toBe(ends[2]);
    await curves.getByText("These runs do not weigh alike").waitFor();
    await curves.getByRole("button", { name: "÷ step 0" }).click();
    expect(await curves.getByText("These runs do not weigh alike").count()).toBe(0);
    await eventually(() => curves.locator(".end").first().textContent()).toMatch(/^A [\d.]+ %$/);
    // pointing at a step reads all of them there, the arrow keys move the slider of the pictures
    const slider = curves.getByRole("slider");
    await slider.press("Home");
    expect(await slider.getAttribute("aria-valuetext")).toBe("step 0: A 100 %, B 100 %, C 100 %");
    await eventually(async () => (await comparison()).step).toBe(0);
    await slider.press("End");
    await eventually(async () => (await comparison()).step).toBe(STEPS);
    await curves.getByRole("combobox").selectOption("block5_conv1");
    await curves.getByText("Not drawn: C. There is no such cost in it.").waitFor();
  });

  it("measures all of them with one ruler: C is near the style where it looks, and nowhere else", async () => {
    const { A, B, C } = await measured("A", "B", "C");
    for (const layer of ["block1_conv1", "block2_conv1"]) expect(C[layer]).toBeLessThan(A[layer]);
    for (const layer of ["block4_conv1", "block5_conv1"]) expect(C[layer]).toBeGreaterThan(2 * A[layer]);
    expect(Math.min(A["content"], B["content"], C["content"])).toBe(B["content"]);
    expect(Math.min(A["style"], B["style"], C["style"])).toBe(A["style"]);
    expect(await chapter.answer(/How far from the content picture does A end/, "as far as the even colour, or farther")).toBeGreaterThan(0.8);
    expect(await chapter.answer(/C reads the style at conv1_1 and conv2_1 alone/, "about where it began")).toBeGreaterThan(0.7);
  });

  it("branches off A, and the content pulls the picture most of the way back", async () => {
    const branch = await chapter.show("D", "nst-run-view");
    await branch.getByRole("button", { name: "Start", exact: true }).click();
    await eventually(async () => (await chapter.value<{ step: number }>("D")).step).toBe(STEPS);
    const { B, D } = await measured("A", "B", "C", "D");
    expect(D["content"]).toBeGreaterThan(B["content"]);
    expect(await chapter.answer(/How far is D from it at step 60/, "nearly back, less than a quarter of the way is left")).toBeLessThan(0.25);
    const branches = workbench.cell("cmp").locator("nst-compare-settings tbody tr").first();
    expect(await branches.locator("td").last().innerText()).toBe(`A at step ${STEPS / 2}, with its optimiser’s state`);
  });

  it("fills a grid of nine", async () => {
    const grid = await chapter.show("grid", "button.primary");
    await grid.getByRole("button", { name: "Start", exact: true }).click();
    await grid.getByText("9 of 9 done").waitFor();
  });

  it("lists every run that was made, with its ruler's reading kept; what is picked is compared", async () => {
    const list = await chapter.show("picked", "nst-run-list");
    await list.locator("[role=row], [role=option]").nth(3).waitFor();
    const kept = await page.evaluate(async () => {
      const entries = await document.querySelector("nst-app")!.runs!.list();
      return entries.filter(({ group }) => group === null).map(({ cell, ruler }) => [cell, ruler?.step, typeof ruler?.numbers["style"]]).sort();
    });
    expect(kept).toEqual(["A", "B", "C", "D"].map((name) => [name, STEPS, "number"]));
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
