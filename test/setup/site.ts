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

interface Site {
  app: string;
  pages: string;
  plainPages: string;
  close(): Promise<void>;
}

/** Two projects of one test run use the same site: it is built once, and closed when both are done. */
const shared = globalThis as { nstSite?: { site: Promise<Site>; users: number } };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const entry = (shared.nstSite ??= { site: build(), users: 0 });
  entry.users++;
  const site = await entry.site;
  project.provide("app", site.app);
  project.provide("pages", site.pages);
  project.provide("plainPages", site.plainPages);
  return async () => {
    if (--entry.users > 0) return;
    delete shared.nstSite;
    await site.close();
  };
}

async function build(): Promise<Site> {
  const start = performance.now();
  // a folder of its own, so that two test runs at once do not empty each other's
  const folder = await mkdtemp(join(tmpdir(), "nst-tests-"));
  await buildApp(join(folder, "app"));
  await buildPages("test/browser/pages", join(folder, "pages"));
  const app = await serve(join(folder, "app"));
  const pages = await serve(join(folder, "pages"));
  const plainPages = await serve(join(folder, "pages"), { isolated: false });
  console.log(`built and served for the browser tests in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return {
    app: app.url,
    pages: pages.url,
    plainPages: plainPages.url,
    close: async () => {
      await Promise.all([app, pages, plainPages].map((site) => site.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
