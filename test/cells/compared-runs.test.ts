import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { comparedRuns, MARKS, RUN_COLOURS } from "../../src/cells/compared-runs";
import { RunRecord } from "../../src/kernel/run-record";
import { CostHistory } from "../../src/runs/cost-history";
import type { RunEntry } from "../../src/runs/kept-run";
import type { RunConfig } from "../../src/kernel/protocol";

const sheet = readFileSync(new URL("../../src/cells/theme.css", import.meta.url), "utf8");
const ground = (theme: string, name: string): string => new RegExp(`--${name}:\\s*(#[0-9a-f]{6})`).exec(sheet.slice(sheet.indexOf(theme)))![1];

type Three = readonly [number, number, number];
const times = (matrix: readonly Three[], v: Three) => matrix.map((row) => row[0] * v[0] + row[1] * v[1] + row[2] * v[2]) as unknown as Three;
const linear = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as unknown as Three;

/** What people see of linear RGB who lack one kind of cone (Machado, Oliveira & Fernandes 2009, severity 1). */
const SIGHTS: Record<string, readonly Three[]> = {
  "all colours": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

/** OKLab (Ottosson 2020): distances are about as they are seen; black and white are 1 apart. */
function oklab(rgb: Three): Three {
  const cones = times([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]], rgb);
  return times([[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]], cones.map(Math.cbrt) as unknown as Three);
}

/** The least distance of any two colours, as they are seen. */
function closest(colours: readonly string[], sight: readonly Three[]): number {
  const seen = colours.map((colour) => oklab(times(sight, linear(colour)).map((c) => Math.min(1, Math.max(0, c))) as unknown as Three));
  return Math.min(...seen.flatMap((one, i) => seen.slice(0, i).map((other) => Math.hypot(...one.map((x, c) => x - other[c])))));
}

function contrast(a: string, b: string): number {
  const luminance = (hex: string) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0];
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

describe.each([["light", ":root {", 0], ["dark", ':root[data-theme="dark"]', 1]] as const)("the eight colours of compared runs in the %s theme", (_, theme, column) => {
  const colours = RUN_COLOURS.map((pair) => pair[column]);

  it("can be read as text on every ground, and a letter on them can be read", () => {
    for (const name of ["paper", "card", "code"]) for (const colour of colours) expect([name, colour, contrast(colour, ground(theme, name)) >= 4.5]).toEqual([name, colour, true]);
  });

  it.each(Object.entries(SIGHTS))("are told apart by people who see %s, the first four easily", (_, sight) => {
    expect(closest(colours, sight)).toBeGreaterThan(0.09);
    expect(closest(colours.slice(0, 4), sight)).toBeGreaterThan(0.15);
  });
});

describe("compared runs", () => {
  const settings = { alphaTimesM: 1, steps: 10 };
  const opened = (id: string, changed?: object) => {
    const record = new RunRecord({ settings } as unknown as RunConfig);
    if (changed) record.changes.push({ step: 4, settings: { ...settings, ...changed } as never });
    return { id, entry: {} as RunEntry, record, history: new CostHistory(), frames: [], going: false };
  };

  it("have letters and colours in the order in which they were picked, eight at most", () => {
    const runs = comparedRuns(Array.from({ length: 10 }, (_, i) => opened(`run ${i}`)));
    expect(runs.map(({ mark }) => mark)).toEqual([...MARKS]);
    expect(runs.map(({ id }) => id)).toEqual(Array.from({ length: 8 }, (_, i) => `run ${i}`));
    expect(runs[1].colour).toBe("light-dark(#be320a, #fabe64)");
  });

  it("have the settings that they end with, changes in mid-run included", () => {
    const [as, other] = comparedRuns([opened("a"), opened("b", { alphaTimesM: 3 })]);
    expect([as.settings.alphaTimesM, other.settings.alphaTimesM]).toEqual([1, 3]);
  });
});
