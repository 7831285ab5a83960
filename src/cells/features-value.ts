/** What cells that look into the network hand to one another. Plain data. */
import type { FeatureRequest, NetworkSource } from "../kernel/protocol";
import type { FeatureMaps, GramMatrix } from "../nst/feature-maps";
import type { Picture } from "../nst/picture";

/** What a cell reads as a picture: what an image cell, a run, or a code cell gives. */
export interface PictureValue {
  /** null: a run that has not been started */
  picture: Picture | null;
  /** what it is called */
  name?: string;
}

/** The value of a features cell: the maps, and where they come from. Null where the picture is that of a run that has not been started. */
export interface FeaturesValue extends FeatureMaps {
  /** what the maps were computed from; absent where a code cell made them */
  from?: {
    picture: Picture;
    network: NetworkSource;
    /** how the picture was read, where it differs from the card */
    options: Pick<FeatureRequest, "pooling" | "tap" | "input">;
    /** name of the value that the picture came from: "content", "style", "G" … */
    name: string;
  };
}

/** The maps alone: where they come from need not travel to a worker. */
export function mapsAlone({ layer, height, width, channels, data }: FeatureMaps): FeatureMaps {
  return { layer, height, width, channels, data };
}

/** The value of a Gram cell. */
export interface GramValue extends GramMatrix {
  /** the maps that it was computed from, where they are known */
  maps?: FeaturesValue;
}
