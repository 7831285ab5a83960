import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // tfjs advertises its native add-on, which the tests are not about
    onConsoleLog: (log) => !log.includes("looks like you are running TensorFlow.js in Node.js"),
    projects: [
      {
        extends: true,
        test: {
          name: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**"],
          environment: "node",
          testTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          environment: "node",
          globalSetup: ["test/setup/site.ts"],
          // After the others and one browser at a time: they measure, and would starve each other on two cores.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
