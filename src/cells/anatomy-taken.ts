/** A step that was taken apart, and what is needed to take it again. */
import type { Checkpoint, RunConfig, StepRecord } from "../kernel/protocol";
import type { Picture } from "../nst/picture";
import type { TransferSettings } from "../nst/settings";
import type { NetworkValue } from "./network";

export interface Taken {
  /** the fastest of `takes` */
  record: StepRecord;
  takes: number;
  config: RunConfig;
  /** where the step begins; absent: at the beginning of a run */
  from?: Checkpoint;
}

/** What an anatomy cell may begin from: any picture, or a moment of a run with the optimiser's state. */
export interface Beginning {
  picture: Picture | null;
  checkpoint?: Checkpoint | null;
}

export function stepConfig(content: Picture, style: Picture, { card, base, random }: NetworkValue, settings: TransferSettings): RunConfig {
  return { network: { card, base, random }, content, style, settings };
}

/**
 * Where the step begins: a checkpoint as it is, a picture alone with an optimiser that has not moved yet.
 * @throws Error where the picture has another size than the content picture, whose features it is compared with
 */
export function checkpointOf({ picture, checkpoint }: Beginning & { picture: Picture }, content: Picture, name: string): Checkpoint {
  const { width, height, data } = picture;
  if (width !== content.width || height !== content.height)
    throw new Error(`“${name}” has ${width} × ${height} px and the content picture ${content.width} × ${content.height}. A step compares them position by position: give both the same size.`);
  return checkpoint ?? { step: 0, width, height, picture: data, moment1: new Float32Array(data.length), moment2: new Float32Array(data.length) };
}
