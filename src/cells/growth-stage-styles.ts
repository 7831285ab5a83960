import { css } from "lit";

/** What the views of pictures that grow share: buttons, status and messages above them, and the frame of a picture. */
export const growthStageStyles = css`
  .top {
    display: grid;
    gap: 8px;
    padding: 12px 14px 0;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 14px;
    align-items: center;
  }
  .status {
    margin: 0;
    color: var(--soft);
  }
  .status b {
    margin-right: 4px;
    color: var(--ink);
    font-weight: 600;
  }
  .message,
  .promise {
    margin: 0;
    max-width: 75ch;
  }
  .message {
    padding: 6px 10px;
    border-radius: 7px;
    background: var(--code);
  }
  .message.problem {
    background: var(--error-wash);
    color: var(--error);
  }
  .stage {
    position: relative;
    background: var(--code);
    border-radius: 6px;
    overflow: clip;
  }
  .stage canvas {
    width: 100%;
    height: 100%;
    border-radius: 0;
  }
  .stage canvas[hidden] {
    display: none;
  }
  .hint {
    position: absolute;
    inset: 0;
    display: grid;
    place-items: center;
    color: var(--soft);
  }
`;
