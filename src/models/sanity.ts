/** The sanity test of a network, as the page uses it: judges numbers that the lab has measured. No tensors here. */
export { judge, type LayerMeasure, type MeasuredInput, type TriedInput } from "./sanity-judge";
export { compareInputs } from "./sanity-inputs";
export { sanityPooling } from "./sanity-usual";
