import { describe, expect, it } from "vitest";
import { CostHistory } from "../../src/runs/cost-history";
import { keepRun, runRecord } from "../../src/cells/run-records";
import { RunRecord } from "../../src/kernel/run-record";
import type { RunConfig } from "../../src/kernel/protocol";

const run = () => ({ record: new RunRecord({} as RunConfig), history: new CostHistory() });

describe("the runs of the page", () => {
  it("are found by their names", () => {
    const [one, other] = [run(), run()];
    keepRun("first", one);
    keepRun("second", other);
    expect(runRecord("first")).toBe(one);
    expect(runRecord("second")).toBe(other);
    expect(runRecord("no such run")).toBeUndefined();
  });

  it("are the last eight", () => {
    const names = Array.from({ length: 9 }, (_, i) => `run ${i}`);
    for (const name of names) keepRun(name, run());
    expect(names.map((name) => runRecord(name) !== undefined)).toEqual([false, ...Array<boolean>(8).fill(true)]);
  });
});
