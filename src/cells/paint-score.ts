import type { Measure } from "../kernel/protocol";
import type { Picture } from "../nst/picture";

/** What each term adds to J for one picture, weights included. */
export interface PaintCosts {
  /** J */
  total: number;
  /** 0 where there is no content layer */
  content: number;
  /** sum over the style layers */
  style: number;
  tv: number;
  /** style layers in the network's order, by their Keras names */
  layers: { name: string; cost: number }[];
}

/** The costs out of a measure. */
export function paintCosts({ terms, total }: Measure): PaintCosts {
  const sum = (kind: string) => terms.reduce((sum, term) => (term.kind === kind ? sum + term.cost : sum), 0);
  const layers = terms.filter(({ kind }) => kind === "gram").map(({ name, cost }) => ({ name, cost }));
  return { total, content: sum("content"), style: sum("gram"), tv: sum("tv"), layers };
}

/** How a person does who paints: what J was at the start, what it is now, and the best picture so far. */
export class PaintScore {
  /** of the picture that was painted on; null until it has been measured */
  start: PaintCosts | null = null;
  /** of the newest picture that has been measured */
  now: PaintCosts | null = null;
  /** that picture */
  picture: Picture | null = null;
  /** the picture with the smallest J so far, the start among them */
  best: { picture: Picture; costs: PaintCosts } | null = null;

  /** Records the picture that is painted on. */
  begin(picture: Picture, costs: PaintCosts): void {
    this.start = this.now = costs;
    this.picture = picture;
    this.best = { picture, costs };
  }

  /** Records a picture. @param picture taken over. @returns whether it is the best so far */
  take(picture: Picture, costs: PaintCosts): boolean {
    this.now = costs;
    this.picture = picture;
    if (this.best && !(costs.total < this.best.costs.total)) return false;
    this.best = { picture, costs };
    return true;
  }

  /** J as a share of what it was at the start: 1 there, 0 is the least there could be. NaN while the start is not known. */
  share(costs: Pick<PaintCosts, "total"> | null | undefined): number {
    return this.start && costs ? costs.total / this.start.total : NaN;
  }
}

/** Number of steps after which a series of shares is below `mark` for the first time; null if it never is. */
export function stepsBelow(shares: ArrayLike<number>, mark: number): number | null {
  for (let step = 0; step < shares.length; step++) if (shares[step] < mark) return step;
  return null;
}

/** A share in words: "83.4 %", and "0.52 %" where it is small. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "–";
  const value = 100 * share;
  const digits = value >= 99.95 ? 0 : value >= 10 ? 1 : 2;
  const text = value >= 99.95 && value < 100.05 ? "100" : digits === 0 ? (value < 1000 ? value.toFixed(1) : String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u2009")) : value.toFixed(digits);
  return `${text} %`;
}
