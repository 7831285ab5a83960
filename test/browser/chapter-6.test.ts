/** Chapter 6 as it is shipped, in the built app: read from top to bottom, everything in it started and answered. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { FeaturesValue } from "../../src/cells/features-value";
import type { FollowValue } from "../../src/cells/follow";
import type { PullsValue } from "../../src/cells/pulls";
import type { MomentValue } from "../../src/cells/scrub";
import type { SketchValue } from "../../src/cells/sketch";
import type { TrialsValue } from "../../src/cells/trials-cell";
import { Chapter } from "./support/chapter";
import { eventually, unexpected } from "./support/own-notebook";
import type { RunCell, Workbench } from "./support/workbench";

const STEPS = 30;

let chapter: Chapter;
let workbench: Workbench;
let page: Page;
let run: RunCell;

beforeAll(async () => {
  chapter = await Chapter.open("whole-run");
  ({ workbench, page } = chapter);
  run = workbench.run();
  // smaller and shorter than shipped, so that the test is soon over: what the text claims holds here as well
  await chapter.resize(64);
  await workbench.field("steps").fill(String(STEPS));
});
afterEach(() => expect(unexpected(workbench.errors)).toEqual([]));
afterAll(() => chapter?.close());

/** The largest difference of two pictures, each `name` or a part of a value: "G.picture". */
const apart = (one: string, other: string) =>
  page.evaluate(async (names) => {
    const { graph } = document.querySelector("nst-notebook")!;
    const [a, b] = await Promise.all(
      names.map(async (name) => {
        let part: unknown = await graph.value(name.split(".")[0]);
        for (const key of name.split(".").slice(1)) part = (part as Record<string, unknown>)[key];
        return part as { data: Float32Array };
      }),
    );
    return a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);
  }, [one, other]);

/** Lets a row of pictures grow to its end, in so many steps and small. */
async function grow(name: string, steps: number): Promise<void> {
  const cell = await chapter.show(name, "button.primary");
  await cell.evaluate((cell, steps) => {
    const trials = cell as HTMLElementTagNameMap["nst-starts" | "nst-rates"];
    trials.setParam("size", 48);
    trials.setParam("steps", steps);
  }, steps);
  await cell.getByRole("button", { name: "Start", exact: true }).click();
  await cell.locator(".status b", { hasText: "Finished" }).waitFor();
}

/** Moves the slider, and waits for the exact step. */
async function scrub(step: number): Promise<MomentValue> {
  await workbench.cell("moment").getByRole("slider", { name: "step of the run" }).fill(String(step));
  await eventually(async () => (await chapter.value<MomentValue>("moment")).step).toBe(step);
  return chapter.value<MomentValue>("moment");
}

describe("chapter 6", () => {
  it("lets the curves be drawn before the run, by keys and by pointer", async () => {
    await chapter.show("contentGuess", ".point");
    const guess = workbench.cell("contentGuess");
    expect(await guess.getByRole("button", { name: "Compare with the run" }).isEnabled()).toBe(false);
    await guess.getByRole("slider", { name: "content cost at 0 % of the steps" }).press("Home");
    for (let i = 0; i < 3; i++) await guess.getByRole("slider", { name: "content cost at 100 % of the steps" }).press("Shift+ArrowUp");
    expect((await chapter.value<SketchValue>("contentGuess")).sketch).toEqual([0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.8]);

    await chapter.show("styleGuess", ".point");
    const box = (await workbench.cell("styleGuess").locator(".field").boundingBox())!;
    await page.mouse.move(box.x + 1, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 1, box.y + box.height * 0.9);
    await page.mouse.up();
    const { sketch } = await chapter.value<SketchValue>("styleGuess");
    expect(sketch![0]).toBeCloseTo(1, 1);
    expect(sketch!.every((height, i) => i === 0 || height < sketch![i - 1])).toBe(true);
    for (const name of ["contentGuess", "styleGuess"]) {
      await workbench.cell(name).getByRole("button", { name: "Compare with the run" }).click();
      expect(await workbench.cell(name).getByRole("status").innerText()).toMatch(/^Now start G/);
    }
  });

  it("draws the true curves over them: the content cost rises from 0, and the style cost falls", async () => {
    await run.cell.scrollIntoViewIfNeeded();
    await eventually(() => run.startButton.isEnabled()).toBe(true);
    await run.start();
    const { costs } = await run.until("finished");
    for (const name of ["contentGuess", "styleGuess"]) await workbench.cell(name).scrollIntoViewIfNeeded();
    await eventually(async () => (await chapter.value<SketchValue>("contentGuess")).end).toBeCloseTo(costs["content"].at(-1)! / costs["total"][0], 10);
    expect(await workbench.cell("contentGuess").getByRole("status").innerText()).toMatch(/^The same course. The content cost rises from 0 %.* above it, at 80 %\.$/);
    expect(await workbench.cell("styleGuess").getByRole("status").innerText()).toMatch(/^The same course. The style cost falls from 9\d %/);
    // “nearly all of J is style cost”
    expect((await chapter.value<SketchValue>("styleGuess")).start).toBeGreaterThan(0.9);
  });

  it("shows every curve layer by layer, as it is and as a share of step 0", async () => {
    await run.cell.scrollIntoViewIfNeeded();
    const curves = run.cell.locator("nst-curves");
    await curves.getByRole("button", { name: "layers" }).click();
    await expect.poll(() => curves.locator(".end").allTextContents()).toEqual(["tv", "content", "conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"].map((name) => expect.stringMatching(`^${name} \\d`)));
    await curves.getByRole("button", { name: "÷ step 0" }).click();
    await curves.getByText("Not drawn: content, which is 0 at step 0.").waitFor();
    const slider = curves.getByRole("slider");
    await slider.press("Home");
    expect(await slider.getAttribute("aria-valuetext")).toBe("step 0: content –, conv1_1 100 %, conv2_1 100 %, conv3_1 100 %, conv4_1 100 %, conv5_1 100 %, tv 100 %");
    await slider.press("Escape");
  });

  it("computes any step again, bit for bit, and everything below is of that moment", async () => {
    const { costs } = await run.seen();
    await chapter.show("moment", ".strip button");
    const moment = await scrub(13);
    expect(moment).toMatchObject({ difference: 0, total: costs["total"][13], content: costs["content"][13], layers: { block5_conv1: costs["block5_conv1"][13] } });
    expect(await workbench.cell("moment").getByRole("status").innerText()).toMatch(/All 9 costs equal the recorded ones, bit for bit\./);
    expect(await apart("moment.picture", "G.picture")).toBeGreaterThan(0.05);

    await chapter.show("F", "canvas");
    await eventually(() => apart("F.from.picture", "moment.picture")).toBe(0);
    expect((await chapter.value<FeaturesValue>("F")).layer).toBe("block2_conv1");
    await chapter.show("apart", "nst-gram-map");
  });

  it("shows that the content does not pull at step 0, and does at step 1", async () => {
    await workbench.cell("moment").scrollIntoViewIfNeeded();
    expect((await scrub(0)).content).toBe(0);
    expect(await apart("moment.picture", "content.picture")).toBe(0);
    await workbench.cell("pulls").scrollIntoViewIfNeeded();
    await eventually(async () => (await chapter.value<PullsValue>("pulls")).content.norm).toBe(0);
    await workbench.cell("moment").scrollIntoViewIfNeeded();
    await scrub(1);
    await workbench.cell("pulls").scrollIntoViewIfNeeded();
    await eventually(async () => (await chapter.value<PullsValue>("pulls")).content.norm).toBeGreaterThan(0);
  });

  it("follows a pixel: in the first step, what single terms pull undoes itself in part", async () => {
    const path = await chapter.show("path", "button.primary");
    await path.getByRole("button", { name: "Follow", exact: true }).click();
    await path.getByRole("button", { name: "Follow again" }).waitFor();
    expect(await chapter.answer(/added up without their signs/, "more than one")).toBeGreaterThan(1.01);
    const { steps, share } = await chapter.value<FollowValue>("path");
    expect(steps).toBe(STEPS);
    expect(share!["content"] + share!["style"] + share!["tv"]).toBeCloseTo(1, 5);
  });

  it("begins at three pictures, and J ends lowest where it began with the style picture", async () => {
    await grow("starts", 30);
    const { total } = await chapter.value<TrialsValue>("starts");
    expect(total["style"]).toBeLessThan(total["content"]!);
    expect(total["content"]).toBeLessThan(total["noise"]!);
    expect(await chapter.answer(/from the style picture, compared with/, "lower")).toBeLessThan(0.95);
  });

  it("shows rates that are too high: J rises a hundredfold and more, and at the highest it never settles", async () => {
    await grow("rates", 24);
    const { total, peak, ends, rises } = await chapter.value<TrialsValue>("rates");
    expect([peak["r1"], peak["r2"]]).toEqual([1, 1]);
    expect(total["r2"]).toBeLessThan(total["r1"]!);
    expect(peak["r3"]).toBeGreaterThan(50);
    expect(total["r3"]).toBeLessThan(0.05 * peak["r3"]!);
    expect(ends["r4"]).toBeGreaterThan(0.5);
    expect(rises["r4"]).toBeGreaterThan(0.2);
    expect(await chapter.answer(/how high does J rise/, "to between ten and ten thousand times")).toBeGreaterThan(10);
  });

  it("erases terms in mid-run: from the next step on they count for nothing, and the curves say when", async () => {
    const erased = workbench.run("E");
    await erased.cell.scrollIntoViewIfNeeded();
    await erased.start();
    await erased.untilStep(8);
    await erased.button("Pause").click();
    const { step } = await erased.until("paused");
    const terms = workbench.cell("kept");
    for (const name of ["conv4_1", "conv5_1"]) await terms.getByRole("switch", { name }).uncheck();
    await eventually(() => terms.getByRole("status").innerText()).toBe("Erased: style at conv4_1, style at conv5_1.");
    // however late it was paused, as many steps are left
    await workbench.field("steps").fill(String(step + 24));
    await erased.button("Resume").click();
    const { costs } = await erased.until("finished");
    for (const layer of ["block4_conv1", "block5_conv1"]) {
      expect(costs[layer].slice(0, step).every((cost) => cost > 0)).toBe(true);
      expect(costs[layer].slice(step).every((cost) => cost === 0)).toBe(true);
    }
    expect(costs["block3_conv1"].every((cost) => cost > 0)).toBe(true);
    // “what is shown comes back: the content cost falls”
    expect(costs["content"].at(-1)).toBeLessThan(0.8 * costs["content"][step]);
    expect((await erased.cell.locator("nst-curves .note").innerText()).replace(/\s+/g, " ")).toMatch(new RegExp(`step ${step} conv4_1 0\\.2 → 0, conv5_1 0\\.2 → 0\\.$`));
    await terms.getByRole("button", { name: "Keep every term" }).click();
    await eventually(() => terms.getByRole("switch", { checked: true }).count()).toBe(7);
  });

  it("asks three questions at its end, and the numbers bear out what it explains", async () => {
    expect(await chapter.answer(/One step from the content picture/, "by about one, whether it pulls weakly or strongly")).toBeLessThanOrEqual(1);
    expect(await chapter.answer(/The whole style is erased/, "less than a half")).toBeGreaterThan(0);
    expect(await chapter.answer(/256 levels/, "by less than 1 %")).toBeGreaterThan(0);
  });

  it("has no error in any cell at its end, and is not wider than a narrow screen", () => chapter.endsWell());

  it("leaves no tensors behind when it is left: the workers keep the network alone", () => chapter.leavesNothing());
});
