import { describe, expect, it } from "vitest";
import { PAPER, paperRatio, shareOf, weightsFor } from "../../src/cells/balance-share";

const pulls = { content: 40, style: 0.045 };
const standard = { alphaTimesM: 1e-4, beta: 1 };

describe("weights from a share of the pull", () => {
  it("give the content cost that share, and leave β as it is", () => {
    for (const share of [0.01, 0.3, 0.5, 0.99]) {
      const weights = weightsFor(share, pulls, { alphaTimesM: 7, beta: 3 }, standard);
      expect(weights.beta).toBe(3);
      expect(shareOf(weights, pulls)).toBeCloseTo(share, 12);
    }
  });

  it("at a half make both pull equally hard", () => {
    const { alphaTimesM, beta } = weightsFor(0.5, pulls, standard, standard);
    expect(alphaTimesM * pulls.content).toBeCloseTo(beta * pulls.style, 12);
  });

  it("at the ends leave one of the two out", () => {
    expect(weightsFor(0, pulls, standard, standard)).toEqual({ alphaTimesM: 0, beta: 1 });
    expect(weightsFor(1, pulls, standard, standard)).toEqual({ alphaTimesM: 1e-4, beta: 0 });
    expect([shareOf({ alphaTimesM: 0, beta: 1 }, pulls), shareOf({ alphaTimesM: 1, beta: 0 }, pulls)]).toEqual([0, 1]);
  });

  it("come back from an end: a weight that was 0 is taken as the network recommends", () => {
    const back = weightsFor(0.25, pulls, { alphaTimesM: 1e-4, beta: 0 }, standard);
    expect(back.beta).toBe(1);
    expect(shareOf(back, pulls)).toBeCloseTo(0.25, 12);
    expect(weightsFor(1, pulls, { alphaTimesM: 0, beta: 1 }, standard)).toEqual({ alphaTimesM: 1e-4, beta: 0 });
  });
});

describe("the ratio of the weights in the paper's unit", () => {
  it("is α/β itself for the layer of the paper: 512 maps of 64 × 64 positions", () => {
    expect(paperRatio({ alphaTimesM: 1e-3 * PAPER.positions, beta: 1 }, PAPER)).toBeCloseTo(1e-3, 15);
  });

  it("does not depend on the size of the picture, as α·M does not, and counts the maps", () => {
    const weights = { alphaTimesM: 1e-4, beta: 1 };
    expect(paperRatio(weights, { channels: 128, positions: 256 })).toBe(paperRatio(weights, { channels: 128, positions: 4096 }));
    expect(paperRatio(weights, { channels: 256, positions: 256 })).toBeCloseTo(2 * paperRatio(weights, { channels: 128, positions: 256 }), 18);
  });
});
