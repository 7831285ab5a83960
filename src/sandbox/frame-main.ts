/** Entry of the visible frame of a js cell: runs its code and shows what it draws. */
import { giveWay, lineIn, loadCode, thrown } from "./cell-code";
import { closeWaysOut } from "./close-ways-out";
import { FrameRun } from "./frame-run";
import { frameStyle } from "./frame-style";
import { LoopClock } from "./loop-clock";
import { Log, watchConsole } from "./logs";
import type { FrameSettings, FromFrame, ToFrame } from "./protocol";

export default function start(port: MessagePort, { loop, tokens }: FrameSettings): void {
  const post = (message: FromFrame) => port.postMessage(message);
  closeWaysOut();
  const style = document.createElement("style");
  style.textContent = frameStyle;
  document.head.append(style);
  const main = document.createElement("main");
  document.body.append(main);
  const theme = (tokens: Record<string, string>) => {
    for (const [name, value] of Object.entries(tokens)) document.documentElement.style.setProperty(name, value);
  };
  theme(tokens);

  let told = -1;
  const measure = () => {
    // laid out now: a frame out of sight is not drawn, and its observers stand still
    const height = Math.ceil(main.getBoundingClientRect().height);
    if (height !== told) post({ type: "height", height: (told = height) });
  };
  new ResizeObserver(measure).observe(main);

  const log = new Log();
  watchConsole(() => log);
  const clock = new LoopClock(loop);
  let current: FrameRun | null = null;
  let libraries: Promise<unknown> = Promise.resolve();
  let url = "";

  const trouble = (error: unknown) => post({ type: "trouble", ...thrown(error), line: lineIn(error, url) });
  addEventListener("error", (event) => {
    // ResizeObserver's complaint about itself is no error of the cell
    if (event.error !== null && event.error !== undefined) trouble(event.error);
  });
  addEventListener("unhandledrejection", (event) => trouble(event.reason));

  port.onmessage = async ({ data }: MessageEvent<ToFrame>) => {
    switch (data.type) {
      case "run": {
        current?.abort();
        const run = (current = new FrameRun(data, { main, log, post, measure, tick: (line) => clock.tick(line) }));
        post({ type: "began", id: data.id });
        // said before the code runs: what is posted in the same task as an endless loop never arrives
        await giveWay();
        await run.go(async () => {
          await libraries;
          const code = await loadCode(data.code);
          url = code.url;
          return code;
        });
        break;
      }
      case "finish":
        if (current?.id === data.id) current.finish();
        break;
      case "abort":
        if (current?.id === data.id) current.abort();
        break;
      case "read":
        current?.read(data.request, data.handle);
        break;
      case "library":
        libraries = loadLibrary(data.text).then((library) => Object.assign(self, { [data.name]: library }));
        break;
      case "theme":
        theme(data.tokens);
        measure();
        break;
      case "ping":
        post({ type: "pong" });
    }
  };
}

async function loadLibrary(text: string): Promise<unknown> {
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return ((await import(/* @vite-ignore */ url)) as { default: unknown }).default;
}
