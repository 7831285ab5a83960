/** How the numbers of a followed pixel are written. */
import { paperName } from "../nst/names";
import { CHANNELS, type PixelPath, type StepSum } from "./follow-path";

/** Decimals: a step of Adam moves a pixel by about the learning rate, and its parts are smaller. */
const DECIMALS = 5;

/** 0.41200 */
export function fixed(value: number, decimals = DECIMALS): string {
  const text = value.toFixed(decimals);
  // −0.00000 is 0
  return (Number(text) === 0 ? (0).toFixed(decimals) : text).replace("-", "−");
}

/** +0.00310, −0.00120 */
export function signed(value: number, decimals = DECIMALS): string {
  const text = fixed(value, decimals);
  return text.startsWith("−") || Number(text) === 0 ? text : `+${text}`;
}

/** A colour as CSS says it. */
export function cssColour(colours: Float32Array, step: number): string {
  return `rgb(${[0, 1, 2].map((c) => Math.round(colours[step * 3 + c] * 255)).join(" ")})`;
}

/** A colour in words: "0.41, 0.30, 0.22". */
export function colourText(colours: Float32Array, step: number): string {
  return [0, 1, 2].map((c) => fixed(colours[step * 3 + c], 2)).join(", ");
}

/** The whole path for people who do not see it. */
export function pathText({ x, y, steps, colours }: PixelPath): string {
  const courses = CHANNELS.map((name, c) => `${name} from ${fixed(colours[c], 2)} to ${fixed(colours[steps * 3 + c], 2)}`);
  return `Colour of the pixel in column ${x}, row ${y}, over ${steps} steps: ${courses.join(", ")}.`;
}

/** The sum of a step as TeX, in the colours of its terms. Lines can break after its operators. */
export function sumTex(terms: readonly string[], { before, pulls, clip, after }: StepSum): string {
  const named = (text: string, name: string) => String.raw`${text}_{\text{${name.replaceAll("_", String.raw`\_`)}}}`;
  const part = (value: number, name: string, colour: string | null) => {
    const text = fixed(Math.abs(value));
    return `${value < 0 && Number(text) !== 0 ? "-" : "+"} ${named(colour ? String.raw`\textcolor{${colour}}{${text}}` : text, name)}`;
  };
  return [
    named(fixed(before), "before"),
    ...terms.map((term, t) => part(pulls[t], paperName(term), term === "content" ? "blue" : term === "tv" ? null : "orange")),
    part(clip, "clip", "violet"),
    `= ${named(fixed(after), "after")}`,
  ].join(" ");
}
