import { css } from "lit";

/** What the board's map draws otherwise than that of nst-layers, whose rules come before these. */
export const boardMapStyles = css`
  :host {
    --whole: 76px;
  }
  button.layer {
    grid-template-rows: var(--whole) 62px 56px 16px;
    min-width: 27px;
  }
  button.layer[aria-pressed="true"] {
    color: var(--ink);
  }
  .for-style .name,
  .for-content .name {
    color: var(--ink);
    font-weight: 600;
  }
  .for-style .maps i {
    border-color: var(--style);
    background: var(--style);
  }
  .for-content .maps i {
    border-color: var(--content);
    background: var(--content);
  }
  .for-style.for-content .maps i {
    background: linear-gradient(var(--content) 50%, var(--style) 50%);
  }
  .share {
    display: flex;
    flex-direction: column-reverse;
    width: 100%;
    height: 100%;
    align-items: center;
    border-bottom: 1px solid var(--line);
  }
  .share i {
    display: block;
    flex: none;
    width: 11px;
    height: calc(var(--share) * 100%);
    background: currentColor;
    forced-color-adjust: none;
  }
  .old {
    opacity: 0.45;
  }
  .size {
    font-size: 10.5px;
    white-space: nowrap;
  }
  .title {
    height: 34px;
  }
  @container map (width < 800px) {
    :host {
      --whole: 100%;
    }
    .title {
      height: auto;
    }
    button.layer {
      grid-template: 26px / 88px minmax(0, 1fr) minmax(0, 1fr) 48px;
    }
    .share {
      flex-direction: row;
      height: 100%;
      border-bottom: 0;
      border-left: 1px solid var(--line);
    }
    .share i {
      width: calc(var(--share) * 100%);
      height: 9px;
    }
  }
`;
