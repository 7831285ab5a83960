import { equal } from "../notebook/equal";
import { Latest } from "./latest";

/**
 * Works something out of what changes faster than it can be worked out: one at a time, and then the newest. What has been
 * begun is finished and given on, so that who follows sees something new now and then.
 */
export class Following<In, Out> {
  private results = new Latest<Out | Error | null>(null);
  private asked: In | null = null;
  private busy = false;

  constructor(private readonly work: (input: In) => Promise<Out>) {}

  /** @param input to be worked out; an equal one that has been or is being worked out changes nothing */
  ask(input: In): void {
    if (this.asked !== null && equal(this.asked, input)) return;
    this.asked = input;
    if (!this.busy) void this.go();
  }

  /** What has been worked out, or is being, is for nobody any more. */
  forget(): void {
    this.results = new Latest<Out | Error | null>(null);
    this.asked = null;
    this.busy = false;
  }

  /** What there is, then each newer result, until the signal is aborted. @throws what the work threw, as long as nothing else was asked */
  async *follow(signal: AbortSignal): AsyncGenerator<Out> {
    for await (const result of this.results.follow(signal)) {
      if (result instanceof Error) throw result;
      if (result !== null) yield result;
    }
  }

  private async go(): Promise<void> {
    const { results } = this;
    this.busy = true;
    for (let done: In | null = null; results === this.results && done !== this.asked; ) {
      done = this.asked!;
      const result = await this.work(done).catch((error: Error) => error);
      if (results === this.results) results.give(result);
    }
    if (results === this.results) this.busy = false;
  }
}
