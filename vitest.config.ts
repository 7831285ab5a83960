import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What needs the machine for itself: it measures time, or waits for limits that are times. */
const MEASURED = ["chapters-running", "harness", "hover", "many-maps", "many-runs", "opening", "sandbox-limits", "smoothness"].map((name) => `test/browser/${name}.test.ts`);

/** What mostly waits for limits that are times, in a full browser; two of them leave one another enough of the machine. */
const WAITING = ["real-notebook", "threads"].map((name) => `test/browser/${name}.test.ts`);

/** What takes longest, the longest first: begun last, one of them would keep a worker busy while the other has nothing left to do. */
const LONG = ["runs", "parity", "kept", "first-notebook", "standalone", "reconstruction", "chapter-8", "trouble", "editing", "pictures"].map((name) => `test/browser/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => (LONG.findIndex((name) => moduleId.endsWith(name)) + LONG.length + 1) % (LONG.length + 1);
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** What exchanges a module for one of its own, and so needs modules that nobody has loaded before. */
const ALONE = ["test/kernel/kernels.test.ts", "test/cells/convolution.test.ts"];

/** For tests that neither measure nor hang anything: a lighter browser than the one that measures (see NST_BROWSER in test/browser/support/chrome.ts). */
const lighter = process.env["NST_LIGHT_BROWSER"];

const browser = {
  environment: "node" as const,
  globalSetup: ["test/setup/site.ts"],
  testTimeout: 180_000,
  hookTimeout: 120_000,
  // what the files import is large, and none of it remembers anything: loaded once for all
  isolate: false,
};

export default defineConfig({
  test: {
    // tfjs advertises its native add-on, which the tests are not about
    onConsoleLog: (log) => !log.includes("looks like you are running TensorFlow.js in Node.js"),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", ...ALONE],
          environment: "node",
          testTimeout: 30_000,
          // half of the time would go into loading the same modules again
          isolate: false,
          sequence: { groupOrder: 0 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { name: "node alone", include: ALONE, environment: "node", sequence: { groupOrder: 0 }, maxWorkers: 2 },
      },
      {
        extends: true,
        test: {
          ...browser,
          name: "browser",
          env: lighter ? { NST_BROWSER: lighter } : {},
          include: ["test/browser/**/*.test.ts"],
          exclude: [...MEASURED, ...WAITING],
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
      {
        extends: true,
        test: { ...browser, name: "waiting", include: WAITING, sequence: { groupOrder: 2 }, maxWorkers: 2 },
      },
      {
        extends: true,
        test: {
          ...browser,
          name: "measured",
          include: MEASURED,
          // after all others and one browser at a time: they would starve each other on two cores
          sequence: { groupOrder: 3 },
          fileParallelism: false,
        },
      },
    ],
  },
});
