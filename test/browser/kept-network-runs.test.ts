/** Runs, branches and recipes with a network that was brought along: SqueezeNet 1.1 as torchvision names it, with random numbers. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RecipeValue } from "../../src/cells/recipe";
import type { RunValue } from "../../src/cells/run";
import { launch } from "./support/chrome";
import { eventually, unexpected } from "./support/own-notebook";
import { Profile } from "./support/profile";
import { playedSqueezenet } from "./support/played-squeezenet";

const STEPS = 8;
const AT = 3;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-recipe as="recipe" of="content style" network="network" recipe="cs231n" steps="${STEPS}"></nst-recipe>

<nst-run as="G" of="content style" network="recipe.network" settings="recipe.settings"></nst-run>

<nst-branch as="B" of="G" at="${AT}"></nst-branch>`;

let browser: Browser;
let profile: Profile;
let page: Page;

beforeAll(async () => {
  browser = await launch({ gpu: false });
  profile = await Profile.start(browser, NOTEBOOK);
  page = await profile.open();
});
afterAll(() => browser?.close());

const cell = (name: string) => page.locator(`[as="${name}"]`);
const button = (name: string, text: string) => cell(name).getByRole("button", { name: text, exact: true });
const until = (name: string, state: string) => cell(name).locator(".status b", { hasText: state }).waitFor();
const networks = () => page.getByRole("dialog", { name: "Networks" });
const value = <T>(name: string) => page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name), name) as Promise<T>;
const picture = async (name: string) => [...(await value<RunValue>(name)).picture!.data];

describe("a network that was brought along", () => {
  it("is offered to a recipe that was made with it, and makes it exact at a press", async () => {
    const fits = () => cell("recipe").locator(".fits").allInnerTexts();
    await cell("recipe").scrollIntoViewIfNeeded();
    await eventually(async () => (await fits())[0]).toMatch(/^Formula only: to be exact it needs torchvision's SqueezeNet 1\.1/);
    await page.getByRole("button", { name: "Networks…" }).first().click();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), networks().getByRole("button", { name: "Choose a file…" }).click()]);
    await chooser.setFiles({ name: "squeezenet1_1.safetensors", mimeType: "application/octet-stream", buffer: playedSqueezenet() });
    await networks().locator('li[data-id="squeezenet1_1"]').waitFor();
    await networks().getByRole("button", { name: "Close" }).click();

    await button("recipe", "Use it").click();
    await eventually(async () => (await fits())[0]).toMatch(/^Exact:/);
    const { exact, network } = await value<RecipeValue>("recipe");
    expect([exact, network.base]).toEqual([true, "kept:squeezenet1_1/"]);
  });

  it("computes a run whose picture is there again in the next page", async () => {
    await cell("G").scrollIntoViewIfNeeded();
    await button("G", "Start").click();
    await until("G", "Finished");
    const before = await picture("G");
    await page.close();
    page = await profile.open();
    await until("G", "Finished");
    expect(await picture("G")).toEqual(before);
  });

  it("computes a branch of it from its steps, which has the same future, bit for bit, where nothing is changed", async () => {
    await cell("B").scrollIntoViewIfNeeded();
    await button("B", "Start").click();
    await until("B", "Finished");
    expect(await value<RunValue>("B")).toMatchObject({ step: STEPS });
    expect(await picture("B")).toEqual(await picture("G"));
  });

  it("makes a kept run once more, from the cell that shows it", async () => {
    await page.locator("nst-sidebar").getByRole("button", { name: "Runs…", exact: true }).click();
    const list = page.getByRole("dialog").locator("nst-run-list");
    // the newest comes first
    await eventually(() => list.locator(".title").count()).toBe(2);
    await list.getByRole("button", { name: /^What to do with/ }).last().click();
    await list.getByRole("menuitem", { name: "Duplicate as a new run" }).click();
    await list.waitFor({ state: "detached" });
    await cell("G2").scrollIntoViewIfNeeded();
    await button("G2", "Start").click();
    await until("G2", "Finished");
    expect(await picture("G2")).toEqual(await picture("G"));
  });

  it("is missed by name where a kept run needs it, once it has been removed; the run is still to be looked at", async () => {
    await page.evaluate(() => document.querySelector("nst-app")!.networks!.remove("squeezenet1_1"));
    await page.close();
    page = await profile.open();
    await cell("kept").scrollIntoViewIfNeeded();
    await cell("kept").getByText(/The network “SqueezeNet 1\.1[^”]*” \(squeezenet1_1\), which this run was computed with, is not here/).waitFor();
    expect(await picture("kept")).toHaveLength(48 * 48 * 3);
    expect(unexpected(profile.errors)).toEqual([]);
  });
});
