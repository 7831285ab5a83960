import type { ReactiveController, ReactiveControllerHost } from "lit";
import { describe, expect, it } from "vitest";
import { Listening } from "../../src/cells/listening";

function heard() {
  let controller: ReactiveController | null = null;
  const host = { addController: (one: ReactiveController) => void (controller = one) } as ReactiveControllerHost;
  const said: string[] = [];
  const speakers = { a: new EventTarget(), b: new EventTarget() };
  const now = { whom: null as EventTarget | null, begun: 0 };
  new Listening(host, () => now.whom, (whom, signal) => {
    now.begun++;
    whom.addEventListener("word", () => said.push(whom === speakers.a ? "a" : "b"), { signal });
  });
  const speak = () => Object.values(speakers).forEach((speaker) => speaker.dispatchEvent(new Event("word")));
  return { controller: controller! as Required<ReactiveController>, said, speakers, now, speak };
}

describe("who listens for an element", () => {
  it("hears whom the element names, once it is named, and once only", () => {
    const { controller, said, speakers, now, speak } = heard();
    controller.hostConnected();
    speak();
    expect(said).toEqual([]);
    now.whom = speakers.a;
    for (let updates = 0; updates < 3; updates++) controller.hostUpdate();
    speak();
    expect([said, now.begun]).toEqual([["a"], 1]);
  });

  it("hears the other when another is named, and the first no more", () => {
    const { controller, said, speakers, now, speak } = heard();
    now.whom = speakers.a;
    controller.hostConnected();
    now.whom = speakers.b;
    controller.hostUpdate();
    speak();
    expect(said).toEqual(["b"]);
  });

  it("hears nothing while the element is not on the page, and hears again when it is back", () => {
    const { controller, said, speakers, now, speak } = heard();
    now.whom = speakers.a;
    controller.hostConnected();
    controller.hostDisconnected();
    // what was asked for before it went
    controller.hostUpdate();
    speak();
    expect(said).toEqual([]);
    controller.hostConnected();
    speak();
    expect(said).toEqual(["a"]);
  });
});
