import type { WalkPart } from "../nst/forward";
import { breathe } from "./breathe";
import { deviceTurns } from "./turns";

/** Runs a walk to its end, giving way between layers; frees what it holds and throws when nobody wants it any more. */
export async function drive<T>(walk: Generator<WalkPart, T>, signal?: AbortSignal): Promise<T> {
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = walk.next();
      if (done) return value;
      await breathe();
    }
  } finally {
    walk.return(undefined as T);
  }
}

/** As `drive`, when it is its turn on the device. */
export async function driveInTurn<T>(walk: Generator<WalkPart, T>, signal?: AbortSignal): Promise<T> {
  const end = await deviceTurns.take();
  try {
    return await drive(walk, signal);
  } finally {
    end();
  }
}
