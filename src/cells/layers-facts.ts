import { layerShapes, type LayerShape } from "../nst/layer-shapes";
import type { LayerSpec, ModelCard } from "../nst/model-card";
import { paperName } from "../nst/names";
import { fieldOf, receptiveField, type ReceptiveField } from "../nst/receptive-field";
import { layerGroups } from "./layer-choice";

/** A rectangle in pixels of a picture. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What a map of the network says of one layer. */
export interface LayerFacts {
  /** Keras name */
  name: string;
  /** the paper's name, where it has one */
  alias: string;
  /** the alias where room is short: parts of a fire module without the module's name, which its output has */
  short: string;
  kind: LayerSpec["kind"];
  shape: LayerShape;
  field: ReceptiveField;
  /** what the unit in the middle of a map sees: as much of its receptive field as lies in the picture */
  seen: Area;
  /** `seen` as a share of the picture's pixels, in (0, 1] */
  share: number;
  /** what the network's card recommends to read here */
  use: "content" | "style" | null;
}

export interface BlockFacts {
  /** "block 3" */
  title: string;
  layers: LayerFacts[];
}

/** The layers of a network by block, for a picture of this size in pixels; a pool ends its block. */
export function layersFacts(card: ModelCard, width: number, height: number): BlockFacts[] {
  const shapes = layerShapes(card, width, height);
  return layerGroups(card).map(({ title, layers }) => ({
    title,
    layers: layers.map(({ name, kind }) => {
      const shape = shapes.get(name)!;
      const field = receptiveField(card, name);
      const seen = within(fieldOf(field, shape.width >> 1, shape.height >> 1), width, height);
      const use = name === card.defaults.contentLayer ? "content" : name in card.defaults.styleLayers ? "style" : null;
      return { name, alias: paperName(name), short: shortName(name), kind, shape, field, seen, share: (seen.width * seen.height) / (width * height), use };
    }),
  }));
}

const shortName = (layer: string): string => paperName(layer).replace(/^fire\d+_(squeeze|expand(\d)x\d)$/, (_, part: string, side?: string) => (side ? `${side}×${side}` : part));

/** The part of an area that lies in a picture of this size. */
export function within(area: Area, width: number, height: number): Area {
  const x = Math.max(0, area.x);
  const y = Math.max(0, area.y);
  return { x, y, width: Math.max(0, Math.min(width, area.x + area.width) - x), height: Math.max(0, Math.min(height, area.y + area.height) - y) };
}
