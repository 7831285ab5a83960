import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type {} from "./pages/parity";
import { launch, missingWebGPU } from "./support/chrome";
import { openPage } from "./support/page";
import { limit } from "../support/parity";

let browser: Browser;
beforeAll(async () => void (browser = await launch()));
afterAll(() => browser?.close());

for (const [backend, threads] of [["cpu", 1], ["wasm", 1], ["wasm", 2], ["webgl", 1], ["webgpu", 1]] as const)
  test(`in a real browser on ${backend}${backend === "wasm" ? ` with ${threads} thread${threads > 1 ? "s" : ""}` : ""}, every number is PyTorch's within the limits, and no tensor is left`, { timeout: 400_000 }, async (context) => {
    const missing = backend === "webgpu" ? await missingWebGPU(browser) : null;
    if (missing && process.env["NST_ALLOW_NO_WEBGPU"]) return context.skip(missing);
    expect(missing).toBe(null);
    const { page, errors } = await openPage(browser, `${inject("pages")}parity.html`);
    await page.waitForFunction(() => window.parity);
    const { status, measurements, leaked } = await page.evaluate(([name, n]) => window.parity(name, n), [backend, threads] as const);
    expect(status).toMatchObject({ backend, threads });
    expect(measurements.length).toBeGreaterThan(90);
    expect(measurements.filter((m) => !(m.error <= limit(m, backend)))).toEqual([]);
    expect(leaked).toBe(0);
    expect(errors).toEqual([]);
    await page.close();
  });
