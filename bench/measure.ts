/** Runs the cases one after another in a real browser, prints them side by side, and writes them to bench/results.json. */
import { writeFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { launch } from "../test/browser/support/chrome";
import { openPage } from "../test/browser/support/page";
import { buildPages, serve } from "../test/browser/support/site";
import { type BenchCase, type BenchResult, cases } from "./page/cases";
import { describeCase, disagreements, table } from "./report";

/** A case that takes longer is given up and marked. */
const CASE_LIMIT_MS = 240_000;

export type Outcome = BenchResult | (BenchCase & { secondsPerStep: null; peakBytes: null; heapBytes: null; failure: string });

/**
 * @param words run only the cases whose description contains every one, as in `npm run bench -- "2 threads" "slim 256"`; results.json is written only
 *   when all were run
 * @returns exit code: 1 when a case failed or the paths disagree about J
 */
export async function bench(words: string[]): Promise<number> {
  const chosen = cases.filter((one) => words.every((word) => describeCase(one).includes(word)));
  if (chosen.length === 0) throw new Error(`no case matches "${words.join(" ")}"; there are:\n${cases.map(describeCase).join("\n")}`);

  await buildPages("bench/page", ".cache/bench");
  const site = await serve(".cache/bench");
  const browser = await launch();
  const outcomes: Outcome[] = [];
  try {
    console.log(`Chromium ${browser.version()}, one case a page\n`);
    for (const one of chosen) {
      const outcome = await run(browser, site.url, one);
      outcomes.push(outcome);
      console.log("failure" in outcome ? `${describeCase(one)}: ${outcome.failure}` : `${describeCase(one)}: ${outcome.secondsPerStep.toFixed(3)} s a step`);
    }
  } finally {
    await browser.close();
    await site.close();
  }

  const complaints = disagreements(outcomes);
  console.log(`\n${table(outcomes)}\n${complaints.join("\n")}`);
  if (chosen.length === cases.length) {
    await writeFile(new URL("./results.json", import.meta.url), `${JSON.stringify(outcomes, null, 1)}\n`);
    console.log("written to bench/results.json");
  } else console.log("bench/results.json is left alone: not all cases were run");
  return complaints.length > 0 || outcomes.some((outcome) => "failure" in outcome) ? 1 : 0;
}

async function run(browser: Browser, url: string, one: BenchCase): Promise<Outcome> {
  const { page, errors } = await openPage(browser, url);
  let timer: NodeJS.Timeout | undefined;
  try {
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`GIVEN UP after ${CASE_LIMIT_MS / 1000} s`)), CASE_LIMIT_MS);
    });
    return await Promise.race([page.evaluate((given) => window.runCase(given), one), tooLong]);
  } catch (error) {
    const failure = ["FAILED", (error as Error).message, ...errors].join(" ").replace(/\s+/g, " ");
    return { ...one, secondsPerStep: null, peakBytes: null, heapBytes: null, failure };
  } finally {
    clearTimeout(timer);
    // a page in mid-step does not answer; closing it kills its worker all the same
    await page.close({ runBeforeUnload: false });
  }
}
