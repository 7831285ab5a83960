/** "Show as code" of a recipe. Pure. */
import type { InputSpec } from "../nst/model-card";
import type { TransferSettings } from "../nst/settings";
import { literal } from "./as-code-texts";

export interface RecipeFacts {
  name: string;
  /** of the recipe */
  title: string;
  /** name of the network that the cell reads */
  network: string;
  settings: TransferSettings;
  /** how the recipe reads pixels; null: as the network's card says */
  input: InputSpec | null;
}

/** The recipe's settings and network in the common unit, as a run reads them. */
export function recipeCode({ name, title, network, settings, input }: RecipeFacts): string {
  return [
    "```js kernel edit",
    `// ${title}, with α·M, β and w in the unit of the paper of 2015`,
    `const ${name} = {`,
    "  settings: {",
    ...Object.entries(settings).map(([key, value]) => `    ${key}: ${literal(value)},`),
    "  },",
    input ? `  network: { ...${network}, card: { ...${network}.card, input: ${literal(input)} } },` : `  network: ${network},`,
    "}",
    "```",
  ].join("\n");
}
