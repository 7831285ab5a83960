/** Values that the page has asked for and that are on their way. */
export class Reads {
  private readonly asked = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private last = 0;

  ask(send: (request: number) => void): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.asked.set(++this.last, { resolve, reject });
      send(this.last);
    });
  }

  answer(message: { type: "value"; request: number; value: unknown } | { type: "no-value"; request: number; message: string }): void {
    const asked = this.asked.get(message.request);
    this.asked.delete(message.request);
    if (message.type === "value") asked?.resolve(message.value);
    else asked?.reject(new Error(message.message));
  }

  /** Nobody is there any more who could answer. */
  fail(error: Error): void {
    for (const { reject } of this.asked.values()) reject(error);
    this.asked.clear();
  }
}
