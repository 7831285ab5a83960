/** Cells that wait: for a prediction, and until somebody looks at them. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { openNotebook, settled } from "./support/own-notebook";

let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(async () => {
  await page.close();
  expect(errors).toEqual([]);
});
afterAll(() => browser?.close());

async function open(text: string): Promise<void> {
  ({ page, errors } = await openNotebook(browser, `# A test\n\n${text}`, { height: 800 }));
  await settled(page);
}

const states = () => page.evaluate(() => Object.fromEntries(document.querySelector("nst-notebook")!.graph.describe().map(({ name, label, state }) => [name ?? label, state])));

const SUM = "```js kernel edit\nconst numbers = { sum: 3, words: 'three' }\n```\n";
const QUESTION = (of: string) =>
  `<nst-predict of="${of}" ask="How much is one and two?" options="less: ..2.5 | three: 2.5..3.5 | more: 3.5.." unit="apples" explain="One apple, and two more."></nst-predict>\n`;

describe("a question", () => {
  const predict = (): Locator => page.locator("nst-predict");
  const run = () => predict().getByRole("button", { name: "Run", exact: true });

  it("asks for a prediction first, then computes the number and says which answer is right and why", async () => {
    await open(SUM + "\n" + QUESTION("numbers.sum"));
    expect(await predict().getByRole("group", { name: "How much is one and two?" }).getByRole("radio").count()).toBe(3);
    expect(await run().isDisabled()).toBe(true);
    expect(await predict().innerText()).not.toMatch(/apples/);
    await predict().getByRole("radio", { name: "more" }).check();
    await run().click();
    await expect.poll(() => predict().getByRole("status").innerText()).toBe("Not as you predicted: 3 apples");
    expect(await predict().locator("label.right").innerText()).toMatch(/^three\s*✓/);
    expect(await predict().locator("label.wrong").innerText()).toMatch(/^more\s*your prediction/);
    expect(await predict().locator(".explain").innerText()).toBe("One apple, and two more.");

    await predict().getByRole("button", { name: "Ask me again" }).click();
    expect(await run().isDisabled()).toBe(true);
    await predict().getByRole("radio", { name: "three" }).check();
    await run().click();
    await expect.poll(() => predict().getByRole("status").innerText()).toBe("As you predicted: 3 apples");
  });

  it("is answered by keyboard alone", async () => {
    await open(SUM + "\n" + QUESTION("numbers.sum"));
    await predict().getByRole("radio", { name: "less" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await expect.poll(() => predict().getByRole("status").innerText()).toBe("As you predicted: 3 apples");
  });

  it("whose answer is no number says so", async () => {
    await open(SUM + "\n" + QUESTION("numbers.words"));
    await predict().getByRole("radio", { name: "three" }).check();
    await run().click();
    await expect.poll(() => predict().locator(".error").innerText()).toMatch(/should be a number, and “numbers.words” is none/);
  });
});

describe("a cell that is off the screen", () => {
  const FAR = "\n\n" + Array.from({ length: 60 }, (_, i) => `Paragraph ${i}.`).join("\n\n") + "\n\n";
  const NETWORK = '<nst-network as="network"></nst-network>\n\n<nst-image as="content" src="owl.jpg" size="64"></nst-image>\n';

  it("does not compute until it is scrolled to, and its value is there then", async () => {
    await open(`${NETWORK}${FAR}<nst-features as="F" of="content" layer="block2_conv1"></nst-features>\n`);
    expect(await states()).toMatchObject({ content: "fulfilled", F: "resting" });
    await page.locator('[as="F"]').scrollIntoViewIfNeeded();
    await expect.poll(states).toMatchObject({ F: "fulfilled" });
  });

  it("does not follow a run that goes on meanwhile, and has its newest picture when it is looked at", async () => {
    await open(
      `${NETWORK}\n<nst-image as="style" src="poppies.jpg" size="64"></nst-image>\n\n<nst-settings as="settings"></nst-settings>\n\n<nst-run as="G" of="content style"></nst-run>\n${FAR}<nst-features as="F" of="G" layer="block1_conv1"></nst-features>\n`,
    );
    await page.locator('[as="settings"]').getByRole("textbox", { name: "steps", exact: true }).fill("3000");
    await page.locator('[as="G"]').getByRole("button", { name: "Start" }).click();
    const step = () => page.evaluate(() => (document.querySelector("nst-notebook")!.graph.peek("G") as { step: number }).step);
    await expect.poll(step, { timeout: 20_000 }).toBeGreaterThan(1);
    expect(await states()).toMatchObject({ F: "resting" });
    await page.locator('[as="F"]').scrollIntoViewIfNeeded();
    await expect.poll(states, { timeout: 20_000 }).toMatchObject({ F: "fulfilled" });
    await page.locator('[as="G"]').getByRole("button", { name: "Stop" }).click();
  });
});
