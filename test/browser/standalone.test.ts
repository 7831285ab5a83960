import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { embed, readExported, VERSION, type Embedded } from "../../src/embedded";
import { SAMPLES } from "../../src/cells/samples";
import type { ImageValue } from "../../src/cells/image";
import { launch } from "./support/chrome";
import { FromDisk } from "./support/from-disk";
import { openPage } from "./support/page";
import { Workbench } from "./support/workbench";

let browser: Browser;
let folder: string;
/** text of the page without a notebook of its own */
let text: string;
let empty: string;

/** What the network sees in a sample, counted in one cell and drawn in another. */
const CODE = `# Code

<nst-image as="photo" src="owl.jpg" size="64"></nst-image>
<nst-network as="network"></nst-network>

\`\`\`js kernel
const net = await nst.loadNetwork(network)
const F = nst.features(net, nst.pictureTensor(photo.picture), ["block1_conv1"]).block1_conv1
\`\`\`

\`\`\`js kernel
const shape = nst.gram(F).shape
\`\`\`

\`\`\`js
const area = shape[0] * shape[1]
Plot.barY([area]).plot()
\`\`\`
`;

const notebook: Embedded = {
  version: VERSION,
  id: "0123456789abcdef01234567",
  name: "waves",
  title: "Waves",
  snapshot: { text: "# Waves\n\nProse with </script> and <!-- in it.\n", params: {}, drafts: {} },
  pictures: [],
};

beforeAll(async () => {
  browser = await launch({ gpu: false, full: true });
  // as people name folders
  folder = await mkdtemp(join(tmpdir(), "Mein Ordner #1 "));
  text = await (await fetch(`${inject("app")}standalone.html`)).text();
  empty = join(folder, "standalone.html");
  await writeFile(empty, text);
});
afterAll(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const ready = (page: Page) => page.waitForFunction(() => document.querySelector("nst-app")?.kernels?.status.state === "ready", null, { timeout: 30_000 });

describe("the workbench as one file, opened from disk without a network", () => {
  let disk: FromDisk;
  beforeEach(async () => void (disk = await FromDisk.begin(browser)));
  afterEach(() => disk.close());

  it("runs the first notebook to its end with the network and the pictures inside: the same as on a server, asking for nothing", async () => {
    const costs = async (page: Page, errors: string[]) => {
      await ready(page);
      const workbench = new Workbench(page, errors);
      await workbench.settled();
      await page.getByText("VGG-19 slim (trained by this project)").first().waitFor();
      await workbench.size(64, 4);
      await workbench.run().start();
      const { step, costs } = await workbench.run().until("finished");
      expect([step, costs["total"].length, errors]).toEqual([4, 5, []]);
      return costs["total"];
    };
    const served = await openPage(browser, inject("app"));
    const there = await costs(served.page, served.errors);
    await served.page.close();
    const here = await costs(await disk.open(empty), disk.errors);
    expect(here.at(-1)).toBeLessThan(here[0]);
    for (const [i, cost] of here.entries()) expect(cost / there[i]).toBeCloseTo(1, 5);
    expect(disk.asked).toEqual([]);
  });

  it("shows every sample picture, and who made it", async () => {
    const page = await disk.open(empty);
    await ready(page);
    const cell = page.locator('[as="content"]');
    const thumbnails = cell.getByRole("group", { name: "Sample pictures" }).locator("img");
    await expect.poll(() => thumbnails.evaluateAll((images) => images.filter((image) => (image as HTMLImageElement).naturalWidth > 100).length)).toBe(SAMPLES.length);
    await cell.getByRole("button", { name: SAMPLES[3].title }).click();
    await expect.poll(() => page.evaluate(() => document.querySelector("nst-notebook")!.graph.value("content").then((value) => (value as ImageValue).picture.width))).toBeGreaterThan(100);
    const credits = disk.context.waitForEvent("page");
    await page.getByRole("link", { name: "credits" }).click();
    await expect.poll(async () => (await credits).locator("body").innerText()).toContain("WebMuseum");
    expect(disk.errors).toEqual([]);
  });

  it("can reach nothing outside, whatever its code tries, also where there is a network", async () => {
    const hits: string[] = [];
    const server = createServer((request, response) => void (hits.push(request.url!), response.end()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const page = await browser.newPage();
    try {
      await page.goto(pathToFileURL(empty).href);
      await ready(page);
      const { attempts, violated } = await page.evaluate(async (outside) => {
        const violated: string[] = [];
        addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
        const element = (name: string) =>
          new Promise((resolve) => {
            const element = document.createElement(name) as HTMLImageElement;
            element.onload = () => resolve("reached");
            element.onerror = () => resolve("refused");
            element.src = `${outside}/${name}`;
            document.body.append(element);
          });
        const attempts = await Promise.all([
          fetch(`${outside}/fetch`, { mode: "no-cors" }).then(() => "reached", () => "refused"),
          element("img"),
          element("script"),
          // not at once: what a test evaluates may evaluate
          new Promise((resolve) => setTimeout(resolve)).then(() => (0, eval)("'reached'") as string).catch(() => "refused"),
        ]);
        const frame = document.createElement("iframe");
        frame.src = `${outside}/iframe`;
        document.body.append(frame);
        navigator.sendBeacon(`${outside}/beacon`);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return { attempts, violated };
      }, outside);
      expect(attempts).toEqual(["refused", "refused", "refused", "refused"]);
      expect(violated).toEqual(expect.arrayContaining(["connect-src", "frame-src", "img-src", "script-src-elem"]));
      expect(hits).toEqual([]);
      await fetch(`${outside}/counted`);
      expect(hits).toEqual(["/counted"]);
    } finally {
      await page.close();
      server.close();
    }
  });
});

describe("an exported notebook, opened from disk without a network", () => {
  let disk: FromDisk;
  beforeEach(async () => void (disk = await FromDisk.begin(browser)));
  afterEach(() => disk.close());

  /** Writes a file with a notebook in it. @returns its path */
  const file = async (name: string, change: Partial<Embedded> = {}) => {
    const path = join(folder, name);
    await writeFile(path, embed(text, { ...notebook, ...change }));
    return path;
  };
  const openFile = async (path: string) => {
    const page = await disk.open(path);
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session);
    return page;
  };
  const textOf = (page: Page) => page.evaluate(() => document.querySelector("nst-notebook")!.session!.text);
  const write = (page: Page, text: string) =>
    page.evaluate(async (text) => {
      const { session, keeper } = (await document.querySelector("nst-app")!.workspace!.open("waves"))!;
      session.change(text, "write");
      await keeper.flush();
    }, text);
  const says = (page: Page, words: string | RegExp) => page.locator("nst-notices").getByText(words).waitFor();

  it("is what it was in the workbench, with what was set in it, and runs", async () => {
    const context = await browser.newContext({ serviceWorkers: "block", acceptDownloads: true });
    const workbench = await Workbench.open(context, inject("app"));
    await workbench.size(64, 3);
    const downloading = workbench.page.waitForEvent("download");
    await exportByHand(workbench.page);
    const path = join(folder, "first.html");
    await (await downloading).saveAs(path);
    expect((await downloading).suggestedFilename()).toBe("first-transfer.html");
    expect(workbench.errors).toEqual([]);
    await context.close();

    const page = await openFile(path);
    expect(await page.title()).toMatch(/^From two pictures to a painted one/);
    await ready(page);
    const there = new Workbench(page, disk.errors);
    await there.settled();
    const { size, steps } = await there.settings();
    expect([size, steps]).toEqual([64, 3]);
    await there.run().start();
    expect((await there.run().until("finished")).step).toBe(3);
    expect([disk.errors, disk.asked]).toEqual([[], []]);
  });

  it("keeps what is changed in it, apart from every other file", async () => {
    const [one, two] = [await file("one.html"), await file("two.html", { id: "fedcba9876543210" })];
    const page = await openFile(one);
    await says(page, "What you change is kept in this browser, not in the file");
    await write(page, "# Waves\n\nChanged.\n");
    await page.reload();
    await expect.poll(() => textOf(page)).toBe("# Waves\n\nChanged.\n");
    await says(page, "You see the notebook as you left it in this browser");
    const other = await openFile(two);
    expect(await textOf(other)).toBe(notebook.snapshot.text);
    await page.getByRole("button", { name: "Show what the file holds" }).click();
    expect(await textOf(page)).toBe(notebook.snapshot.text);
    await page.locator("nst-notices").getByRole("button", { name: "Undo" }).click();
    expect(await textOf(page)).toBe("# Waves\n\nChanged.\n");
    expect([disk.errors, disk.asked]).toEqual([[], []]);
  });

  it("shows its code, and runs it when the reader has agreed, once for all times", async () => {
    const page = await openFile(await file("code.html", { snapshot: { ...notebook.snapshot, text: CODE } }));
    await says(page, "Its code is shown and does not run until you agree");
    await page.getByText("nst.gram(F)").first().waitFor();
    expect(page.frames()).toHaveLength(1);
    await page.locator("nst-notices").getByRole("button", { name: "Run its code" }).click();
    const area = () => page.evaluate(() => document.querySelector("nst-notebook")!.graph.value("area") as Promise<number>).catch((error: Error) => error.message);
    await expect.poll(area, { timeout: 30_000 }).toBe(256);
    await page.frameLocator("iframe:not([hidden])").locator("svg rect").first().waitFor();
    await page.evaluate(() => document.querySelector("nst-app")!.workspace!.open("waves").then((opened) => opened!.keeper.flush()));
    await page.reload();
    await page.waitForFunction(() => document.querySelector("nst-notebook")?.session);
    await expect.poll(area, { timeout: 30_000 }).toBe(256);
    expect([disk.errors, disk.asked]).toEqual([[], []]);
  });

  it("can be exported again, as it is now", async () => {
    const page = await openFile(await file("again.html"));
    await write(page, "# Other waves\n\nChanged.\n");
    const downloading = page.waitForEvent("download");
    await exportByHand(page);
    const html = await readFile(await (await downloading).path(), "utf8");
    const made = readExported(html)!;
    expect(made).toEqual({ ...notebook, id: made.id, title: "Other waves", snapshot: { ...notebook.snapshot, text: "# Other waves\n\nChanged.\n" } });
    expect(made.id).not.toBe(notebook.id);
    expect(embed(html, notebook) === embed(text, notebook)).toBe(true);
    expect([disk.errors, disk.asked]).toEqual([[], []]);
  });

  it("has the lessons beside it, and can be read although it is damaged", async () => {
    const damaged = join(folder, "damaged.html");
    await writeFile(damaged, embed(text, notebook).replace('"version":1', '"version"'));
    const page = await openFile(damaged);
    await says(page, "The notebook in this file is damaged");
    expect(await textOf(page)).toContain("# From two pictures to a painted one");
  });
});

describe("the file itself", () => {
  it("holds everything and is not larger than it must be", () => {
    expect(Buffer.byteLength(text)).toBeLessThan(10_000_000);
    const markup = text.replace(/(<script\b[^>]*>)[^]*?<\/script>/g, "$1");
    const outside = [...markup.matchAll(/<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="([^"]{0,60})/g)].map(([, address]) => address);
    expect(markup.match(/<script/g)!.length).toBeGreaterThan(SAMPLES.length);
    expect(outside.filter((address) => !address.startsWith("data:"))).toEqual([]);
    expect(text).not.toContain("sourceMappingURL=");
    expect(text).not.toMatch(/format\(["'](?:woff|truetype)["']\)/);
  });

  it("allows its own script by hash, blobs, and nothing else", () => {
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(text)![1];
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toMatch(/'self'|'unsafe-eval'|https?:|\*/);
    const scripts = /script-src ([^;]*)/.exec(policy)![1].split(" ");
    expect(scripts.filter((source) => !/^'sha256-/.test(source)).sort()).toEqual(["'wasm-unsafe-eval'", "blob:"]);
    expect(/connect-src ([^;]*)/.exec(policy)![1]).toBe("blob:");
  });

  it("has a page before its script has run: title, colours of both themes, a word for readers without JavaScript", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const path = join(folder, "plain.html");
    await writeFile(path, embed(text, notebook));
    await page.goto(pathToFileURL(path).href);
    expect(await page.title()).toBe("Waves");
    expect((await page.locator("body").innerText()).trim()).toMatch(/needs JavaScript/);
    expect(await page.locator('meta[name="color-scheme"]').getAttribute("content")).toBe("light dark");
    await context.close();
  });
});

describe("exporting a notebook", () => {
  let page: Page;
  let errors: string[];
  beforeEach(async () => void ({ page, errors } = await openPage(browser, `${inject("pages")}export.html`)));
  afterEach(() => page.close());

  const exportIt = (source: string) =>
    page.evaluate(async (source) => {
      const { exportHtml, Session, store } = window.exporting;
      const src = await store.pictures.keep(new Blob(["a picture"], { type: "image/png" }), "cat.png");
      await store.pictures.keep(new Blob(["another"], { type: "image/png" }), "unused.png");
      const session = new Session("waves", { text: source });
      session.setParam(session.slots.at(-1)!.key, "src", src);
      return exportHtml({ session, entry: { title: session.notebook.title! } }, { store }).then(() => src, (error: Error) => error.message);
    }, source);

  it("gives a file with the notebook, what was set in it and the pictures that it uses, another one each time", async () => {
    await page.route("**/standalone.html", (route) => route.fulfill({ body: text, contentType: "text/html" }));
    const made: string[] = [];
    let src = "";
    for (let i = 0; i < 2; i++) {
      const downloading = page.waitForEvent("download");
      src = await exportIt('# Waves\n\n<nst-image as="content"></nst-image>\n');
      const download = await downloading;
      expect(download.suggestedFilename()).toBe("waves.html");
      made.push(await readFile(await download.path(), "utf8"));
    }
    const [one, two] = made.map((html) => readExported(html)!);
    expect(one.id).not.toBe(two.id);
    expect({ ...one, id: "" }).toEqual({ ...two, id: "" });
    expect([one.name, one.title, one.snapshot.text]).toEqual(["waves", "Waves", '# Waves\n\n<nst-image as="content"></nst-image>\n']);
    expect(Object.values(one.snapshot.params)).toEqual([{ src }]);
    expect(one.pictures).toEqual([{ src, name: "cat.png", type: "image/png", base64: btoa("a picture") }]);
    expect(embed(made[0], notebook)).toBe(embed(text, notebook));
    expect(errors).toEqual([]);
  });

  it("says what is missing when the page that goes into the file is not there", async () => {
    for (const answer of [{ status: 404, body: "" }, { status: 200, body: "<!doctype html><title>Start page</title>" }]) {
      await page.route("**/standalone.html", (route) => route.fulfill(answer));
      expect(await exportIt("# Waves\n\nProse.\n")).toMatch(/standalone\.html is not beside the workbench \(http.*standalone\.html\)/);
      await page.unroute("**/standalone.html");
    }
    await page.route("**/standalone.html", (route) => route.abort());
    expect(await exportIt("# Waves\n\nProse.\n")).toMatch(/could not be fetched\. Connect to the network and try again/);
  });

  it("from an exported page gives the same page again, byte for byte", async () => {
    await page.route("**/exported.html", (route) => route.fulfill({ body: embed(text, notebook), contentType: "text/html" }));
    const [same, found] = await page.evaluate(async () => {
      const { ownPage, embedded } = window.exporting;
      const html = await (await fetch("exported.html")).text();
      const parsed = new DOMParser().parseFromString(html, "text/html");
      const found = embedded(parsed);
      parsed.getElementById("nst-embedded")!.textContent = "null";
      return [ownPage(parsed) === html.replace(/(id="nst-embedded">)[^<]*/, "$1null"), found] as const;
    });
    expect(found).toEqual(notebook);
    expect(same).toBe(true);
    expect(await page.evaluate(() => [window.exporting.ownPage(document), window.exporting.embedded(document)])).toEqual([null, null]);
  });
});

/** Through the bar above the notebook. */
async function exportByHand(page: Page): Promise<void> {
  await page.locator("nst-notebook-bar").getByRole("button", { name: /export/i }).click();
  await page.getByRole("button", { name: "One HTML file" }).click();
}
