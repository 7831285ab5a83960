/** "Show as code" of the board. Pure. */
import { equal } from "../notebook/equal";
import type { TransferSettings } from "../nst/settings";
import { literal } from "./as-code-texts";

/** The settings with what is chosen on the board. @param settings name of the settings that it reads */
export function boardCode({ name, settings, read, chosen }: { name: string; settings: string; read: TransferSettings; chosen: TransferSettings }): string {
  const own = (Object.keys(chosen) as (keyof TransferSettings)[]).filter((key) => !equal(read[key], chosen[key]));
  return ["```js kernel edit", `// layers and weights as they are chosen on the board`, `const ${name} = {`, `  ...${settings},`, ...own.map((key) => `  ${key}: ${literal(chosen[key])},`), "}", "```"].join("\n");
}
