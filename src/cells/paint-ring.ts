import { css } from "lit";

/** An <i> drawn as a ring: the edge of a brush over a picture, to be seen on every colour. */
export const ringStyles = css`
  i {
    position: absolute;
    aspect-ratio: 1;
    translate: -50% -50%;
    border: 1.5px solid #fff;
    border-radius: 50%;
    box-shadow: 0 0 0 1px #000, inset 0 0 0 1px #000;
    pointer-events: none;
  }
`;
