import { html, nothing, type TemplateResult } from "lit";
import { type FeatureLayer, featureLayers } from "../nst/feature-layers";
import type { LayerSpec, ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";

export interface LayerSelectOptions {
  /** which kinds of layers can be chosen; default: all */
  kinds?: readonly LayerSpec["kind"][];
  /** text before the control; default "layer" */
  label?: string | TemplateResult;
  /** shown, but not to be operated */
  disabled?: boolean;
}

/** Layers that stand together in a list. */
export interface LayerGroup {
  /** "block 3" */
  title: string;
  layers: LayerSpec[];
}

/** The layers of a network by block; a pool ends the block that it reads. Blocks without a layer of these kinds are left out. */
export function layerGroups({ layers }: ModelCard, kinds?: readonly LayerSpec["kind"][]): LayerGroup[] {
  const groups: LayerGroup[] = [{ title: "block 1", layers: [] }];
  for (const layer of layers) {
    if (!kinds || kinds.includes(layer.kind)) groups.at(-1)!.layers.push(layer);
    if (layer.kind === "pool") groups.push({ title: `block ${groups.length + 1}`, layers: [] });
  }
  return groups.filter(({ layers }) => layers.length > 0);
}

/** One layer for each block: what comes out of its first module, where it is built of modules, else its first convolution. */
export function blockLayers(card: ModelCard): FeatureLayer[] {
  const readable = featureLayers(card);
  return layerGroups(card, ["conv", "concat"]).map(({ layers }) => {
    const { name } = layers.find(({ kind }) => kind === "concat") ?? layers[0];
    return readable.find((layer) => layer.name === name)!;
  });
}

/** A layer's name as a list shows it: the paper's name first, the Keras name after it. */
export function layerTitle(name: string): string {
  const short = paperName(name);
  return short === name ? name : `${short} · ${name}`;
}

/**
 * A labelled list of a network's layers, block by block.
 * @param layer Keras name of the chosen layer
 * @param choose called with the Keras name of another
 */
export function layerSelect(card: ModelCard, layer: string, choose: (layer: string) => void, { kinds, label = "layer", disabled = false }: LayerSelectOptions = {}): TemplateResult {
  const groups = layerGroups(card, kinds);
  const known = groups.some(({ layers }) => layers.some(({ name }) => name === layer));
  return html`<label>${label} <select ?disabled=${disabled} @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
    ${known ? nothing : html`<option value=${layer} selected>${layer}</option>`}
    ${groups.map(({ title, layers }) => html`<optgroup label=${title}>${layers.map(({ name }) => html`<option value=${name} .selected=${name === layer}>${layerTitle(name)}</option>`)}</optgroup>`)}
  </select></label>`;
}
