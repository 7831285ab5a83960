/** The terms of a cost as settings name them, and the same settings without some of them. */
import { paperName } from "../nst/names";
import type { TransferSettings } from "../nst/settings";

/** A term of J that can be left out. */
export interface SettingsTerm {
  /** "content", the Keras name of a style layer, or "tv" */
  name: string;
  kind: "content" | "style" | "tv";
  /** "conv4_2" for the content at its layer; the paper's name of a style layer; "neighbouring pixels" */
  label: string;
  /** what the term's weight is called */
  symbol: string;
  /** α·M, β·w, τ */
  weight: number;
}

/** The terms with a weight, in the order content, style layers as the settings have them, total variation. */
export function settingsTerms({ contentLayer, alphaTimesM, styleLayers, beta, totalVariation }: TransferSettings): SettingsTerm[] {
  const terms: SettingsTerm[] = [];
  if (contentLayer !== null) terms.push({ name: "content", kind: "content", label: paperName(contentLayer), symbol: "α · M", weight: alphaTimesM });
  for (const [layer, weight] of Object.entries(styleLayers)) terms.push({ name: layer, kind: "style", label: paperName(layer), symbol: "β · w", weight: beta * weight });
  terms.push({ name: "tv", kind: "tv", label: "neighbouring pixels", symbol: "τ", weight: totalVariation });
  return terms.filter(({ weight }) => weight !== 0);
}

/**
 * The settings with the weight 0 for the erased terms; all else stays as it is. A layer that is erased stays among the
 * layers, so that its curve goes on at 0 and comes back with it.
 * @param erased names as SettingsTerm has them; what the settings do not name is passed over
 */
export function withoutTerms(settings: TransferSettings, erased: readonly string[]): TransferSettings {
  const gone = new Set(erased);
  const styleLayers = Object.fromEntries(Object.entries(settings.styleLayers).map(([layer, weight]) => [layer, gone.has(layer) ? 0 : weight]));
  return {
    ...settings,
    styleLayers,
    alphaTimesM: gone.has("content") ? 0 : settings.alphaTimesM,
    totalVariation: gone.has("tv") ? 0 : settings.totalVariation,
  };
}
