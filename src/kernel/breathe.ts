/** How long work may go on before messages are let in, in ms. */
const BREATH = 8;

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

let last = 0;

/**
 * Lets the worker's other messages in, at most every few milliseconds. A message channel, because timers wait 4 ms and
 * more once they are nested.
 */
export async function breathe(): Promise<void> {
  if (performance.now() - last < BREATH) return;
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
  last = performance.now();
}
