/** The built workbench as a notebook: code that a person writes, with everything behind it real. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type {} from "../../src/cells/app";
import { parse } from "../../src/notebook/parse";
import { encodeShared } from "../../src/notebook/share";
import { launch } from "./support/chrome";
import { openPage } from "./support/page";
import { RunCell, Workbench } from "./support/workbench";
import { settled } from "./support/own-notebook";

let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: string[];

beforeAll(async () => void (browser = await launch({ gpu: false })));
afterEach(() => context?.close());
afterAll(() => browser?.close());

/** Opens an address of the app in a browser that has never seen it. */
async function open(hash: string): Promise<void> {
  context = await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 900 }, reducedMotion: "reduce" });
  ({ page, errors } = await openPage(context, `${inject("app")}${hash}`));
  page.setDefaultTimeout(20_000);
  await page.waitForFunction(() => document.querySelector("nst-notebook") && document.querySelector("nst-app")!.kernels!.status.state === "ready", null, { timeout: 60_000 });
}

/** A new notebook of the person's own with this text, open. */
async function write(text: string): Promise<void> {
  await open("#/writing-cells");
  const name = await page.evaluate(async () => {
    const name = await document.querySelector("nst-app")!.workspace!.create();
    location.hash = `#/${name}`;
    return name;
  });
  await page.waitForFunction((name) => document.querySelector("nst-notebook")?.session?.name === name, name);
  await change(text);
}

/** Gives the open notebook another text, as an edit. */
async function change(text: string): Promise<void> {
  await page.evaluate((text) => document.querySelector("nst-notebook")!.session!.change(text, "edit"), text);
  await settled(page);
}

const value = <T>(name: string): Promise<T> => page.evaluate((name) => document.querySelector("nst-notebook")!.graph.value(name) as Promise<never>, name);
/** The cell that declares a name. */
const cell = (name: string) => page.locator("nst-code").filter({ has: page.getByRole("group", { name, exact: true }) }).first();
/** What the header says: step, time, tensors. */
const header = async (name: string) => (await cell(name).locator("header").innerText()).replace(/\s+/g, " ");
/** All that is written in a code cell. */
const written = (i: number) => page.locator("nst-code").nth(i).evaluate((element) => element.shadowRoot!.textContent!.replace(/\s+/g, " "));

const PICTURES = `<nst-network as="network"></nst-network>

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>

<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>
`;

/** The seed's program: model, content cost, style cost, total cost, Adam, clip. In plain TensorFlow.js, with its tape. */
const SEED_PARTS = `
\`\`\`js kernel
const net = await nst.loadNetwork(network)
const content_layer = "block4_conv2"
const style_layers = ["block1_conv1", "block2_conv1", "block3_conv1", "block4_conv1", "block5_conv1"]

function model(picture) {
  let x = nst.preprocess(picture, net.card.input)
  const outputs = {}
  for (const node of net.nodes) {
    if (node.kind === "conv") {
      x = tf.conv2d(x, node.kernel, 1, "same").add(node.bias)
      outputs[node.name] = x = tf.relu(x)
    } else x = tf.avgPool(x, node.size, node.size, "valid")
  }
  return outputs
}

function gram_matrix(features) {
  const [, h, w, n] = features.shape
  const F = features.reshape([h * w, n])
  return tf.matMul(F, F, true, false).div(h * w)
}

const compute_content_cost = (content, generated) => tf.mean(tf.square(content.sub(generated)))
const compute_style_cost = (style, generated) => tf.mean(tf.square(style.sub(gram_matrix(generated))))
\`\`\`
`;

const SEED_LOOP = `function* run_style_transfer() {
  const C = tf.tidy(() => tf.keep(model(nst.pictureTensor(content.picture))[content_layer]))
  const A = tf.tidy(() => { const maps = model(nst.pictureTensor(style.picture)); return style_layers.map((layer) => tf.keep(gram_matrix(maps[layer]))) })
  const image = tf.variable(nst.pictureTensor(content.picture))
  const opt = tf.train.adam(0.02)
  for (let step = 0; step < 10000; step++) {
    const cost = opt.minimize(() => tf.tidy(() => {
      const outputs = model(image)
      const style_cost = tf.addN(style_layers.map((layer, i) => compute_style_cost(A[i], outputs[layer])))
      return style_cost.add(compute_content_cost(C, outputs[content_layer]).mul(0.1)).asScalar()
    }), true, [image])
    const clipped = tf.tidy(() => image.clipByValue(0, 1))
    image.assign(clipped)
    clipped.dispose()
    const total = cost.dataSync()[0]
    cost.dispose()
    yield { step, total, image }
  }
}`;

describe("the seed's training loop, written by the reader in a function* cell", () => {
  it("runs step by step before their eyes, lowers its cost, and stops when they say so", async () => {
    await write(`# The seed\n\n${PICTURES}${SEED_PARTS}\n\`\`\`js kernel edit manual\n0\n\`\`\`\n`);
    const editor = page.locator("nst-code .cm-content").last();
    await editor.click();
    await page.keyboard.press("Control+a");
    // as pasted: a person's editor would close every bracket that is typed
    await page.keyboard.insertText(SEED_LOOP);
    await page.keyboard.press("Control+Enter");
    const seen = async () => value<{ step: number; total: number } | null>("lastTotal").catch(() => null);
    await change(`${await page.evaluate(() => document.querySelector("nst-notebook")!.session!.text)}\n\`\`\`js kernel\nconst lastTotal = { step: run_style_transfer.step, total: run_style_transfer.total }\n\`\`\`\n`);
    await expect.poll(async () => (await seen())?.step ?? -1, { timeout: 60_000 }).toBeGreaterThan(0);
    const first = (await seen())!;
    await expect.poll(async () => (await seen())!.step, { timeout: 60_000 }).toBeGreaterThan(first.step + 8);
    expect((await seen())!.total).toBeLessThan(first.total);
    expect(await header("run_style_transfer")).toMatch(/step \d+/);
    // a picture, three channels: the generated one
    await expect.poll(() => cell("run_style_transfer").locator("canvas").count()).toBeGreaterThan(0);
    await cell("run_style_transfer").getByRole("button", { name: "Stop" }).click();
    await page.waitForTimeout(1500);
    const stopped = await header("run_style_transfer");
    await page.waitForTimeout(1500);
    expect(await header("run_style_transfer")).toBe(stopped);
    expect(errors).toEqual([]);
  });
});

describe("fifty edits at random", () => {
  it("leave as many tensors as there were, and the same values", async () => {
    const text = (size: number, factor: number, loop: string) =>
      `# Edits\n\n<nst-network as="network"></nst-network>\n\n<nst-image as="photo" src="owl.jpg" size="${size}"></nst-image>\n\n\`\`\`js kernel\nconst x = nst.pictureTensor(photo.picture).mul(${factor})\n\`\`\`\n\n\`\`\`js kernel\nconst small = tf.image.resizeBilinear(x, [8, 8])\nconst mean = (await small.mean().data())[0]\n\`\`\`\n\n\`\`\`js kernel\n${loop}\n\`\`\`\n\n\`\`\`js\nconst doubled = mean * 2\ndocument.createTextNode(String(doubled))\n\`\`\`\n`;
    const LOOPS = ["function* grow() { let t = tf.zeros([4]); for (let i = 0; i < 1e6; i++) { const next = t.add(1); t.dispose(); t = next; yield t } }", "const grow = small.square()", "throw new Error('on purpose')", "const grow = ("];
    const START = text(64, 1, LOOPS[1]);
    await write(START);
    // all of it on the screen, so that all of it runs
    await page.setViewportSize({ width: 1280, height: 4000 });
    await expect.poll(() => page.evaluate(() => document.querySelector("nst-notebook")!.graph.describe().some(({ state }) => state === "resting"))).toBe(false);
    const total = () => page.evaluate(async () => (await document.querySelector("nst-app")!.sandboxes!.kernel.memory()).tensors);
    await expect.poll(() => value<number>("doubled"), { timeout: 30_000 }).toBeGreaterThan(0);
    await settled(page);
    const before = { total: await total(), doubled: await value<number>("doubled") };
    expect(before.total).toBeGreaterThan(0);
    let seed = 42;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    for (let i = 0; i < 50; i++) {
      await page.evaluate((text) => document.querySelector("nst-notebook")!.session!.change(text, "edit"), text([64, 96, 32][random(3)], 1 + random(3), LOOPS[random(4)]));
      // some edits meet a cell in the middle of its work
      if (random(2) === 0) await page.waitForTimeout(random(150));
      else await settled(page);
    }
    await change(START);
    await expect.poll(total, { timeout: 30_000 }).toBe(before.total);
    expect(await value<number>("doubled")).toBe(before.doubled);
    expect(errors).toEqual([]);
  });
});

describe("an endless loop in a kernel cell", () => {
  it("is stopped by hand or by the watchdog, while a run in the engine goes on as if nothing had happened", async () => {
    await write(`# Loop\n\n${PICTURES}\n<nst-settings as="settings" network="network" steps="4000"></nst-settings>\n\n<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>\n\n\`\`\`js kernel\nconst before = 41\n\`\`\`\n\n\`\`\`js kernel manual\nfor (;;) {}\n\`\`\`\n\n\`\`\`js kernel\nconst after = before + 1\n\`\`\`\n`);
    const run = new RunCell(new Workbench(page, errors), "G");
    await run.start();
    await run.untilStep(3);
    const endless = page.locator("nst-code").nth(1);
    await endless.getByRole("button", { name: "Run" }).click();
    const start = (await run.seen()).step;
    // the watchdog's own limit, with nothing shortened
    await expect.poll(() => written(1), { timeout: 60_000 }).toMatch(/did not give way for \d+ s.*loop that never ends/);
    const seen = await run.seen();
    expect(seen.state).toBe("running");
    expect(seen.step).toBeGreaterThan(start + 8);
    expect(seen.notice).toBeNull();
    await settled(page);
    expect(await value<number>("after")).toBe(42);
    await change((await page.evaluate(() => document.querySelector("nst-notebook")!.session!.text)).replace("before + 1", "before + 2"));
    expect(await value<number>("after")).toBe(43);
    expect(errors).toEqual([]);
  });
});

describe("a notebook that came by a link", () => {
  /** The names of storage and network are no names of a cell's language: whoever wants them has to come by the global object. */
  const FOREIGN = `# A gift

\`\`\`js
const tried = {}
const global = document.defaultView
for (const [name, attempt] of Object.entries({
  storage: () => new Promise((yes, no) => { const open = global.indexedDB.open("nst-workbench"); open.onsuccess = () => yes("read"); open.onerror = () => no(open.error) }),
  localStorage: () => global.localStorage.length,
  network: () => global.fetch("{ADDRESS}stolen").then(() => "sent"),
  picture: () => new Promise((yes, no) => { const image = new Image(); image.onload = () => yes("loaded"); image.onerror = () => no(new TypeError()); image.src = "{ADDRESS}stolen.png" }),
  parent: () => global.parent.document.title,
  navigation: () => { global.top.location.href = "{ADDRESS}stolen"; return "left" },
})) {
  try { tried[name] = String(await attempt()) } catch (error) { tried[name] = "refused: " + error.name }
}
\`\`\`

\`\`\`js kernel
const fromKernel = {}
const worker = tf.env().global
for (const [name, attempt] of Object.entries({
  storage: () => new Promise((yes, no) => { const open = worker.indexedDB.open("nst-workbench"); open.onsuccess = () => yes("read"); open.onerror = () => no(open.error) }),
  network: () => worker.fetch("{ADDRESS}stolen").then(() => "sent"),
  socket: () => new worker.WebSocket("{ADDRESS}stolen".replace("http", "ws")).url,
})) {
  try { fromKernel[name] = String(await attempt()) } catch (error) { fromKernel[name] = "refused: " + error.name }
}
\`\`\`
`;

  it("opens in a fresh browser with its text, parameters and edits, shows its code, and runs it only when the reader agrees", async () => {
    const text = "# A gift\n\n<nst-network as=\"network\"></nst-network>\n\n<nst-image as=\"photo\" src=\"owl.jpg\" size=\"64\"></nst-image>\n\n```js kernel\nconst n = 6 * 7\n```\n";
    const photo = parse(text).cells.find((cell) => cell.kind === "element" && cell.tag === "nst-image")!;
    const hash = await encodeShared({ name: "a-gift", title: "A gift", text, params: { [photo.id]: { size: "96", src: "cat.jpg" } }, drafts: {} });
    await open(hash);
    await settled(page);
    expect(page.url()).toMatch(/#\/a-gift$/);
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toContain("A gift");
    expect(await page.evaluate(async () => { const photo = await document.querySelector("nst-notebook")!.graph.value("photo") as { name: string; picture: { width: number } }; return [photo.name, photo.picture.width]; })).toEqual(["cat.jpg", 96]);
    expect(await page.locator("nst-code").getByText("6 * 7").count()).toBeGreaterThan(0);
    await expect(value("n")).rejects.toThrow();
    await page.getByRole("button", { name: "Run its code" }).first().click();
    await expect.poll(() => value("n").catch(() => null)).toBe(42);
    await page.reload();
    await page.waitForFunction(() => document.querySelector("nst-notebook"));
    // agreed is agreed
    await expect.poll(() => value("n").catch(() => null), { timeout: 20_000 }).toBe(42);
  });

  it("is what the writer had before them: text, what was set and what was typed, from “Copy link” to another browser", async () => {
    await write("# Mine\n\n<nst-network as=\"network\"></nst-network>\n\n<nst-image as=\"photo\" src=\"owl.jpg\" size=\"64\"></nst-image>\n\n```js kernel edit\nconst answer = 42\n```\n");
    await page.locator('[as="photo"]').getByRole("combobox", { name: "Size" }).selectOption("128");
    await page.locator("nst-code .cm-content").click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(" + 1");
    await page.waitForTimeout(600); // typed, not run
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByText("The link is copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const text = await page.evaluate(() => document.querySelector("nst-notebook")!.session!.text);
    await context.close();
    expect(link.startsWith(`${inject("app")}#`)).toBe(true);
    await open(link.slice(inject("app").length));
    await settled(page);
    expect(await page.evaluate(() => document.querySelector("nst-notebook")!.session!.text)).toBe(text);
    expect((await value<{ picture: { width: number } }>("photo")).picture.width).toBe(128);
    await page.getByRole("button", { name: "Run its code" }).first().click();
    await expect.poll(() => value("answer").catch(() => null)).toBe(42);
    expect(await page.locator("nst-code .cm-content").innerText()).toContain("42 + 1");
    expect(errors).toEqual([]);
  });

  it("reaches neither storage nor network nor the page, even after the reader agreed", async () => {
    const address = inject("app");
    const text = FOREIGN.replaceAll("{ADDRESS}", address);
    const hash = await encodeShared({ name: "a-gift", title: "A gift", text, params: {}, drafts: {} });
    await open(hash);
    const sent: string[] = [];
    // what a frame or worker of the notebook wanted, and what a server would have seen
    page.on("requestfinished", (request) => void (request.url().includes("stolen") && sent.push(request.url())));
    await page.getByRole("button", { name: "Run its code" }).first().click();
    await expect.poll(() => value<Record<string, string>>("tried").catch(() => null), { timeout: 30_000 }).not.toBeNull();
    await expect.poll(() => value<Record<string, string>>("fromKernel").catch(() => null), { timeout: 30_000 }).not.toBeNull();
    for (const [name, attempts] of [["tried", 6], ["fromKernel", 3]] as const) {
      const answers = Object.values(await value<Record<string, string>>(name));
      expect(answers.length).toBe(attempts);
      expect(answers.filter((answer) => !answer.startsWith("refused: "))).toEqual([]);
    }
    expect(sent).toEqual([]);
    expect(page.url()).toMatch(/#\/a-gift$/);
  });
});
