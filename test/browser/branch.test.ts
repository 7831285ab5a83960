/** Another future of a run: from a step of it, with or without the optimiser's state, with something changed or painted, beside the one that it had. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { BranchValue } from "../../src/cells/branch";
import type { Picture } from "../../src/nst/picture";
import type { RunValue } from "../../src/cells/run";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, openNotebook, unexpected } from "./support/own-notebook";

const STEPS = 12;
const AT = 5;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="48"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="48"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="${STEPS}" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>

<nst-branch as="same" of="G" at="${AT}"></nst-branch>

<nst-branch as="fresh" of="G" at="${AT}" optimiser-state="fresh"></nst-branch>

<nst-settings as="strong" network="network" beta="1000" steps="9"></nst-settings>

<nst-branch as="other" of="G" at="${AT}" settings="strong"></nst-branch>

<nst-branch as="painted" of="G" at="${AT}"></nst-branch>`;

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  browser = await launch({ gpu: false });
  ({ page, errors } = await openNotebook(browser, NOTEBOOK));
});
afterEach(() => expect(unexpected(errors)).toEqual([]));
afterAll(() => browser?.close());

const cell = (name: string) => page.locator(`[as="${name}"]`);
const button = (name: string, text: string) => cell(name).getByRole("button", { name: text, exact: true });
const until = (name: string, state: string) => cell(name).locator(".status b", { hasText: state }).waitFor();
const words = async (name: string, part: string) => (await cell(name).locator(part).allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
const value = (name: string) =>
  page.evaluate(async (name) => {
    const { picture, ...rest } = (await document.querySelector("nst-notebook")!.graph.value(name)) as BranchValue & RunValue;
    return { ...rest, data: picture && Array.from(picture.data) };
  }, name);
const totals = (name: string) => cell(name).evaluate((cell) => [...cell.shadowRoot!.querySelector("nst-run-view")!.history.column("total")]);
const entry = (name: string) => page.evaluate(async (name) => (await document.querySelector("nst-notebook")!.runs!.list()).find((one) => one.cell === name) ?? null, name);
const branched = async (name: string) => {
  await cell(name).scrollIntoViewIfNeeded();
  await button(name, "Start").click();
  await until(name, "Finished");
};

describe("a branch", () => {
  it("waits calmly for a run that has not been started", async () => {
    await cell("same").scrollIntoViewIfNeeded();
    await eventually(() => words("same", ".body")).toEqual(["“G” has no picture yet: start the run."]);
  });

  it("with nothing changed and the optimiser's state kept has the same future, bit for bit", async () => {
    await button("G", "Start").click();
    await until("G", "Finished");
    await branched("same");
    const [parent, same] = [await value("G"), await value("same")];
    expect(same.step).toBe(STEPS);
    expect(same.data).toEqual(parent.data);
    const known = await totals("G");
    expect((await totals("same")).slice(AT)).toEqual(known.slice(AT));
    expect(same).toMatchObject({ at: AT, total: known[STEPS], parent: { total: known[STEPS] } });
    await eventually(() => entry("same")).toMatchObject({ state: "finished", parent: { run: parent.run, step: AT, optimiser: "kept", painted: false } });
  });

  it("without the optimiser's state goes another way from the same picture", async () => {
    await branched("fresh");
    const [parent, fresh] = [await totals("G"), await totals("fresh")];
    expect(fresh.slice(0, AT).every(Number.isNaN)).toBe(true);
    expect(fresh[AT]).toBe(parent[AT]);
    expect(fresh[AT + 1]).not.toBe(parent[AT + 1]);
    expect((await value("fresh")).data).not.toEqual((await value("G")).data);
    expect((await entry("fresh"))!.parent!.optimiser).toBe("fresh");
  });

  it("with the settings of another cell has its weights and its end", async () => {
    await branched("other");
    expect(await words("other", ".begin")).toEqual(expect.arrayContaining([expect.stringMatching(/^Settings of strong\. Changed from step 5 on: β 1 → 1 ?000/)]));
    const other = await value("other");
    expect(other.step).toBe(9);
    expect(other.style!).toBeGreaterThan(100 * other.parent.style!);
    expect(await cell("other").locator("nst-branch-controls").count()).toBe(0);
  });

  it("begins with what was painted on the picture", async () => {
    await cell("painted").scrollIntoViewIfNeeded();
    await button("painted", "Paint on the picture").click();
    const canvas = cell("painted").locator("nst-paint-canvas canvas");
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await canvas.boundingBox())!;
    await page.mouse.move(x + width / 4, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + (3 * width) / 4, y + height / 2, { steps: 4 });
    await page.mouse.up();
    await branched("painted");
    expect((await totals("painted"))[AT]).not.toBe((await totals("G"))[AT]);
    await eventually(async () => (await entry("painted"))!.parent).toMatchObject({ painted: true, optimiser: "kept" });
  });

  it("shows both pictures at the same step, the one that no checkpoint holds computed again", async () => {
    const captions = () => words("fresh", "nst-branch-view figcaption");
    await cell("fresh").locator("nst-branch-view").scrollIntoViewIfNeeded();
    await eventually(captions).toEqual([`G after step ${STEPS}`, `fresh after step ${STEPS}`]);
    await cell("fresh").getByLabel("step at which both are shown").fill("8");
    await eventually(captions).toEqual(["G after step 8", "fresh after step 8"]);
    const drawn = (name: string) => cell(name).locator("nst-linked-picture").evaluateAll((pictures) => pictures.map((picture) => Array.from(((picture as HTMLElementTagNameMap["nst-linked-picture"]).shown as Picture).data)));
    const [parent, fresh] = await drawn("fresh");
    expect(parent).not.toEqual(fresh);
    // the parent's is what the branch without a change had at that step
    await cell("same").getByLabel("step at which both are shown").fill("8");
    await eventually(() => words("same", "nst-branch-view figcaption")).toEqual(["G after step 8", "same after step 8"]);
    expect((await drawn("same"))[1]).toEqual(parent);
    // before they parted they were one
    await cell("fresh").getByLabel("step at which both are shown").fill(String(AT));
    await eventually(captions).toEqual([`G after step ${AT}`, `fresh after step ${AT}`]);
    const costs = await words("fresh", "nst-branch-curves .legend span:not(.soft)");
    expect(costs.map((text) => text.replace(/^\S+ /, ""))[0]).toBe(costs.map((text) => text.replace(/^\S+ /, ""))[1]);
  });

  it("names what was changed since its start, and goes on with more steps", async () => {
    const settings = cell("same").getByLabel("steps in all");
    await settings.fill(String(STEPS + 4));
    await button("same", "Go on").click();
    await until("same", "Finished");
    expect((await value("same")).step).toBe(STEPS + 4);
    await cell("same").getByRole("group", { name: "the optimiser’s state" }).getByRole("button", { name: "fresh" }).click();
    await cell("same").getByText("Changed since the start: the optimiser’s state. Start again to use it.").waitFor();
  });
});

describe("Branch", () => {
  it("pauses a run that goes and adds a branch of that step below", async () => {
    await cell("settings").getByLabel("steps", { exact: true }).fill("4000");
    await button("G", "Start again").click();
    await page.waitForFunction(() => document.querySelector('[as="G"]')!.shadowRoot!.querySelector("nst-run-view")!.step >= 3);
    await button("G", "Branch").click();
    await cell("B").waitFor();
    await until("G", "Paused");
    const { step } = await value("G");
    expect(await cell("B").getAttribute("at")).toBe(String(step));
    expect(await cell("B").getAttribute("of")).toBe("G");
    await button("B", "Start").click();
    // both futures grow side by side
    await button("G", "Resume").click();
    await page.waitForFunction((step) => ["G", "B"].every((name) => document.querySelector(`[as="${name}"]`)!.shadowRoot!.querySelector("nst-run-view")!.step > step + 3), step);
    await button("B", "Stop").click();
    await button("G", "Stop").click();
    await until("G", "Stopped");
    await until("B", "Stopped");
    const [G, B] = [await totals("G"), await totals("B")];
    const common = Math.min(G.length, B.length);
    expect(common).toBeGreaterThan(step + 2);
    expect(B.slice(step, common)).toEqual(G.slice(step, common));
  });
});
