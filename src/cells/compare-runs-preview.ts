/** What is shown of a run's step at once, before its exact picture is there: the nearest picture that the page holds. */
import type { Picture } from "../nst/picture";
import type { Frame } from "../runs/kept-run";
import type { ComparedRun } from "./compared-runs";

/** The nearest picture of a run's filmstrip, or of its checkpoints. */
export type Preview = { step: number; frame: Frame } | { step: number; picture: Picture };

/** Of frames and checkpoints the one nearest to a step, a checkpoint rather than a frame as near; null: there is none. */
export function previewAt({ frames, record: { checkpoints } }: Pick<ComparedRun, "frames"> & { record: Pick<ComparedRun["record"], "checkpoints"> }, step: number): Preview | null {
  const nearest = <T extends { step: number }>(all: readonly T[]): T | undefined =>
    all.reduce<T | undefined>((best, one) => (best && Math.abs(best.step - step) <= Math.abs(one.step - step) ? best : one), undefined);
  const [frame, checkpoint] = [nearest(frames), nearest(checkpoints)];
  if (checkpoint && (!frame || Math.abs(checkpoint.step - step) <= Math.abs(frame.step - step))) {
    const { width, height, picture: data } = checkpoint;
    return { step: checkpoint.step, picture: { width, height, data } };
  }
  return frame ? { step: frame.step, frame } : null;
}
