import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { Limits } from "../../src/sandbox/client";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { begin, ended, release, run, tensors, told, valueOf } from "./support/sandbox";

let browser: Browser;
let page: Page;
beforeAll(async () => void (browser = await launch({ gpu: false })));
afterAll(() => browser?.close());
beforeEach(async () => {
  ({ page } = await openPage(browser, `${inject("pages")}sandbox.html`));
  await page.waitForFunction(() => window.ready);
});
afterEach(() => page.close());

const limit = (limits: Partial<Limits>) => page.evaluate((limits) => window.sandbox.reset(limits), limits);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const restarted = () => page.evaluate(() => window.sandbox.restarted);

describe("a kernel cell", () => {
  it("that never gives way is ended and named; the others are told to run again, and can", async () => {
    await limit({ silence: 1.5 });
    await run(page, "kept", "const x = tf.ones([2])");
    await begin(page, "bystander", "for (;;) { yield 1; await new Promise((go) => setTimeout(go, 30)) }");
    await expect.poll(async () => (await told(page, "bystander")).items.length).toBeGreaterThan(0);
    await begin(page, "endless", "for (;;) {}");
    expect((await ended(page, "endless")).error).toMatchObject({ name: "CellCrashError", message: expect.stringMatching(/^“endless” did not give way for 1.5 s .*Is there a loop that never ends\?/) });
    expect((await ended(page, "bystander")).error).toMatchObject({ name: "SandboxRestartedError" });
    expect((await restarted()).flat().sort()).toEqual(["bystander", "kept"]);
    await expect(page.evaluate(() => window.sandbox.read("kept", "x"))).rejects.toThrow(/This value is gone: a cell had to be ended/);
    await begin(page, "stale", "x", { inputs: { x: { of: "kept" } } });
    expect((await ended(page, "stale")).error).toMatchObject({ name: "SandboxRestartedError" });
    expect(await valueOf(page, "again", "1 + 1")).toBe(2);
  });

  it("that computes tensors without giving way is let go on beyond that, but not for ever", async () => {
    await limit({ silence: 1, piece: 3 });
    const start = Date.now();
    await begin(page, "busy", "const a = tf.ones([64, 64]); for (;;) tf.tidy(() => void a.matMul(a))");
    await expect.poll(() => page.evaluate(() => window.sandbox.all.kernel.busyFor("busy")), { timeout: 5000 }).toBeGreaterThan(1.5);
    expect((await ended(page, "busy")).error).toMatchObject({ name: "CellCrashError", message: expect.stringMatching(/“busy” ran for 3 s in one piece/) });
    expect(Date.now() - start).toBeGreaterThan(2900);
    expect(await page.evaluate(() => window.sandbox.all.kernel.busyFor("busy"))).toBe(0);
  });

  it("that yields goes on for longer than any limit", async () => {
    await limit({ silence: 0.8, piece: 1.6 });
    const { done, items } = await run(page, "long", "const start = performance.now(); while (performance.now() - start < 4000) { const until = performance.now() + 100; while (performance.now() < until); yield until }");
    expect(done).toBe(true);
    expect(items.length).toBeGreaterThan(20);
  });

  it("that waits for a long time is no cell that hangs", async () => {
    await limit({ silence: 0.8, piece: 1.6 });
    expect(await valueOf(page, "sleeper", "await new Promise((go) => setTimeout(go, 3000)); 5")).toBe(5);
  });

  it("can be stopped, in a loop or in a stream", async () => {
    await valueOf(page, "warm", "1");
    await begin(page, "loop", "for (;;) {}");
    await expect.poll(() => page.evaluate(() => window.sandbox.all.kernel.busyFor("loop")), { timeout: 5000 }).toBeGreaterThan(1);
    await page.evaluate(() => window.sandbox.all.kernel.stop("loop"));
    expect((await ended(page, "loop")).error).toMatchObject({ name: "CellCrashError", message: "“loop” was stopped." });
    await valueOf(page, "other", "1");
    await begin(page, "stream", "for (let i = 0; ; i++) { yield i }");
    await expect.poll(async () => (await told(page, "stream")).items.length).toBeGreaterThan(0);
    await page.evaluate(() => window.sandbox.all.kernel.stop("stream"));
    expect((await ended(page, "stream")).error).toMatchObject({ name: "CellCrashError" });
    // alone: nobody else is run again for it
    expect(await restarted()).toEqual([["warm"]]);
  });

  it("that holds too many tensors is stopped with their number and what to do, and everything of it is freed", async () => {
    await limit({ bytes: 10 * 2 ** 20 });
    const before = await tensors(page);
    const { error } = await run(page, "hoard", "const all = [];\nfor (let i = 0; i < 1000; i++)\n  all.push(tf.ones([256, 256]));\nall");
    expect(error).toMatchObject({ name: "TooManyTensorsError", line: 3, message: expect.stringMatching(/^This cell holds 41 tensors, together 10 MB; a cell may hold 10 MB\..*tf\.tidy.*dispose\(\)/) });
    expect(await tensors(page)).toBe(before);
    // tensors that share their values count once
    expect((await run(page, "sharers", "const one = tf.ones([256, 256]);\nconst all = Array.from({ length: 100 }, () => one.reshape([-1]));\nall.length")).error).toBeNull();
    for (const key of ["hoard", "sharers"]) await release(page, key);
    expect(await tensors(page)).toBe(before);
  });

  it("that goes on after it was released is brought to its end", async () => {
    const before = await tensors(page);
    await begin(page, "zombie", "for (;;) { tf.ones([3]); await new Promise((go) => setTimeout(go, 10)) }");
    await wait(1500);
    await release(page, "zombie");
    await wait(500);
    expect(await tensors(page)).toBe(before);
  });
});

describe("a js cell", () => {
  const js = (key: string, source: string) => run(page, key, source, { language: "js" });
  const frame = (key: string) => page.frameLocator(`iframe[title="output of the cell “${key}”"]`);

  it("with a loop that never ends is stopped in its line", async () => {
    await limit({ loop: 0.5 });
    expect((await js("loop", "let n = 0;\nfor (;;) {\n  n++;\n}")).error).toMatchObject({ name: "EndlessLoopError", message: expect.stringMatching(/^The loop in line 2 has been running for \d s without giving way, and was stopped/) });
    expect((await js("loop", "let n = 0; while (n < 1e6) n++; n")).items[0].shown["value"]).toBe(1e6);
    expect((await js("loop", "for (let i = 0; i < 12; i++) { await new Promise((go) => setTimeout(go, 100)) } 5")).items[0].shown["value"]).toBe(5);
  });

  it("that hangs where no guard sees it is ended and named; the others come back by themselves", async () => {
    await limit({ answer: 1.5 });
    await js("good", 'const p = document.createElement("p"); p.textContent = "still here"; p');
    await run(page, "kernel", "const x = tf.ones([2])");
    await begin(page, "hangs", '/^(a+)+$/.test("a".repeat(40) + "b")', { language: "js" });
    expect((await ended(page, "hangs")).error).toMatchObject({ name: "CellCrashError", message: expect.stringMatching(/^“hangs” did not give way for 1.5 s/) });
    await expect.poll(() => frame("good").locator("main").innerText(), { timeout: 10_000 }).toBe("still here");
    expect((await restarted()).flat()).toEqual(["kernel"]);
    expect((await js("hangs", "1 + 1")).items[0].shown["value"]).toBe(2);
    expect(await valueOf(page, "kernel", "1 + 1")).toBe(2);
  });

  it("that hangs in an event handler is named as well", async () => {
    await limit({ answer: 1.5 });
    await js("quiet", "1");
    await js("handler", 'const button = document.createElement("button"); button.textContent = "press"; button.onclick = () => /^(a+)+$/.test("a".repeat(40) + "b"); button');
    await frame("handler").getByRole("button").click({ noWaitAfter: true, timeout: 3000 }).catch(() => {});
    await expect.poll(async () => (await told(page, "handler")).trouble, { timeout: 15_000 }).toEqual([expect.stringMatching(/^“handler” did not give way/)]);
  });

  it("does not hold up the page while it hangs", async () => {
    await limit({ answer: 60 });
    await begin(page, "hangs", '/^(a+)+$/.test("a".repeat(40) + "b")', { language: "js" });
    await wait(1000);
    const start = Date.now();
    expect(await page.evaluate(() => 1 + 1)).toBe(2);
    expect(Date.now() - start).toBeLessThan(500);
  });
});
