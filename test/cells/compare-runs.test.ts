import { describe, expect, it } from "vitest";
import { pictureDifference } from "../../src/cells/compare-runs-difference";
import { ExactPictures, type Replays } from "../../src/cells/compare-runs-exact";
import { previewAt } from "../../src/cells/compare-runs-preview";
import { insteadWords, pairOf, pictureWords } from "../../src/cells/compare-runs-shown";
import { chosenRuns } from "../../src/cells/compare-runs-source";
import { commonEnd, placeSteps, type Stepped } from "../../src/cells/compare-runs-steps";
import { pan, transformOf, WHOLE, zoomAt, zoomKey } from "../../src/cells/compare-runs-zoom";
import type { Checkpoint, ReplayItem } from "../../src/kernel/protocol";
import { CostHistory } from "../../src/runs/cost-history";

const checkpoint = (step: number, value = step / 100): Checkpoint => ({ step, width: 1, height: 1, picture: Float32Array.of(value, value, value), moment1: new Float32Array(3), moment2: new Float32Array(3) });

interface Made {
  steps?: number;
  checkpoints?: readonly number[];
  from?: number;
  going?: boolean;
  planned?: number;
}

function stepped({ steps = 0, checkpoints = [], from, going = false, planned = steps }: Made): Stepped {
  return { record: { from: from === undefined ? undefined : checkpoint(from), checkpoints: checkpoints.map((step) => checkpoint(step)) }, history: { step: steps }, settings: { steps: planned }, going };
}

describe("one slider for the steps of several runs", () => {
  const [long, short] = [stepped({ steps: 80 }), stepped({ steps: 20 })];
  const at = (step: number) => ({ unit: "steps" as const, step, share: 1 });
  const share = (share: number) => ({ unit: "share" as const, step: -1, share });

  it("goes to the end of the longest, and shows a shorter one's last picture beyond its end", () => {
    expect(commonEnd([long, short])).toBe(80);
    expect(placeSteps([long, short], at(12))).toEqual([{ step: 12, instead: "" }, { step: 12, instead: "" }]);
    expect(placeSteps([long, short], at(40))).toEqual([{ step: 40, instead: "" }, { step: 20, instead: "end" }]);
    expect(placeSteps([long, short], at(-1))).toEqual([{ step: 80, instead: "" }, { step: 20, instead: "end" }]);
  });

  it("goes by the share of each run's own steps, if that is chosen", () => {
    expect(placeSteps([long, short], share(0.5))).toEqual([{ step: 40, instead: "" }, { step: 10, instead: "" }]);
    expect(placeSteps([long, short], share(1)).map(({ step }) => step)).toEqual([80, 20]);
  });

  it("follows a run that is going to its newest checkpoint, which is there without computing it again", () => {
    const going = stepped({ steps: 57, checkpoints: [0, 25, 50], going: true, planned: 100 });
    expect(commonEnd([going, short])).toBe(50);
    expect(placeSteps([going, long], at(-1))).toEqual([{ step: 50, instead: "so far" }, { step: 80, instead: "" }]);
    expect(placeSteps([going], at(30))).toEqual([{ step: 30, instead: "" }]);
  });

  it("takes the share of a going run of all that it is to make, so that its step stays where it is", () => {
    const place = (steps: number) => placeSteps([stepped({ steps, checkpoints: [0, steps], going: true, planned: 100 })], share(0.25))[0];
    expect(place(40)).toEqual({ step: 25, instead: "" });
    expect(place(90)).toEqual({ step: 25, instead: "" });
    expect(place(20)).toEqual({ step: 20, instead: "so far" });
  });

  it("shows the first picture of a branch before the step that it begins at", () => {
    const branch = stepped({ steps: 80, from: 40, checkpoints: [40] });
    expect(placeSteps([long, branch], at(10))).toEqual([{ step: 10, instead: "" }, { step: 40, instead: "begins" }]);
    expect(placeSteps([branch], at(60))).toEqual([{ step: 60, instead: "" }]);
  });

  it("says in words why a picture is not the one asked for", () => {
    expect(insteadWords({ step: 20, instead: "end" })).toBe("its last: it ended after 20 steps");
    expect(insteadWords({ step: 50, instead: "so far" })).toBe("its newest so far");
    expect(insteadWords({ step: 40, instead: "begins" })).toBe("its first: it went on from step 40 of another run");
    expect(insteadWords({ step: 40, instead: "begins" }, "A")).toBe("its first: it went on from step 40 of A");
    expect(insteadWords({ step: 12, instead: "" })).toBe("");
  });
});

describe("the runs that a comparison is told to compare", () => {
  it("come from run cells, lists of runs and their ids, each once, in the order named", () => {
    const sources = [{ name: "G", value: { picture: null, step: 3, run: "b" } }, { name: "picked", value: { runs: ["a", "c", "b"], count: 3 } }, { name: "grid.compared", value: ["d"] }];
    expect(chosenRuns(" x  a ", sources)).toEqual({ ids: ["x", "a", "b", "c", "d"], idle: [], left: 0 });
  });

  it("leave out what has not been started, and say its name", () => {
    expect(chosenRuns("", [{ name: "G", value: { picture: null, step: 0, run: null } }, { name: "B", value: { run: "b" } }])).toEqual({ ids: ["b"], idle: ["G"], left: 0 });
  });

  it("are eight at most", () => {
    const { ids, left } = chosenRuns("", [{ name: "picked", value: { runs: [..."abcdefghij"] } }]);
    expect([ids.join(""), left]).toEqual(["abcdefgh", 2]);
  });

  it("must be runs: anything else is named", () => {
    expect(() => chosenRuns("", [{ name: "photo", value: { picture: {} } }])).toThrow("“photo” is no run. Take the names of run cells");
    expect(() => chosenRuns("", [{ name: "n", value: 3 }])).toThrow("“n” is no run.");
  });
});

describe("zoom and pan of all pictures at once", () => {
  it("keep what is under the pointer in its place", () => {
    const near = zoomAt(WHOLE, 4, 0.25, 0.75);
    expect(near.scale).toBe(4);
    // the place of the picture at (u, v) of the frame: centre + (u − ½) / scale
    expect(near.x + (0.25 - 0.5) / near.scale).toBeCloseTo(0.25);
    expect(near.y + (0.75 - 0.5) / near.scale).toBeCloseTo(0.75);
  });

  it("leave nothing but picture in the frame, and go in as far as 32 times", () => {
    expect(pan(WHOLE, 0.3, 0.3)).toEqual(WHOLE);
    expect(pan({ scale: 2, x: 0.5, y: 0.5 }, 5, -5)).toEqual({ scale: 2, x: 0.25, y: 0.75 });
    expect(zoomAt(WHOLE, 0.1)).toEqual(WHOLE);
    expect(zoomAt(WHOLE, 1000).scale).toBe(32);
  });

  it("move a picture by what it is pulled, at any zoom", () => {
    const { x } = pan({ scale: 4, x: 0.5, y: 0.5 }, 0.1, 0);
    expect(x).toBeCloseTo(0.475);
  });

  it("are done by keys as well: plus, minus, 0 and arrows", () => {
    const near = zoomKey(WHOLE, "+")!;
    expect(near.scale).toBe(1.5);
    expect(zoomKey(near, "-")!.scale).toBe(1);
    expect(zoomKey(near, "ArrowRight")!.x).toBeGreaterThan(near.x);
    expect(zoomKey(near, "0")).toEqual(WHOLE);
    // else the page could not be scrolled by keys
    expect(zoomKey(WHOLE, "ArrowDown")).toBe(null);
    expect(zoomKey(WHOLE, "x")).toBe(null);
  });

  it("are one transform of CSS", () => {
    expect(transformOf(WHOLE)).toBe("scale(1) translate(0%, 0%)");
    expect(transformOf({ scale: 2, x: 0.75, y: 0.25 })).toBe("scale(2) translate(-50%, 0%)");
  });
});

describe("the picture shown before the exact one is there", () => {
  const frame = (step: number) => ({ step, width: 1, height: 1, bytes: new Uint8Array(1) });

  it("is the nearest of filmstrip and checkpoints, a checkpoint where both are as near", () => {
    const run = { frames: [0, 12, 24].map(frame), record: { checkpoints: [checkpoint(0), checkpoint(24)] } };
    expect(previewAt(run, 13)).toMatchObject({ step: 12, frame: run.frames[1] });
    expect(previewAt(run, 20)).toMatchObject({ step: 24, picture: { width: 1 } });
    expect(previewAt({ frames: [], record: { checkpoints: [] } }, 3)).toBe(null);
  });

  it("is said to be that", () => {
    expect(pictureWords({ exact: null, preview: previewAt({ frames: [frame(12)], record: { checkpoints: [] } }, 13) })).toBe("step 12 of its filmstrip");
    expect(pictureWords({ exact: null, preview: previewAt({ frames: [], record: { checkpoints: [checkpoint(24)] } }, 13) })).toBe("step 24, a checkpoint");
    expect(pictureWords({ exact: null, preview: null })).toBe("no picture yet");
    const exact = { picture: { width: 1, height: 1, data: new Float32Array(3) }, step: 13 };
    expect(pictureWords({ exact: { ...exact, difference: null }, preview: null })).toBe("step 13");
    expect(pictureWords({ exact: { ...exact, difference: 0 }, preview: null })).toBe("step 13, computed again bit for bit");
    expect(pictureWords({ exact: { ...exact, difference: 2e-6 }, preview: null })).toBe("step 13, computed again; its costs differ by 2e−6 of themselves");
  });
});

it("two runs are looked at as a pair: those chosen, else the first there are", () => {
  const shown = (["A", "B", "C"] as const).map((mark) => ({ run: { mark } }));
  const marks = (first: string, second: string, of = shown) => pairOf(of, first, second)?.map(({ run }) => run.mark).join("");
  expect(marks("A", "B")).toBe("AB");
  expect(marks("C", "A")).toBe("CA");
  expect(marks("G", "B")).toBe("AB");
  expect(marks("G", "A")).toBe("BA");
  expect(marks("B", "B")).toBe("BA");
  expect(marks("A", "B", shown.slice(0, 1))).toBe(undefined);
});

describe("the difference of two pictures", () => {
  const picture = (...data: number[]) => ({ width: data.length / 3, height: 1, data: Float32Array.from(data) });

  it("is |A − B|: of each pixel the largest of its colours', with the mean and the largest of all numbers", async () => {
    const found = (await pictureDifference(picture(0, 0.5, 1, 0.25, 0.25, 0.25), picture(0.5, 0.25, 1, 0.25, 0.25, 0.5)))!;
    expect([...found.values]).toEqual([0.5, 0.25]);
    expect(found.largest).toBe(0.5);
    expect(found.mean).toBeCloseTo((0.5 + 0.25 + 0.25) / 6);
  });

  it("of a picture to itself is 0, and of pictures of two sizes there is none", async () => {
    const one = picture(0.1, 0.2, 0.3);
    expect(await pictureDifference(one, one)).toMatchObject({ mean: 0, largest: 0 });
    expect(await pictureDifference(one, picture(0, 0, 0, 0, 0, 0))).toBe(null);
  });

  it("of a large picture lets the page do other things meanwhile", async () => {
    const side = 1500;
    const large = { width: side, height: side, data: new Float32Array(side * side * 3) };
    let others = 0;
    const timer = setInterval(() => others++);
    await pictureDifference(large, large);
    clearInterval(timer);
    expect(others).toBeGreaterThan(0);
  });
});

describe("exact pictures of several runs", () => {
  const run = (id: string, checkpoints: readonly number[] = []) => {
    const history = new CostHistory();
    history.append({ columns: ["total"], costs: Float64Array.from({ length: 100 }, (_, step) => 100 - step), first: 0 });
    return { id, history, record: { checkpoints: checkpoints.map((step) => checkpoint(step)), nearest: () => undefined } as never };
  };

  /** Replays that go on when they are told to. */
  function engine() {
    const log: string[] = [];
    let go = () => {};
    const replays: Replays = async function* ({ id }, to, signal) {
      log.push(`${id} ${to}`);
      yield { step: to - 1, columns: ["total"], costs: Float64Array.of(101 - to) } satisfies ReplayItem;
      await new Promise<void>((resolve, reject) => {
        const aborted = () => (log.push(`${id} ${to} aborted`), reject(signal.reason as Error));
        signal.addEventListener("abort", aborted);
        go = () => (signal.removeEventListener("abort", aborted), resolve());
      });
      if (to === 66) throw new Error("The network “slim” could not be loaded.");
      yield { step: to, columns: ["total"], costs: Float64Array.of(100 - to), checkpoint: checkpoint(to) };
    };
    return { log, replays, go: async () => (go(), new Promise((resolve) => setTimeout(resolve))) };
  }
  const tick = () => new Promise((resolve) => setTimeout(resolve));

  it("are checkpoints where there are any, at once and the same picture each time", () => {
    const { log, replays } = engine();
    const exact = new ExactPictures(replays, () => {});
    const a = run("a", [40]);
    exact.want([{ run: a, step: 40 }]);
    expect(exact.at(a, 40)).toMatchObject({ step: 40, difference: null });
    expect(exact.at(a, 40)).toBe(exact.at(a, 40));
    expect(log).toEqual([]);
  });

  it("are computed again one run after the other, and compared with the costs that were recorded", async () => {
    const { log, replays, go } = engine();
    let turns = 0;
    const exact = new ExactPictures(replays, () => turns++);
    const [a, b] = [run("a"), run("b")];
    exact.want([{ run: a, step: 40 }, { run: b, step: 30 }]);
    await tick();
    expect(log).toEqual(["a 40"]);
    expect(exact.working).toEqual({ id: "a", step: 40, reached: 39 });
    await go();
    expect(exact.at(a, 40)).toMatchObject({ step: 40, difference: 0 });
    expect(log).toEqual(["a 40", "b 30"]);
    await go();
    expect(exact.at(b, 30)!.picture.data[0]).toBeCloseTo(0.3);
    expect(exact.working).toBe(null);
    expect(turns).toBeGreaterThanOrEqual(4);
    // known from now on
    exact.want([{ run: a, step: 40 }]);
    await tick();
    expect(log.length).toBe(2);
  });

  it("that are no longer wanted are given up, but what is under way and still wanted goes on", async () => {
    const { log, replays, go } = engine();
    const exact = new ExactPictures(replays, () => {});
    const [a, b] = [run("a"), run("b")];
    exact.want([{ run: a, step: 40 }, { run: b, step: 40 }]);
    await tick();
    exact.want([{ run: a, step: 40 }, { run: b, step: 41 }]);
    await tick();
    expect(log).toEqual(["a 40"]);
    await go();
    expect(log).toEqual(["a 40", "b 41"]);
    exact.want([{ run: a, step: 50 }]);
    await tick();
    expect(log).toEqual(["a 40", "b 41", "b 41 aborted", "a 50"]);
  });

  it("are no longer computed when they are stopped, until they are wanted after all", async () => {
    const { log, replays, go } = engine();
    const exact = new ExactPictures(replays, () => {});
    const a = run("a");
    exact.want([{ run: a, step: 40 }]);
    await tick();
    exact.stop();
    exact.want([{ run: a, step: 40 }]);
    await tick();
    expect([log, exact.stopped, exact.working]).toEqual([["a 40", "a 40 aborted"], true, null]);
    exact.again();
    await tick();
    await go();
    expect(exact.at(a, 40)).not.toBe(null);
  });

  it("that cannot be computed say why, hold up no others, and can be tried again", async () => {
    const { log, replays, go } = engine();
    const exact = new ExactPictures(replays, () => {});
    const [a, b] = [run("a"), run("b")];
    exact.want([{ run: a, step: 66 }, { run: b, step: 20 }]);
    await tick();
    await go();
    expect(exact.problem(a, 66)).toBe("The network “slim” could not be loaded.");
    await go();
    expect(exact.at(b, 20)).not.toBe(null);
    exact.again();
    await tick();
    expect(log).toEqual(["a 66", "b 20", "a 66"]);
  });

  it("of a run that has taken another way are forgotten from there on", async () => {
    const { replays, go } = engine();
    const exact = new ExactPictures(replays, () => {});
    const a = run("a");
    for (const step of [20, 40]) {
      exact.want([{ run: a, step }]);
      await tick();
      await go();
    }
    exact.forget("a", 30);
    expect([exact.at(a, 20) !== null, exact.at(a, 40)]).toEqual([true, null]);
  });
});
