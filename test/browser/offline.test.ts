import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { launch } from "./support/chrome";

let browser: Browser;
beforeAll(async () => void (browser = await launch({ gpu: false })));
afterAll(() => browser?.close());

test("after it has been opened once, the workbench opens without a network, with its threads, and a run goes to its end", async () => {
  const context = await browser.newContext();
  const first = await context.newPage();
  await first.goto(inject("app"));
  await first.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active!.state !== "activated") await new Promise((resolve) => active!.addEventListener("statechange", resolve, { once: true }));
  });
  await first.close();

  await context.setOffline(true);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(inject("app"));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect.poll(() => page.locator("nst-status-bar select").first().innerText(), { timeout: 20_000 }).toMatch(/wasm, \d+ threads/);
  const steps = page.locator("nst-settings").first().getByRole("spinbutton", { name: /steps/i }).or(page.locator("nst-settings").first().getByLabel(/^steps/i));
  await steps.first().fill("3");
  await steps.first().press("Enter");
  await page.locator("nst-run").first().getByRole("button", { name: "Start", exact: true }).click();
  await page.locator("nst-run").first().getByText("Finished").first().waitFor({ timeout: 60_000 });
  expect(errors).toEqual([]);
  await context.close();
});
