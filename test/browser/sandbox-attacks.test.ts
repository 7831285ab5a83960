import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { launch } from "./support/chrome";
import { begin, valueOf } from "./support/sandbox";

/** Somebody who would like to hear from the notebook. */
let listener: Server;
let address: string;
const heard: string[] = [];
let connections = 0;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  listener = createServer((request, response) => {
    heard.push(request.url!);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    response.setHeader("Content-Type", request.url!.endsWith(".js") ? "text/javascript" : "text/html");
    response.end("export default 1");
  });
  listener.on("connection", () => connections++);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  browser = await launch({ gpu: false });
  page = await browser.newPage();
  await page.goto(`${inject("pages")}sandbox.html`);
  await page.waitForFunction(() => window.ready);
  // what the attacks are after
  await page.evaluate(async () => {
    localStorage.setItem("secret", "1");
    await new Promise((resolve) => (indexedDB.open("secret").onsuccess = resolve));
  });
});

afterAll(async () => {
  await browser?.close();
  listener?.close();
});

beforeEach(() => {
  heard.length = 0;
  connections = 0;
});

let n = 0;

/** What becomes of an attempt: what it gives, or the name of the error that it meets. @param body of an async function */
async function attempt(language: "js" | "kernel", body: string): Promise<unknown> {
  const code = `const address = ${JSON.stringify(address)};
    const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const within = (promise) => Promise.race([promise, wait(1500).then(() => "nothing happens")]);
    try { return await within((async () => {${body}})()); } catch (error) { return "no: " + (error?.name ?? typeof error); }`;
  return valueOf(page, `attempt ${++n}`, code, { language, raw: true });
}

/** @param untouched not even a connection was opened; when a frame is to be navigated, Chromium opens one before it asks the policy */
async function unheard({ untouched = true } = {}): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard).toEqual([]);
  if (untouched) expect(connections).toBe(0);
}

describe.each(["js", "kernel"] as const)("code of a %s cell", (language) => {
  const of = (body: string) => attempt(language, body);

  it("has an origin that nothing belongs to", async () => {
    expect(await of("return self.origin")).toBe("null");
  });

  it("cannot open IndexedDB", async () => {
    expect(await of("return await new Promise((yes, no) => { const r = indexedDB.open('secret'); r.onsuccess = () => yes('open'); r.onerror = () => no(r.error) })")).toMatch(/^no: /);
  });

  it("cannot read localStorage, cookies, caches or files of the page", async () => {
    expect(await of("return localStorage.secret")).toMatch(/^no: /);
    expect(await of("return document.cookie")).toMatch(/^no: /);
    expect(await of("return await caches.keys()")).toMatch(/^no: /);
    expect(await of("return await navigator.storage.getDirectory()")).toMatch(/^no: /);
  });

  it("cannot fetch, nor send in any other way", async () => {
    expect(await of("return (await fetch(address + '/fetch')).status")).toMatch(/^no: /);
    expect(await of("const x = new XMLHttpRequest(); x.open('GET', address + '/xhr', false); x.send(); return x.status")).toMatch(/^no: /);
    expect(await of("return await new Promise((yes, no) => { const s = new WebSocket(address.replace('http', 'ws')); s.onopen = () => yes('open'); s.onerror = () => no(new Error()) })")).toMatch(/^no: /);
    expect(await of("return navigator.sendBeacon(address + '/beacon', 'x')")).toMatch(/^no: /);
    expect(await of("return new EventSource(address + '/events').url")).toMatch(/^no: /);
    await unheard();
  });

  it("cannot fetch from the page's own server either", async () => {
    expect(await of(`return (await fetch(${JSON.stringify(inject("pages"))})).status`)).toMatch(/^no: /);
  });

  it("cannot import a module from the network", async () => {
    expect(await of("return (await import(address + '/x.js')).default")).toMatch(/^no: TypeError/);
    expect(await of("importScripts(address + '/y.js')")).toMatch(/^no: /);
    await unheard();
  });

  it("cannot run text as code", async () => {
    expect(await of("return (0, eval)('1 + 1')")).toMatch(/^no: EvalError/);
    expect(await of("return new Function('return 1')()")).toMatch(/^no: EvalError/);
  });

  it("has no WebRTC, which no policy covers", async () => {
    expect(await of("return [typeof RTCPeerConnection, typeof webkitRTCPeerConnection, typeof WebTransport]")).toEqual(["undefined", "undefined", "undefined"]);
  });

  it("cannot speak to other pages or workers of this origin", async () => {
    expect(await of("return [typeof BroadcastChannel, typeof SharedWorker, typeof Worker, typeof navigator.locks, typeof navigator.serviceWorker]")).toEqual(Array(5).fill("undefined"));
  });
});

describe("code of a js cell", () => {
  const of = (body: string) => attempt("js", body);

  it("cannot load a picture, style, font or film from the network", async () => {
    const loads = (make: string) => of(`const e = ${make}; const end = new Promise((yes) => { e.onload = () => yes('loaded'); e.onerror = () => yes('refused') }); document.body.append(e); return end`);
    expect(await loads("Object.assign(new Image(), { src: address + '/a.png' })")).toBe("refused");
    expect(await loads("Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address + '/a.css' })")).toBe("refused");
    expect(await loads("Object.assign(document.createElement('script'), { src: address + '/a.js' })")).toBe("refused");
    expect(await of("return await new FontFace('f', 'url(' + address + '/f.woff2)').load()")).toMatch(/^no: /);
    await of(`document.body.insertAdjacentHTML('beforeend', '<div style="background: url(' + address + '/b.png)">x</div><video src="' + address + '/v.mp4"></video><object data="' + address + '/o"></object><embed src="' + address + '/e"><svg width="9" height="9"><image href="' + address + '/s.png" width="9" height="9"/></svg><style>@import "' + address + '/i.css";</style>'); await wait(800)`);
    await unheard();
  });

  it("cannot load a page into a frame of its own", async () => {
    await of("document.body.insertAdjacentHTML('beforeend', '<iframe src=\"' + address + '/i\"></iframe>'); await wait(800)");
    await unheard({ untouched: false });
  });

  it("cannot make the browser look ahead: no prefetch, preload, preconnect", async () => {
    await of("for (const rel of ['preconnect', 'dns-prefetch', 'prefetch', 'preload', 'modulepreload', 'prerender', 'icon']) document.head.append(Object.assign(document.createElement('link'), { rel, href: address + '/' + rel, as: 'image' })); await wait(1000)");
    await unheard();
  });

  it("cannot read or navigate the page", async () => {
    expect(await of("return parent.document.title")).toBe("no: SecurityError");
    expect(await of("return parent.localStorage.secret")).toBe("no: SecurityError");
    expect(await of("top.location = address + '/top'")).toBe("no: SecurityError");
    expect(await of("parent.history.back()")).toBe("no: SecurityError");
    await unheard({ untouched: false });
    expect(page.url()).toBe(`${inject("pages")}sandbox.html`);
  });

  it("cannot open a window, a dialog or a download", async () => {
    const before = page.context().pages().length;
    await of("open?.(address + '/window')");
    await of("const a = Object.assign(document.createElement('a'), { href: address + '/a', target: '_blank', ping: address + '/ping' }); document.body.append(a); a.click(); await wait(300)");
    await of("const a = Object.assign(document.createElement('a'), { href: 'data:text/plain,x', download: 'x' }); document.body.append(a); a.click(); await wait(300)");
    await of("alert('x')");
    await unheard({ untouched: false });
    expect(page.context().pages().length).toBe(before);
  });

  it("cannot send a form", async () => {
    await of("document.body.insertAdjacentHTML('beforeend', '<form method=post action=\"' + address + '/form\"><input name=a value=b></form>'); document.forms[0].submit(); await wait(500)");
    await unheard({ untouched: false });
  });

  it("cannot get around this in a frame of its own", async () => {
    expect(await of("const f = document.createElement('iframe'); document.body.append(f); return typeof f.contentWindow.RTCPeerConnection")).toBe("no: SecurityError");
    expect(
      await of(`const f = document.createElement('iframe');
        const url = URL.createObjectURL(new Blob(["parent.postMessage('ran', '*')"], { type: 'text/javascript' }));
        f.srcdoc = '<script src="' + url + '"><\\/script><script>parent.postMessage("ran", "*")<\\/script>';
        const end = new Promise((yes) => addEventListener('message', (e) => yes(e.data)));
        document.body.append(f); return end`),
    ).toBe("nothing happens");
  });

  it.each([
    ["by its location", "location.href = address + '/self'"],
    ["by a link", "const a = Object.assign(document.createElement('a'), { href: address + '/link' }); document.body.append(a); a.click()"],
    ["by meta refresh", "document.head.insertAdjacentHTML('beforeend', '<meta http-equiv=refresh content=\"0; url=' + address + '/meta\">')"],
    ["to a page of its own making", "location.href = URL.createObjectURL(new Blob(['<script>1</script>'], { type: 'text/html' }))"],
    ["to a data address", "location.href = 'data:text/html,x'"],
  ])("cannot navigate its own frame away %s", async (_, body) => {
    const key = `away ${++n}`;
    await begin(page, key, `const address = ${JSON.stringify(address)}; ${body}; return 1`, { language: "js", raw: true });
    await new Promise((resolve) => setTimeout(resolve, 800));
    await unheard({ untouched: false });
    // nothing else has taken the frame's place
    const origins = page.frames().map((frame) => new URL(frame.url() === "" ? "about:blank" : frame.url()).protocol);
    expect(origins.filter((protocol) => !["http:", "about:", "chrome-error:"].includes(protocol))).toEqual([]);
    expect(page.frames().filter((frame) => frame.url().startsWith(address))).toEqual([]);
  });
});

describe("code of a kernel cell", () => {
  const of = (body: string) => attempt("kernel", body);
  /** tfjs' own threads are workers, and a worker knows its class */
  const nested = (body: string) =>
    of(`const Worker = tf.backend().wasm.PThread.runningWorkers[0].constructor;
      const worker = new Worker(URL.createObjectURL(new Blob([${JSON.stringify(`(async () => {${body}})().then((x) => postMessage(x), (e) => postMessage("no: " + e.name))`)}.replaceAll("ADDRESS", address)], { type: "text/javascript" })));
      return await new Promise((yes) => { worker.onmessage = (e) => yes(e.data); worker.onerror = () => yes("no: it does not start") })`);

  it("runs in a worker that has no document", async () => {
    expect(await of("return [typeof document, typeof window]")).toEqual(["undefined", "undefined"]);
  });

  it("gets no further from a worker inside its worker", async () => {
    expect(await nested("return self.origin")).toBe("null");
    expect(await nested("return (await fetch('ADDRESS/nested')).status")).toBe("no: TypeError");
    expect(await nested("return (await import('ADDRESS/nested.js')).default")).toBe("no: TypeError");
    expect(await nested("importScripts('ADDRESS/scripts.js')")).toMatch(/^no: /);
    expect(await nested("indexedDB.open('secret'); return 'open'")).toBe("no: SecurityError");
    expect(await nested("return typeof RTCPeerConnection")).toBe("undefined");
    await unheard();
  });

  it("can read files of the workbench only, by names that lead nowhere else", async () => {
    expect(await of("return (await nst.loadNetwork('../samples')).card")).toMatch(/^no: /);
    expect(await of("return await nst.openPicture('../index.html', { width: 16, height: 16 })")).toMatch(/^no: /);
    expect(await of("return await nst.openPicture(address + '/p.png', { width: 16, height: 16 })")).toMatch(/^no: /);
    expect(await of("return await nst.openPicture('own:../../x', { width: 16, height: 16 })")).toMatch(/^no: /);
    await unheard();
    expect(await of("return (await nst.openPicture('cat.jpg', { width: 16, height: 16 })).shape")).toEqual([16, 16, 3]);
  });
});
