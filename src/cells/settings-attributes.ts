/** Settings as the attributes of a settings cell: the way back from `transferSettings`. */
import type { TransferSettings } from "../nst/settings";
import { type Choices, optimiserChoices } from "./transfer-settings";

/** The choices that lead to these settings. What has no part in them (the share of noise, where there is no blend) is left out. */
export function choicesOf({ contentLayer, initialisation, optimiser, contentTap, ...rest }: TransferSettings): Choices {
  return {
    ...rest,
    ...optimiserChoices(optimiser),
    contentLayer: contentLayer ?? "none",
    initialisation: initialisation.kind,
    ...(initialisation.kind === "blend" && { noise: initialisation.noise }),
    ...(contentTap && { contentTap }),
  };
}

/** A choice as its attribute says it, so that it is read as just the same; "" for none. */
export function attributeText(choice: unknown): string {
  if (choice === null || choice === undefined) return "";
  if (typeof choice !== "object") return String(choice);
  return Object.entries(choice).map(([layer, weight]) => (weight === 1 ? layer : `${layer}:${weight}`)).join(" ");
}
