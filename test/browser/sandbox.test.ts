import { availableParallelism } from "node:os";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { launch } from "./support/chrome";
import { openPage, type OpenedPage } from "./support/page";
import { begin, ended, release, run, tensors, told, valueOf } from "./support/sandbox";

let browser: Browser;
let opened: OpenedPage;
const of = (key: string, name?: string) => ({ of: key, name });

async function open(pages: string): Promise<void> {
  opened = await openPage(browser, `${pages}sandbox.html`);
  await opened.page.waitForFunction(() => window.ready);
}

beforeAll(async () => {
  browser = await launch({ gpu: false });
  await open(inject("pages"));
});
afterAll(() => browser?.close());

describe("kernel cells", () => {
  const page = () => opened.page;
  const kernel = (key: string, source: string, inputs = {}) => run(page(), key, source, { inputs });

  it("start nothing before the first of them runs", async () => {
    expect(await page().locator("iframe").count()).toBe(0);
    expect(await valueOf(page(), "first", "1 + 1")).toBe(2);
    expect(await page().locator("iframe").count()).toBe(1);
    expect(await page().locator("iframe").isHidden()).toBe(true);
  });

  it("have tf on wasm, with the threads of an isolated page", async () => {
    const value = (await valueOf(page(), "threads", "({ backend: tf.getBackend(), workers: tf.backend().wasm.PThread?.runningWorkers.length })")) as { backend: string; workers: number };
    expect(value.backend).toBe("wasm");
    if (availableParallelism() >= 2) expect(value.workers).toBeGreaterThanOrEqual(1);
    if (availableParallelism() === 2) expect(value.workers).toBe(1);
  });

  it("give plain data as it is, and of tensors what they look like", async () => {
    const { items, done } = await kernel("look", "const x = tf.tensor2d([[1, 2], [3, NaN]]);\nconst n = 5;\nconst list = [1, { a: 'b' }];\nx");
    expect(done).toBe(true);
    const [{ names, shown }] = items;
    expect([names["n"], names["list"]]).toEqual([5, [1, { a: "b" }]]);
    expect(names["x"]).toEqual({ stays: shown });
    expect(shown).toMatchObject({ kind: "tensor", shape: [2, 2], dtype: "float32", bytes: 16, min: 1, max: 3, mean: 2, bad: 1, look: { as: "table", rows: 2, columns: 2 } });
  });

  it("lend each other tensors, functions and networks; what a page reads of them is data", async () => {
    await kernel("A", "const a = tf.tensor1d([1, 2, 3]);\nfunction twice(x) { return x.mul(2); }");
    expect(await valueOf(page(), "B", "[...twice(a).dataSync()]", { inputs: { a: of("A"), twice: of("A") } })).toEqual([2, 4, 6]);
    expect(await page().evaluate(async () => {
      const { shape, data } = (await window.sandbox.read("A", "a")) as { shape: number[]; data: Float32Array };
      return [shape, [...data]];
    })).toEqual([[3], [1, 2, 3]]);
    await expect(page().evaluate(() => window.sandbox.read("A", "twice"))).rejects.toThrow(/“twice” is a function/);
    await kernel("net", 'const vgg = await nst.loadNetwork("vgg19-slim");\nconst picture = await nst.openPicture("great-wave.jpg", { width: 48, height: 32 })');
    const { items, error } = await kernel("features", 'nst.features(vgg, picture, ["block1_conv1"]).block1_conv1', { vgg: of("net"), picture: of("net") });
    expect(error).toBeNull();
    expect(items[0].shown).toMatchObject({ kind: "tensor", shape: [1, 32, 48, 16], look: { as: "maps", channels: 16, shown: 16, width: 48, height: 32, every: 1 } });
    for (const key of ["A", "B", "net", "features"]) await release(page(), key);
  });

  it("share a network that several of them load; it is freed with the last", async () => {
    const before = await tensors(page());
    const load = 'const vgg = await nst.loadNetwork("vgg19-slim")';
    await kernel("net 1", load);
    const one = await tensors(page());
    await kernel("net 2", load);
    expect([one > before, await tensors(page())]).toEqual([true, one]);
    await release(page(), "net 1");
    expect(await tensors(page())).toBe(one);
    await release(page(), "net 2");
    expect(await tensors(page())).toBe(before);
    expect((await kernel("net 3", 'await nst.loadNetwork("no-such")')).error!.message).toMatch(/There is no models\/no-such\/model.json/);
  });

  it("read pictures as the image cell does, from top left in 0 … 1", async () => {
    const { items } = await kernel("wave", 'const wave = await nst.openPicture("great-wave.jpg", { width: 32, height: 24 });\nconst again = nst.toPicture(nst.pictureTensor(nst.toPicture(wave)));\nwave');
    expect(items[0].shown).toMatchObject({ shape: [24, 32, 3], look: { as: "picture", width: 32, height: 24, range: [0, 1] } });
    expect(items[0].shown.min).toBeGreaterThanOrEqual(0);
    expect(items[0].shown.max).toBeLessThanOrEqual(1);
    expect(items[0].names["again"]).toMatchObject({ width: 32, height: 24 });
    expect((await kernel("no", 'await nst.openPicture("no-such.jpg", { width: 32, height: 24 })')).error!.message).toMatch(/There is no samples\/no-such.jpg in this workbench/);
    await release(page(), "wave");
  });

  it("say where their code threw, also from within tfjs", async () => {
    expect((await kernel("thrower", "const a = 1;\nconst b = null;\nb.foo()")).error).toMatchObject({ type: expect.any(String), name: "TypeError", line: 3 });
    const deep = await kernel("deep", "const a = tf.ones([2, 3]);\n\nconst b = a.matMul(tf.ones([2, 3]))");
    expect(deep.error).toMatchObject({ line: 3, message: expect.stringMatching(/inner shapes/) });
  });

  it("pass on what they write to the console", async () => {
    const { items } = await kernel("log", 'console.log("a", 1, [2]);\nconsole.warn(tf.scalar(3));\n1');
    expect(items[0].logs).toEqual(["a 1 [2]", expect.stringMatching(/^Tensor\s+3$/)]);
  });

  it("free what they computed on the way when they are done, and the rest when they are released", async () => {
    const before = await tensors(page());
    const { items } = await kernel("tidied", "const a = tf.ones([10]);\nconst b = a.add(1).mul(2).sub(a);\nconst f = () => a.add(b);\nconst v = tf.variable(a);\nb.sum()");
    expect(items[0]).toMatchObject({ tensors: 4, bytes: 10 * 4 * 2 + 4 });
    expect(await tensors(page())).toBe(before + 4);
    expect(await valueOf(page(), "later", "f().dataSync()[0]", { inputs: { f: of("tidied") } })).toBe(4);
    await release(page(), "later");
    await release(page(), "tidied");
    expect(await tensors(page())).toBe(before);
  });

  it("keep what a later run still uses until that is released too", async () => {
    const before = await tensors(page());
    await kernel("made", "const w = tf.variable(tf.ones([3]))");
    await begin(page(), "user", "for (;;) { w.assign(w.add(1)); yield [...w.dataSync()]; await new Promise((go) => setTimeout(go, 20)) }", { inputs: { w: of("made") } });
    await expect.poll(async () => (await told(page(), "user")).items.length).toBeGreaterThan(1);
    await release(page(), "made");
    const seen = (await told(page(), "user")).items.length;
    await expect.poll(async () => (await told(page(), "user")).items.length).toBeGreaterThan(seen + 1);
    expect((await told(page(), "user")).error).toBeNull();
    await release(page(), "user");
    await expect.poll(() => tensors(page())).toBe(before);
  });

  it("train again with an optimiser of another cell after they were run again", async () => {
    const before = await tensors(page());
    await kernel("opt", "const x = tf.variable(tf.scalar(3));\nconst adam = tf.train.adam(0.1)");
    const train = "for (let i = 0; i < 3; i++) { adam.minimize(() => x.square()); yield x.dataSync()[0] }";
    for (let again = 0; again < 2; again++) {
      const { items, error } = await kernel("train", train, { x: of("opt"), adam: of("opt") });
      expect(error).toBeNull();
      expect(items.at(-1)!.shown["value"]).toBeLessThan(3 - 0.25 * (again + 1));
      await release(page(), "train");
    }
    await release(page(), "opt");
    await expect.poll(() => tensors(page())).toBe(before);
  });

  it("give values one after the other, which they may dispose: the first at once, not more than anybody can see, and the last", async () => {
    const before = await tensors(page());
    const { items, done } = await kernel("stream", "for (let i = 0; i < 2000; i++) { const t = tf.fill([4], i); yield t; t.dispose() }");
    expect(done).toBe(true);
    expect(items[0].item).toBe(1);
    expect(items.at(-1)).toMatchObject({ item: 2000, shown: { min: 1999, max: 1999 } });
    expect(items.length).toBeLessThan(200);
    await release(page(), "stream");
    expect(await tensors(page())).toBe(before);
  });

  it("end their streams when they are released: finally blocks run, and invalidation resolves", async () => {
    await kernel("notes", "const notes = []; const note = (text) => notes.push(text); const read = () => notes.join()");
    await begin(page(), "open", "invalidation.then(() => note('invalid')); try { for (let i = 0; ; i++) { yield i; await new Promise((go) => setTimeout(go, 5)) } } finally { note('finally') }", { inputs: { note: of("notes") } });
    await expect.poll(async () => (await told(page(), "open")).items.length).toBeGreaterThan(0);
    await release(page(), "open");
    await expect.poll(() => valueOf(page(), "reader", "read()", { inputs: { read: of("notes") } })).toMatch(/invalid,finally|finally,invalid/);
  });

  it("take turns where they wait, so that each one's tensors are its own, and none waits for ever", async () => {
    await page().evaluate(() => window.sandbox.reset({ patience: 0.5 }));
    const before = await tensors(page());
    const slow = "const a = tf.ones([5]); await new Promise((go) => setTimeout(go, 100)); const b = a.add(1); b.dataSync()[0]";
    await Promise.all([begin(page(), "one", slow), begin(page(), "two", slow)]);
    expect((await ended(page(), "one")).items[0].tensors).toBe(2);
    expect((await ended(page(), "two")).items[0].tensors).toBe(2);
    await begin(page(), "never", "const x = tf.ones([1]); await new Promise(() => {})");
    expect((await kernel("after", "await null; const y = tf.ones([2]); y.size")).done).toBe(true);
    for (const key of ["one", "two", "never", "after"]) await release(page(), key);
    await expect.poll(() => tensors(page())).toBe(before);
  });

  it("reject values that are gone", async () => {
    await kernel("short", "const x = tf.ones([2])");
    const reading = page().evaluate(async () => {
      const value = window.sandbox.value("short", "x") as { read(): Promise<unknown> };
      window.sandbox.release("short");
      return value.read().then(() => "read", (error: Error) => error.message);
    });
    expect(await reading).toMatch(/This value is gone/);
  });

  it("compute with one thread where the page is not isolated", async () => {
    const isolated = opened;
    await open(inject("plainPages"));
    expect(await valueOf(page(), "plain", "[tf.getBackend(), tf.ones([64, 64]).matMul(tf.ones([64, 64])).sum().dataSync()[0], typeof SharedArrayBuffer, tf.backend().wasm.PThread === undefined]")).toEqual(["wasm", 64 ** 3, "undefined", true]);
    expect(opened.errors).toEqual([]);
    await page().close();
    opened = isolated;
  });
});

describe("js cells", () => {
  const page = () => opened.page;
  const js = (key: string, source: string, inputs = {}) => run(page(), key, source, { language: "js", inputs });
  const frame = (key: string) => page().frameLocator(`iframe[title="output of the cell “${key}”"]`);
  const heightOf = (key: string) => page().locator(`iframe[title="output of the cell “${key}”"]`).evaluate((element) => element.getBoundingClientRect().height);

  it("show a node in place, in a frame as high as it is", async () => {
    const { items } = await js("node", 'const box = document.createElement("div");\nbox.style.height = "123px";\nbox.textContent = "hello";\nbox');
    expect(items[0].shown).toEqual({ kind: "node" });
    await expect.poll(() => frame("node").locator("main").innerText()).toBe("hello");
    await expect.poll(() => heightOf("node")).toBe(129);
    await js("node", 'const box = document.createElement("div");\nbox.style.height = "40px";\nbox');
    await expect.poll(() => heightOf("node")).toBe(46);
  });

  it("draw nothing for plain data, which the page draws", async () => {
    const { items } = await js("data", "const xs = [1, 2, 3];\nxs.map((x) => x * x)");
    expect(items[0]).toMatchObject({ names: { xs: [1, 2, 3] }, shown: { kind: "data", value: [1, 4, 9] } });
    expect(await heightOf("data")).toBe(0);
  });

  it("read what kernel cells give, tensors as data", async () => {
    await run(page(), "K", "const t = tf.tensor2d([[1, 2], [3, 4]])");
    const { items } = await js("reads", "[t.shape, [...t.data], n]", { t: of("K"), n: 7 });
    expect(items[0].shown["value"]).toEqual([[2, 2], [1, 2, 3, 4], 7]);
  });

  it("have Plot, in the page's colours", async () => {
    const { error } = await js("plot", "Plot.plot({ height: 120, marks: [Plot.lineY([1, 3, 2], { stroke: 'var(--content)' })] })");
    expect(error).toBeNull();
    await frame("plot").locator('svg [aria-label="line"] path').waitFor();
    const colour = () => frame("plot").locator("svg").evaluate((svg) => getComputedStyle(svg).color);
    expect(await colour()).toBe("rgb(29, 29, 27)");
    await page().evaluate(() => (document.documentElement.dataset["theme"] = "dark"));
    await expect.poll(colour).toBe("rgb(236, 235, 230)");
    await page().evaluate(() => (document.documentElement.dataset["theme"] = "light"));
  });

  it("give values one after the other and keep their output until the next is there", async () => {
    await js("keep", 'const p = document.createElement("p");\np.textContent = "first";\np');
    await begin(page(), "keep", 'await new Promise((go) => setTimeout(go, 400));\nconst p = document.createElement("p");\np.textContent = "second";\np', { language: "js" });
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(await frame("keep").locator("main").innerText()).toBe("first");
    await ended(page(), "keep");
    expect(await frame("keep").locator("main").innerText()).toBe("second");
    const { items } = await js("counts", "for (let i = 1; i <= 500; i++) yield i");
    expect([items[0].item, items.at(-1)!.item, items.at(-1)!.shown["value"]]).toEqual([1, 500, 500]);
    expect(items.length).toBeLessThan(50);
  });

  it("say where their code threw, and tell of errors in event handlers and timers", async () => {
    expect((await js("throws", "1;\n\nnull.x")).error).toMatchObject({ name: "TypeError", line: 3 });
    await js("button", 'const button = document.createElement("button");\nbutton.textContent = "press";\nbutton.onclick = () => { throw new Error("pressed") };\nbutton');
    await frame("button").getByRole("button").click();
    await expect.poll(async () => (await told(page(), "button")).trouble).toEqual(["pressed"]);
  });

  it("run again by themselves when they are moved in the page", async () => {
    await js("moved", 'const p = document.createElement("p");\np.textContent = "here";\np');
    await page().evaluate(() => {
      const { element } = window.sandbox.frame("moved");
      document.body.prepend(element);
    });
    await expect.poll(() => frame("moved").locator("main").innerText()).toBe("here");
  });

  it("are gone when they are removed", async () => {
    await js("removed", 'document.createElement("p")');
    await page().evaluate(() => window.sandbox.frame("removed").remove());
    expect(await page().locator('iframe[title="output of the cell “removed”"]').count()).toBe(0);
  });

  it("make no noise", () => {
    expect(opened.errors.filter((error) => !/pressed|404/.test(error))).toEqual([]);
  });
});
