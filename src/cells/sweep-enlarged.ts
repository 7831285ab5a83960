/** How a picture of a sweep comes from its half size to its full size, where it goes on from there. */
import type { Checkpoint } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import { resize } from "../nst/resize";
import type { GrowthHandle } from "./growth";
import type { SweepStage } from "./sweep-plans";

/** The picture of half size at full size, with a fresh optimiser; null where there is none. */
export function enlarged({ config, offset }: SweepStage, coarse: Picture | null): Checkpoint | null {
  if (!coarse) return null;
  const { width, height } = config.content;
  const picture = resize(coarse, width, height).data;
  return { step: offset, taken: 0, width, height, picture, moment1: new Float32Array(picture.length), moment2: new Float32Array(picture.length) };
}

/** What stands for a run that cannot begin. */
export const UNGROWN = (): GrowthHandle => {
  const nothing = (): void => {};
  return { pause: nothing, resume: nothing, stop: nothing, drop: nothing, ended: Promise.reject(new Error("A picture was not grown at full size, because its run at half size ended before its time.")) };
};
