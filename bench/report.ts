import type { Outcome } from "./measure";
import type { BenchCase, BenchResult } from "./page/cases";

const MB = 1e6;
/** Paths compute the same J in float32, in another order of summation. */
const AGREEMENT = 1e-3;

export function describeCase({ backend, threads, network, size, path }: BenchCase): string {
  return `${backend}${backend === "wasm" ? ` ${threads} thread${threads > 1 ? "s" : ""}` : ""} ${network} ${size} px ${path}`;
}

const problemOf = ({ network, size }: BenchCase) => `${network} ${size}`;
const settingOf = (one: BenchCase) => `${one.backend} ${one.threads} ${problemOf(one)}`;
const done = (outcomes: readonly Outcome[]) => outcomes.filter((outcome): outcome is BenchResult => !("failure" in outcome));

/** Side by side, with how many times faster than `seed` each path is. */
export function table(outcomes: readonly Outcome[]): string {
  const seeds = new Map(done(outcomes).filter(({ path }) => path === "seed").map((one) => [settingOf(one), one.secondsPerStep]));
  const rows = outcomes.map((one) => {
    const head = [one.backend, String(one.threads), one.network, String(one.size), one.path];
    if ("failure" in one) return [...head, one.failure.slice(0, 60)];
    const seed = seeds.get(settingOf(one));
    return [
      ...head,
      one.secondsPerStep.toFixed(3),
      seed === undefined ? "" : `${(seed / one.secondsPerStep).toFixed(1)}×`,
      `${one.steps}${one.warm ? "" : " cold"}`,
      (one.peakBytes / MB).toFixed(0),
      (one.residentBytes / MB).toFixed(0),
      ((one.peakBytes - one.residentBytes) / one.activationBytes).toFixed(2),
      one.heapBytes ? (one.heapBytes / MB).toFixed(0) : "",
    ];
  });
  const header = ["backend", "threads", "network", "size", "path", "s/step", "vs seed", "steps", "peak MB", "before MB", "step/activations", "heap MB"];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row.length > 6 || column < 5 ? (row[column] ?? "").length : 0))));
  return all.map((row) => row.map((cell, column) => (column < 5 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join("  ")).join("\n");
}

/** Cases of one network and size whose J differs from that of the first: then they did not compute the same thing. */
export function disagreements(outcomes: readonly Outcome[]): string[] {
  const first = new Map<string, BenchResult>();
  return done(outcomes).flatMap((one) => {
    const reference = first.get(problemOf(one)) ?? one;
    first.set(problemOf(one), reference);
    return one.costs.flatMap((J, i) => {
      const expected = reference.costs[i];
      const off = expected !== undefined && !(Math.abs(J - expected) <= AGREEMENT * Math.abs(expected));
      return off ? [`THE PATHS DISAGREE: J before step ${i + 1} is ${J} on ${describeCase(one)}, ${expected} on ${describeCase(reference)}`] : [];
    });
  });
}
