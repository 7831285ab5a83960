/** Texts to be put into a source, which otherwise stays as it is: every line keeps its number. */
export class Splices {
  #before: { at: number; text: string }[] = [];
  #after: { at: number; text: string }[] = [];

  /** Puts `open` in front of [from, to) and `close` behind it. Inner stretches are to be put round before outer ones. */
  around(from: number, to: number, open: string, close: string): void {
    this.#before.unshift({ at: from, text: open });
    this.#after.push({ at: to, text: close });
  }

  /** Where one stretch ends and the next one starts, what closes the first comes first. */
  apply(source: string): string {
    const all = [...this.#after, ...this.#before].sort((a, b) => a.at - b.at);
    let done = 0;
    let text = "";
    for (const { at, text: inserted } of all) {
      text += source.slice(done, at) + inserted;
      done = at;
    }
    return text + source.slice(done);
  }
}
