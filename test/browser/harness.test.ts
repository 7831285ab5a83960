import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { findBrowser, launch, missingWebGPU } from "./support/chrome";
import { openEngine, type OpenedPage } from "./support/page";

let browser: Browser;
const opened: OpenedPage[] = [];

beforeAll(async () => {
  browser = await launch();
  const { path, from } = await findBrowser();
  console.log(`browser: ${browser.version()}, ${from === "package" ? "of the npm package" : from}, ${path}`);
});
afterEach(async () => {
  const errors = opened.flatMap((one) => one.errors);
  await Promise.all(opened.splice(0).map((one) => one.page.close()));
  expect(errors).toEqual([]);
});
afterAll(() => browser?.close());

async function engine(pages: string): Promise<Page> {
  const one = await openEngine(browser, pages);
  opened.push(one);
  return one.page;
}

/** 3×3 convolution with ReLU of a fixed picture, 48 × 40 × 16 → 24 channels, on the page's current backend. */
const convolution = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const { tf } = window;
    const y = tf.tidy(() => {
      const x = tf.tensor4d(Float32Array.from({ length: 48 * 40 * 16 }, (_, i) => Math.sin(i * i)), [1, 48, 40, 16]);
      const kernel = tf.tensor4d(Float32Array.from({ length: 9 * 16 * 24 }, (_, i) => Math.cos(3 * i * i)), [3, 3, 16, 24]);
      return tf.relu(tf.conv2d(x, kernel, 1, "same"));
    });
    const values = Array.from(await y.data());
    y.dispose();
    return values;
  });

/** ‖a − b‖₂ / ‖b‖₂ */
function relativeError(a: number[], b: number[]): number {
  expect(a.length).toBe(b.length);
  const norm = (v: number[]) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return norm(a.map((x, i) => x - b[i])) / norm(b);
}

async function onCpu(page: Page): Promise<number[]> {
  await page.evaluate(() => window.useBackend("cpu"));
  return convolution(page);
}

describe("the built pages, served with the headers of vite.config.ts", () => {
  it("are cross-origin isolated", async () => {
    const page = await engine(inject("pages"));
    expect(await page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer])).toEqual([true, "function"]);
  });

  it("run wasm with two threads, which give the result of the cpu backend", async () => {
    const page = await engine(inject("pages"));
    const expected = await onCpu(page);
    const status = await page.evaluate(() => window.useBackend("wasm", 2));
    expect(status).toMatchObject({ backend: "wasm", threads: 2 });
    expect(relativeError(await convolution(page), expected)).toBeLessThan(1e-5);
    // two threads: the page's own and one more, as the wasm module itself counts them
    expect(await page.evaluate(() => window.wasmWorkers())).toBe(1);
  });

  it("run wasm with one thread when asked to", async () => {
    const page = await engine(inject("pages"));
    expect(await page.evaluate(() => window.useBackend("wasm", 1))).toMatchObject({ backend: "wasm", threads: 1 });
    expect(await page.evaluate(() => window.wasmWorkers())).toBe(0);
  });

  it("compute the same with WebGL", async () => {
    const page = await engine(inject("pages"));
    const expected = await onCpu(page);
    expect(await page.evaluate(() => window.useBackend("webgl"))).toMatchObject({ backend: "webgl" });
    expect(await page.evaluate(() => window.tf.getBackend())).toBe("webgl");
    expect(relativeError(await convolution(page), expected)).toBeLessThan(1e-4);
  });

  it("compute the same with WebGPU", async (context) => {
    const reason = await missingWebGPU(browser);
    if (reason && process.env["NST_ALLOW_NO_WEBGPU"] === "1") context.skip(`NOT TESTED, allowed by NST_ALLOW_NO_WEBGPU: ${reason}`);
    expect(reason, "WebGPU must be tested; where that is impossible, set NST_ALLOW_NO_WEBGPU=1").toBeNull();
    const page = await engine(inject("pages"));
    const expected = await onCpu(page);
    expect(await page.evaluate(() => window.useBackend("webgpu"))).toMatchObject({ backend: "webgpu" });
    expect(await page.evaluate(() => window.tf.getBackend())).toBe("webgpu");
    expect(relativeError(await convolution(page), expected)).toBeLessThan(1e-4);
  });
});

describe("the built pages, served without these headers", () => {
  it("run wasm with one thread, whatever was asked for, and compute the same", async () => {
    const page = await engine(inject("plainPages"));
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    const expected = await onCpu(page);
    const status = await page.evaluate(() => window.useBackend("wasm", 2));
    expect(status).toMatchObject({ backend: "wasm", threads: 1 });
    expect(await page.evaluate(() => window.wasmWorkers())).toBe(0);
    expect(relativeError(await convolution(page), expected)).toBeLessThan(1e-5);
  });
});

describe("a browser started without a GPU", () => {
  it("has neither WebGL nor WebGPU", async () => {
    const bare = await launch({ gpu: false });
    try {
      expect(await missingWebGPU(bare)).not.toBeNull();
      const page = await bare.newPage();
      expect(await page.evaluate(() => new OffscreenCanvas(1, 1).getContext("webgl2"))).toBeNull();
    } finally {
      await bare.close();
    }
  });
});
