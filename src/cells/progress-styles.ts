import { css } from "lit";

/** The thin bar of steps done, at the top of what runs. Its classes are the states of a run. */
export const progressStyles = css`
  .progress {
    height: 3px;
    background: var(--line);
    overflow: clip;
  }
  .progress i {
    display: block;
    height: 100%;
    background: var(--picture);
    transform-origin: left;
  }
  .progress.paused i,
  .progress.stopped i {
    background: var(--edge);
  }
`;
