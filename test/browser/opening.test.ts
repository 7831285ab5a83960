/** How soon there is something to see, on a machine that was measured before. */
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Browser } from "playwright-core";
import type { FeaturesCell } from "../../src/cells/features";
import type { MapGrid } from "../../src/cells/map-grid";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";

let browser: Browser;

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterAll(() => browser?.close());

/** Milliseconds from asking for the page until the first map of the chapter's first features cell is painted. */
async function firstMaps(): Promise<number> {
  const { page, errors } = await openPage(browser, `${inject("app")}#/what-layers-see`);
  try {
    const drawn = await page.waitForFunction(
      () => {
        const grid = document.querySelector<FeaturesCell>('[as="first"]')?.shadowRoot?.querySelector<MapGrid>("nst-map-grid");
        const canvas = grid?.shadowRoot?.querySelector("canvas");
        if (!canvas || canvas.width < 16) return 0;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(data).size > 20 ? performance.now() : 0;
      },
      null,
      { polling: "raf", timeout: 30_000 },
    );
    expect(errors).toEqual([]);
    return await drawn.jsonValue();
  } finally {
    await page.close();
  }
}

it("shows the first feature maps of chapter 2 within 3 seconds of opening it", async () => {
  const times: number[] = [];
  // the first page of a browser also starts its processes: what counts is the page
  for (let i = 0; i < 4; i++) times.push(await firstMaps());
  console.log(`first feature maps after ${times.map((time) => `${(time / 1000).toFixed(2)} s`).join(", ")}`);
  expect(Math.min(...times)).toBeLessThan(3000);
});
