/** Lessons while a run is going: what a person does in it must not wait. Measured: nothing else may use the machine at the same time. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Chapter } from "./support/chapter";
import { unexpected } from "./support/own-notebook";
import { calmest, mainThreadTasks } from "./support/trace";

/** Longer than this, and a person feels that the page does not answer, in ms. */
const LIMIT = 50;
const LESSONS = [
  ...["pictures-in", "what-layers-see", "content-cost", "style-correlations", "total-cost", "whole-run", "define-by-run"],
  ...["paper-figure-1", "paper-figure-3", "the-seed", "comparing-runs", "recipes", "networks"],
];

/** Put at the end of every lesson, so that there is a run to go on. */
const RUN = `<nst-image as="runContent" src="cat.jpg" size="96"></nst-image>

<nst-image as="runStyle" src="houses-at-auvers.jpg" size="96"></nst-image>

<nst-network as="runNetwork"></nst-network>

<nst-settings as="runSettings" network="runNetwork" steps="100000"></nst-settings>

<nst-run as="going" of="runContent runStyle" network="runNetwork" settings="runSettings"></nst-run>
`;

let chapter: Chapter;
beforeAll(async () => void (chapter = await Chapter.open(LESSONS[0])));
afterAll(() => chapter?.close());

/** Scrolls the page as a reader does, screen by screen. @returns how many screens there were */
const scroll = () =>
  chapter.page.evaluate(async () => {
    let screens = 0;
    for (scrollTo(0, 0); ; screens++) {
      await new Promise((resolve) => setTimeout(resolve, 70));
      const before = scrollY;
      scrollBy(0, innerHeight * 0.75);
      if (scrollY === before) return screens;
    }
  });

describe("while a run is going", () => {
  for (const name of LESSONS)
    it(`the lesson “${name}” scrolls without a stall: no task of the main thread takes more than ${LIMIT} ms of processor time`, async () => {
      const { page, workbench } = chapter;
      await page.evaluate((name) => void (location.hash = `#/${name}`), name);
      await page.waitForFunction((name) => document.querySelector("nst-app")?.kernels && document.querySelector("nst-notebook")?.session?.name === name, name);
      await workbench.settled();
      await page.evaluate((run) => {
        const { session } = document.querySelector("nst-notebook")!;
        session!.change(`${session!.text.trimEnd()}\n\n${run}`, "a run");
      }, RUN);
      // what is computed and loaded when it is first seen has its time now
      await scroll();
      await workbench.settled();
      const run = workbench.run("going");
      await run.startButton.click();
      await run.untilStep(2);
      const { step } = await run.seen();
      const tasks = await calmest(LIMIT, () =>
        mainThreadTasks(page.context().browser()!, page, async (mark) => {
          await mark();
          expect(await scroll()).toBeGreaterThan(5);
        }),
      );
      const seen = await run.seen();
      console.log(`${name}: ${tasks.length} tasks, the longest ${tasks[0].cpu.toFixed(1)} ms of processor time: ${tasks[0].inside}; ${seen.step - step} steps meanwhile`);
      expect(tasks.filter(({ cpu }) => cpu > LIMIT)).toEqual([]);
      // it was a run that was going, all the time
      expect(seen.state).toBe("running");
      expect(seen.step).toBeGreaterThan(step);
      expect(unexpected(workbench.errors)).toEqual([]);
    });
});
