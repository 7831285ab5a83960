import { css } from "lit";

/** Heights of a row in CSS pixels: they are fixed, so that what is not on the screen need not be measured. */
export const ROW_HEIGHT = { wide: 60, narrow: 104 };

/** Narrower lists than this, in CSS pixels, set the parts of a row below one another. */
export const NARROW = 600;

/** The list of kept runs. */
export const runListStyles = css`
  :host {
    display: block;
    font: 13px/1.4 var(--sans);
  }
  .tools {
    margin-bottom: 10px;
  }
  .tools input[type="search"] {
    flex: 1 1 180px;
    min-width: 0;
    min-height: 30px;
    padding: 5px 10px;
    border: 1px solid var(--edge);
    border-radius: 7px;
    background: var(--card);
    color: var(--ink);
    font: 13px/1.4 var(--sans);
  }
  .tools button[aria-pressed="true"] {
    background: var(--code);
    font-weight: 600;
  }
  .scroller {
    position: relative;
    max-height: var(--run-list-height, 424px);
    overflow-y: auto;
    border: 1px solid var(--line);
    border-radius: 7px;
    overscroll-behavior: contain;
  }
  .scroller.dropping {
    outline: 2px dashed var(--edge);
    outline-offset: -3px;
  }
  [role="treegrid"] {
    position: relative;
  }
  .run {
    position: absolute;
    left: 0;
    right: 0;
    display: grid;
    grid-template-columns: 28px 48px minmax(0, 1fr) minmax(0, 190px) 88px 64px;
    gap: 0 12px;
    align-items: center;
    padding: 0 8px 0 12px;
    border-bottom: 1px solid var(--line);
    background: var(--card);
    cursor: default;
  }
  .run.member {
    padding-left: 30px;
  }
  .run:hover {
    background: color-mix(in srgb, var(--code) 55%, var(--card));
  }
  .run[aria-selected="true"] {
    background: var(--picture-wash);
  }
  .run:focus-visible {
    outline-offset: -2px;
  }
  .pick {
    display: grid;
    place-items: center;
  }
  .pick input {
    width: 16px;
    height: 16px;
    margin: 0;
  }
  .fold {
    width: 26px;
    min-height: 26px;
    padding: 0;
    font-size: 11px;
  }
  .image {
    position: relative;
    width: 48px;
    height: 48px;
  }
  .image img {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: 4px;
    object-fit: cover;
    background: var(--code);
  }
  /* a pile of the first ones of a group */
  .image.pile img {
    position: absolute;
    width: 36px;
    height: 36px;
    border: 1px solid var(--card);
  }
  .image.pile img:nth-child(1) {
    z-index: 3;
  }
  .image.pile img:nth-child(2) {
    z-index: 2;
    inset: 6px auto auto 6px;
  }
  .image.pile img:nth-child(3) {
    inset: 12px auto auto 12px;
  }
  .image .none {
    display: block;
    height: 100%;
    border: 1px dashed var(--line);
    border-radius: 4px;
  }
  .what,
  .far,
  .when {
    min-width: 0;
  }
  .line {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .title {
    font-weight: 600;
  }
  .second {
    color: var(--soft);
    font-size: 12px;
  }
  .far,
  .when {
    font-size: 12px;
    font-variant-numeric: tabular-nums;
  }
  .when {
    text-align: right;
  }
  .unfinished {
    font-weight: 600;
  }
  .live {
    color: var(--picture);
  }
  .what input[type="text"] {
    width: 100%;
    min-height: 26px;
    margin-bottom: 3px;
    padding: 2px 6px;
    outline-offset: -2px;
  }
  .can {
    display: flex;
    justify-content: flex-end;
  }
  .can button {
    width: 30px;
    min-height: 30px;
    padding: 0;
    color: var(--soft);
    font-size: 15px;
    line-height: 1;
  }
  .can button:hover,
  .can button[aria-expanded="true"],
  .can .star[aria-pressed="true"] {
    color: var(--ink);
  }
  .nothing {
    margin: 0;
    padding: 18px 14px;
    color: var(--soft);
  }
  .below {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 14px;
    align-items: center;
    min-height: 30px;
    margin-top: 8px;
    color: var(--soft);
    font-size: 12px;
  }
  .below .picks {
    color: var(--ink);
  }
  .below button {
    min-height: 26px;
    padding: 2px 10px;
    font-size: 12px;
  }
  .said {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
    align-items: center;
    margin: 0;
  }
  .said:not(:empty) {
    margin-bottom: 10px;
  }
  .said.problem,
  p.problem {
    padding: 6px 10px;
    border-radius: 7px;
    background: var(--error-wash);
    color: var(--error);
    overflow-wrap: anywhere;
  }
  p.problem {
    margin: 0 0 10px;
  }
  .keys {
    margin: 4px 0 0;
    color: var(--soft);
    font-size: 12px;
  }
  .narrow .run {
    grid-template-columns: 24px 48px minmax(0, 1fr) 32px;
    grid-template-areas: "pick image what can" "pick image far can" "pick image when can";
    gap: 0 10px;
    align-content: center;
  }
  .narrow .run > .pick {
    grid-area: pick;
  }
  .narrow .run > .image {
    grid-area: image;
  }
  .narrow .run > .what {
    grid-area: what;
  }
  .narrow .run > .far {
    grid-area: far;
  }
  .narrow .run > .when {
    grid-area: when;
    display: flex;
    gap: 10px;
    text-align: left;
  }
  .narrow .run > .can {
    grid-area: can;
    flex-direction: column;
  }
  .narrow .run.member {
    padding-left: 20px;
  }
  @media (pointer: coarse) {
    .keys {
      display: none;
    }
    .can button {
      min-height: 40px;
    }
  }
`;
