/** What the functions of `nst` that only cells have work with. Set once, when the worker starts. */
import type { Holding } from "./holding";
import type { Networks } from "./networks";

export interface Surroundings {
  file(path: string): Promise<Blob | ArrayBuffer>;
  /** of the cell whose code is running now */
  holding(): Holding;
  within<T>(holding: Holding, work: () => T): T;
  networks: Networks;
}

let current: Surroundings | null = null;

export function surround(surroundings: Surroundings): void {
  current = surroundings;
}

export function surroundings(): Surroundings {
  if (!current) throw new Error("There is no worker around this.");
  return current;
}
