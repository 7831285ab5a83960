/** VGG-19 fetched by the page from its real addresses, which lead to servers of the test: redirected, by ranges, over a bad line. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ImportState } from "../../src/models/client";
import { SOURCES } from "../../src/models/sources";
import { sha256 } from "../../src/notebook/sha256";
import { launch } from "./support/chrome";
import { HeapWatch } from "./support/heap";
import { openNotebook } from "./support/own-notebook";
import { calmest, mainThreadTasks } from "./support/trace";
import { playedVgg19, WeightsServer } from "./support/weights-server";

const { vgg19 } = SOURCES;
const MEGABYTE = 2 ** 20;
/** Of the page's scripts and its wasm memory, all workers together. */
const MOST_MEMORY = 250 * MEGABYTE;
/** Processor time of one task of the page, in ms. */
const LONGEST_TASK = 50;
/** With the first request come so many bytes, and the list of tensors among them. */
const FIRST = 65_536;

let server: WeightsServer;
let browser: Browser;
let page: Page;
let errors: string[];

beforeAll(async () => {
  server = await WeightsServer.start(playedVgg19(), new URL(vgg19.url).pathname, { secure: true });
  server.filesAt = "https://cas-bridge.xethub.hf.co";
  const rules = `MAP huggingface.co 127.0.0.1:${server.ports.front}, MAP cas-bridge.xethub.hf.co 127.0.0.1:${server.ports.files}`;
  browser = await launch({ gpu: false, full: true, args: [`--host-resolver-rules=${rules}`, "--ignore-certificate-errors"] });
  ({ page, errors } = await openNotebook(browser, "# Nothing to compute"));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Begins the download, or goes on with it. */
const get = () => page.evaluate((source) => void document.querySelector("nst-app")!.importer!.download(source), vgg19);
const state = (): Promise<ImportState> => page.evaluate(() => document.querySelector("nst-app")!.importer!.jobs.at(-1)!.state);
const act = (what: "pause" | "resume" | "cancel") => page.evaluate((what) => document.querySelector("nst-app")!.importer!.jobs.at(-1)![what](), what);
const until = (what: (state: ImportState) => boolean, timeout = 30_000) => expect.poll(async () => what(await state()), { timeout, interval: 40 }).toBe(true);
/** The same download once more, from its beginning. */
const anew = async () => {
  await page.evaluate(() => document.querySelector("nst-app")!.networks!.remove("vgg19"));
  await get();
  await until(({ phase }) => phase === "done", 60_000);
};
const drafts = () => page.evaluate(() => document.querySelector("nst-app")!.networks!.drafts());
const listed = () => page.evaluate(() => document.querySelector("nst-app")!.networks!.list());

/** Watches the page while `work` goes on, once or, to be sure of the second, again: the most that its scripts held, and the longest that it was busy. */
async function watched(work: (round: number) => Promise<void>): Promise<{ bytes: number; task: { cpu: number; inside: string } }> {
  let bytes = 0;
  const [task] = await calmest(LONGEST_TASK, (round) =>
    mainThreadTasks(browser, page, async (mark) => {
      const heap = await HeapWatch.start(page);
      await mark();
      bytes = Math.max(bytes, await heap.during(() => work(round)));
      await heap.end();
      expect(heap.workersSeen).toBeGreaterThan(2);
    }),
  );
  return { bytes, task };
}

describe("getting VGG-19", () => {
  it("says how fast it comes and how long it takes, pauses and goes on, and is found again after a reload", async () => {
    server.bytesPerSecond = 12e6;
    await get();
    await until(({ phase, secondsLeft }) => phase === "downloading" && secondsLeft !== null);
    const going = await state();
    expect([going.of, going.recognised?.title]).toEqual([vgg19.bytes, expect.stringContaining("VGG-19")]);
    expect(going.bytesPerSecond).toBeLessThan(20e6);
    expect(Math.abs(going.secondsLeft! * going.bytesPerSecond - (going.of - going.done))).toBeLessThan(MEGABYTE);
    await until(({ done }) => done > 4 * MEGABYTE);
    await act("pause");
    expect(await state()).toMatchObject({ phase: "paused", bytesPerSecond: 0, message: "" });
    expect((await drafts())[0].done).toBeGreaterThanOrEqual(3 * MEGABYTE);
    await act("resume");
    await until(({ phase, done }) => phase === "downloading" && done > 8 * MEGABYTE);

    await page.reload();
    await page.waitForFunction(() => document.querySelector("nst-app")?.networks);
    expect((await drafts())[0]).toMatchObject({ source: "vgg19", of: vgg19.bytes });
    expect((await drafts())[0].done).toBeGreaterThanOrEqual(7 * MEGABYTE);
    expect(await listed()).toEqual([]);
  });

  it("goes on after the reload, over a line that breaks, in little memory, while the page answers at once", async () => {
    const [{ done }] = await drafts();
    server.bytesPerSecond = 12e6;
    server.asked.length = 0;
    server.sent = 0;
    let [broken, sent] = ["", 0];
    const { bytes, task } = await watched(async (round) => {
      if (round > 1) return await anew();
      await get();
      // in the middle of the tensors, not between two requests
      await expect.poll(() => server.sent, { interval: 10 }).toBeGreaterThan(FIRST + MEGABYTE);
      server.dropAll();
      server.bytesPerSecond = Infinity;
      await until(({ message, phase }) => ((broken ||= message), phase === "done"), 60_000);
      sent = server.sent;
    });
    expect(broken).toMatch(/^The connection to huggingface\.co (broke|ended early)\. Trying again in 1 s\.$/);
    // nothing that was there is fetched again, but for the piece that was on its way when the line broke
    expect(sent).toBeLessThan(vgg19.bytes - done + FIRST + 4 * MEGABYTE);
    expect(server.ranges.length).toBeGreaterThanOrEqual(3);
    expect(bytes).toBeLessThan(MOST_MEMORY);
    expect([task.cpu < LONGEST_TASK, task.inside]).toEqual([true, task.inside]);
    console.log(`download: at most ${(bytes / MEGABYTE).toFixed(0)} MB, longest task of the page ${task.cpu.toFixed(1)} ms`);
  });

  it("gives the numbers that the file has, bit for bit", async () => {
    const [network] = await listed();
    expect(network).toMatchObject({ id: "vgg19", licence: "BSD-3-Clause", bytes: vgg19.bytes, card: { title: expect.stringContaining("VGG-19") } });
    const start = 8 + Number(server.file.read(0, 8).readBigUInt64LE());
    const header = JSON.parse(server.file.read(8, start).toString()) as Record<string, { data_offsets: [number, number] }>;
    for (const [key, name] of [["block1_conv1.bias", "features.0.bias"], ["block3_conv4.kernel", "features.16.weight"], ["block5_conv4.kernel", "features.34.weight"]]) {
      const [from, to] = header[name].data_offsets;
      expect([key, network.tensors.find((tensor) => tensor.key === key)!.sha256]).toEqual([key, await sha256(new Uint8Array(server.file.read(start + from, start + to)))]);
    }
    expect(await page.evaluate(async () => (await document.querySelector("nst-app")!.networks!.tensor("vgg19", "block5_conv4.kernel")).shape)).toEqual([512, 512, 3, 3]);
  });

  it("asks nobody for permission, at addresses that the page's own policy lets it reach", async () => {
    // the page itself, not its worker, which browsers do not all hold to the same policy
    const status = await page.evaluate((url) => fetch(url, { headers: { Range: "bytes=0-7" }, credentials: "omit" }).then((answer) => answer.status), vgg19.url);
    expect(status).toBe(206);
    expect(new Set(server.asked.map(({ method }) => method))).toEqual(new Set(["GET"]));
    expect(await page.evaluate(() => fetch("https://example.com/").then(() => "reached", () => "blocked"))).toBe("blocked");
  });

  it("is told what to do when it is refused", async () => {
    await page.evaluate(() => document.querySelector("nst-app")!.networks!.remove("vgg19"));
    server.refusing = 403;
    await get();
    await until(({ phase }) => phase === "failed");
    expect((await state()).message).toBe("huggingface.co does not hand out the file (403): it may ask for an account, or something on the way blocks it.");
    server.refusing = 0;
    await page.evaluate(() => document.querySelector("nst-app")!.networks!.restore("vgg19"));
    expect((await listed()).map(({ id }) => id)).toEqual(["vgg19"]);
  });
});

describe("a file of 80 MB", () => {
  it("is read and kept in less than 250 MB of memory, while the page answers at once", async () => {
    const file = await page.evaluateHandle(async () => new File([await document.querySelector("nst-app")!.networks!.file("vgg19", "weights.safetensors")], "weights.safetensors"));
    const { bytes, task } = await watched(async () => {
      await page.evaluate((file) => void document.querySelector("nst-app")!.importer!.importFiles([file]), file);
      await until(({ phase }) => phase === "done" || phase === "failed", 60_000);
    });
    // its numbers are those of the network that is there: it is not kept twice
    expect(await state()).toMatchObject({ phase: "done", done: vgg19.bytes, network: { id: "vgg19" } });
    expect((await listed()).length).toBe(1);
    expect(bytes).toBeLessThan(MOST_MEMORY);
    expect([task.cpu < LONGEST_TASK, task.inside]).toEqual([true, task.inside]);
    console.log(`file: at most ${(bytes / MEGABYTE).toFixed(0)} MB, longest task of the page ${task.cpu.toFixed(1)} ms`);
  });
});

describe("a disk that is full", () => {
  it("pauses the download with what to do, keeps what has arrived, and forgets it when it is given up", async () => {
    await page.close();
    const small = await browser.newContext({ serviceWorkers: "block" });
    const session = await small.newCDPSession(await small.newPage());
    // before the page asks for any room: what it was granted once, it may use up
    const allow = (quotaSize: number) => session.send("Storage.overrideQuotaForOrigin", { origin: new URL(inject("pages")).origin, quotaSize });
    await allow(6 * MEGABYTE);
    page = await small.newPage();
    await page.goto(`${inject("pages")}workbench.html`);
    await page.waitForFunction(() => document.querySelector("nst-app")?.networks);
    await get();
    await until(({ phase }) => phase === "paused");
    expect((await state()).message).toMatch(/^VGG-19.* does not fit: the browser gives this page no more room\. What has arrived stays\. Free some room under “Storage” or remove a network, then go on\.$/);
    const [draft] = await drafts();
    expect(draft.done).toBeGreaterThan(MEGABYTE);
    await allow(1e9);
    await act("resume");
    await until(({ phase, done }) => phase === "downloading" && done > draft.done + 2 * MEGABYTE);
    await act("cancel");
    await expect.poll(drafts).toEqual([]);
    await expect.poll(() => page.evaluate(() => document.querySelector("nst-app")!.networks!.usage())).toBe(0);
    expect(await state()).toMatchObject({ phase: "failed", message: "Cancelled. Nothing of it is kept." });
    await small.close();
  });

  it("and all the rest leaves no error that the page did not expect", () => {
    expect(errors.filter((error) => !/Failed to load resource|example\.com|webgl backend does not start|no WebGPU adapter/.test(error))).toEqual([]);
  });
});
