/** Once, before the browser tests: builds the workbench and the test pages, and serves them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { buildApp, buildPages, serve } from "../browser/support/site";

declare module "vitest" {
  interface ProvidedContext {
    /** address of the built workbench, with a slash at the end */
    app: string;
    /** address of the built test pages (test/browser/pages), with a slash at the end */
    pages: string;
    /** the test pages as a host serves them that sends no isolation headers: no shared memory, one thread */
    plainPages: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const start = performance.now();
  // a folder of its own, so that two test runs at once do not empty each other's
  const folder = await mkdtemp(join(tmpdir(), "nst-tests-"));
  await buildApp(join(folder, "app"));
  await buildPages("test/browser/pages", join(folder, "pages"));
  const app = await serve(join(folder, "app"));
  const pages = await serve(join(folder, "pages"));
  const plainPages = await serve(join(folder, "pages"), { isolated: false });
  project.provide("app", app.url);
  project.provide("pages", pages.url);
  project.provide("plainPages", plainPages.url);
  console.log(`built and served for the browser tests in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return async () => {
    await Promise.all([app, pages, plainPages].map((site) => site.close()));
    await rm(folder, { recursive: true, force: true });
  };
}
