/** "Show as code" of the cell that erases terms. Pure. */
import { literal } from "./as-code-texts";
import type { TransferSettings } from "../nst/settings";
import { withoutTerms } from "./terms-kept";

/** The settings with the weight 0 for what was erased. @param settings name of the settings that the cell reads */
export function termsCode({ name, settings, read, erased }: { name: string; settings: string; read: TransferSettings; erased: readonly string[] }): string {
  const kept = withoutTerms(read, erased);
  const layers = Object.keys(kept.styleLayers).filter((layer) => kept.styleLayers[layer] !== read.styleLayers[layer]);
  const lines = (["alphaTimesM", "totalVariation"] as const).flatMap((key) => (kept[key] === read[key] ? [] : [`  ${key}: 0,`]));
  if (layers.length > 0) lines.push(`  styleLayers: { ...${settings}.styleLayers, ${literal(Object.fromEntries(layers.map((layer) => [layer, 0]))).slice(2, -2)} },`);
  return ["```js kernel edit", `// what is erased has the weight 0`, `const ${name} = {`, `  ...${settings},`, ...lines, "}", "```"].join("\n");
}
