/** A picture as plain data: what the page shows, the workers compute on, and a file keeps. Never a tensor. */
export interface Picture {
  /** columns, in pixels */
  width: number;
  /** rows, in pixels */
  height: number;
  /** RGB, interleaved, row by row from the top left: height × width × 3 values in [0, 1] (sRGB as in the file, no gamma removed) */
  data: Float32Array;
}
