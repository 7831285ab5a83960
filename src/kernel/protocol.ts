/** The messages between the page and a worker. Plain data only; tensors stay in the worker that made them. */
import type { CopyDifference } from "../models/kept-network";
import type { LayerMeasure } from "../models/sanity";
import type { AscentSettings } from "../nst/ascent";
import type { FeatureMaps, GramMatrix } from "../nst/feature-maps";
import type { ChannelStatistics, LayerStatistics, MapsDifference } from "../nst/map-statistics";
import type { InputSpec, ModelCard, OptimiserOptions } from "../nst/model-card";
import type { Picture } from "../nst/picture";
import type { LiveSettings, Pooling, TransferSettings } from "../nst/settings";
import type { Unit } from "../nst/strongest-units";

export type { ChannelStatistics, LayerStatistics, MapsDifference };

export type WorkerRole = "engine" | "lab";
export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

export interface BackendStatus {
  backend: BackendName;
  /** wasm threads in use; 1 on other backends */
  threads: number;
  tensors: number;
  /** bytes that tfjs knows of */
  bytes: number;
  /** size of the wasm heap in bytes, 0 on other backends */
  heapBytes: number;
}

/** A network to use: its card and where its files are. */
export interface NetworkSource {
  card: ModelCard;
  /** absolute address of the folder that holds the weights file, with a slash at the end */
  base: string;
  /** seed: the same layers with random weights instead of the trained ones (He initialisation); no file is read */
  random?: number;
}

/** How a view reads features; what is left out is as the network's card says. */
export interface FeatureRequest {
  network: NetworkSource;
  picture: Picture;
  pooling?: Pooling;
  /** read the layers after their ReLU (default) or before it */
  tap?: "after" | "before";
  /** other preprocessing than the card's, to see what it does */
  input?: InputSpec;
}

/** A unit that answered strongly: column and row in its map, and what it answered. */
export interface Patch extends Unit {
  /** index in the list of pictures */
  picture: number;
}

/** A picture that is made to excite one channel: what `AscentSettings` says, and where and how long. */
export interface AscentConfig extends AscentSettings {
  network: NetworkSource;
  /** side of the picture in pixels */
  size: number;
  steps: number;
}

/** What an ascent reports, at most as often as a display redraws. */
export interface AscentBatch {
  /** steps done */
  step: number;
  /**
   * mean activation of the channel for the picture after `first`, `first + 1` … steps, as the network read it (moved by
   * some pixels); empty while preparing
   */
  activations: Float64Array;
  /** steps behind the first of them */
  first: number;
  /** 0 until two steps have been done */
  stepsPerSecond: number;
  state: "preparing" | "running" | "paused" | "finished" | "stopped";
  /** the picture after `step` steps; absent while preparing. The receiver closes it. */
  image?: ImageBitmap;
  /** something the person should know: a channel that stayed silent */
  notice?: string;
}

/** All that defines a run. */
export interface RunConfig {
  network: NetworkSource;
  content: Picture;
  style: Picture;
  settings: TransferSettings;
}

/**
 * Enough to go on from a step exactly: the picture and the optimiser's state after `step` steps. One with `taken` 0 and
 * moments of zeros goes on with a fresh optimiser, of any kind.
 */
export interface Checkpoint {
  step: number;
  width: number;
  height: number;
  /** h·w·3 numbers in [0, 1] */
  picture: Float32Array;
  /** h·w·3 numbers: Adam's first moment, the velocity of a descent with momentum; else zeros */
  moment1: Float32Array;
  /** h·w·3 numbers: Adam's second moment; else zeros */
  moment2: Float32Array;
  /** steps that the optimiser has taken since it was fresh; without it `step` */
  taken?: number;
  /** whose memory it is; without it Adam's. Another optimiser begins afresh from it */
  optimiser?: OptimiserOptions["kind"];
  /** what L-BFGS remembers: see nst/lbfgs.ts */
  memory?: Float32Array[];
}

/** What a run reports, at most as often as a display redraws. */
export interface RunBatch {
  /** names of the columns of `costs`: "total", "content", "style", "tv", then one per style layer: all as they count in J */
  columns: string[];
  /** row r holds the costs of the picture after `first + r` steps (row-major, columns.length wide) */
  costs: Float64Array;
  /** step of the first row; smaller than what was reported before when the run went back to a checkpoint */
  first: number;
  /** steps done */
  step: number;
  /** 0 until two steps have been done */
  stepsPerSecond: number;
  state: "preparing" | "running" | "paused" | "finished" | "stopped";
  /** newest picture, already clipped; absent if nothing changed since the last batch. The receiver closes it. */
  image?: ImageBitmap;
  /** RGBA bytes of the last picture, with "finished" and "stopped" (and when paused) */
  pixels?: { width: number; height: number; rgba: Uint8ClampedArray };
  checkpoint?: Checkpoint;
  /** settings that came into force since the last batch; the first batch with costs brings those it began with */
  change?: SettingsChange;
  /** something the person should know: lost GPU, a term that went bad, … */
  notice?: string;
}

/** Settings in force from the picture after `step` steps on: its costs are already measured with them. */
export interface SettingsChange {
  step: number;
  settings: LiveSettings;
}

export type RunControl = { kind: "pause" } | { kind: "resume" } | { kind: "stop" } | { kind: "update"; settings: LiveSettings };

/** One term of J, measured for one picture. */
export interface TermMeasure {
  /** "content", the Keras name of a style layer, or "tv" */
  name: string;
  /** "gram": of a style layer, also where the settings compare another statistic there */
  kind: "content" | "gram" | "tv";
  /** α, β·w_l or τ */
  weight: number;
  /** unweighted */
  value: number;
  /** weight · value: what it adds to J */
  cost: number;
  /** of the cost, weight included, with respect to pixels in [0, 1]: h·w·3 numbers */
  gradient?: Float32Array;
  /** Euclidean norm of the gradient */
  norm?: number;
}

/** The costs of a picture, and on request what each term pulls at. */
export interface Measure {
  id: number;
  /** content, style layers in the network's order, tv */
  terms: TermMeasure[];
  /** J */
  total: number;
  /** of J: h·w·3 numbers */
  gradient?: Float32Array;
  norm?: number;
  /**
   * between the terms' gradients, [n·n] row by row with n = terms.length + 1; the last row and column are "style", the sum
   * of all Gram terms. NaN where a gradient is 0
   */
  cosines?: Float64Array;
}

/** What a stream of measures is asked. A picture that has not been begun when a newer one comes is dropped without an answer. */
export type MeasureControl = { kind: "measure"; id: number; picture: Picture; gradients: boolean } | { kind: "update"; settings: LiveSettings };

/** n pixels followed through one step, in the order in which they were asked for; colours are RGB in [0, 1]. */
export interface PixelSteps {
  /** names of the terms: "content", style layers in the network's order, "tv" */
  terms: string[];
  /** [n·3] */
  before: Float32Array;
  /** [n·3] */
  after: Float32Array;
  /** [n·terms·3]: the part of Adam's move that each term's gradients, those of earlier steps included, have made */
  pulls: Float32Array;
  /** [n·3]: after − before − Σ pulls: what clipping to [0, 1] took back, and rounding */
  clip: Float32Array;
}

/** A step that was computed again. */
export interface ReplayItem {
  /** steps done */
  step: number;
  columns: string[];
  /** of the picture after `step` steps, in the order of the columns */
  costs: Float64Array;
  /** through the step that led here; absent where no pixel was followed, and where the replay begins */
  pixels?: PixelSteps;
  /** the picture and the optimiser after `step` steps; with the last item */
  checkpoint?: Checkpoint;
}

/** One operation of a step: a kernel of tfjs. */
export interface StepOperation {
  /** of the kernel: "FusedConv2D" */
  name: string;
  direction: "forward" | "costs" | "backward" | "update";
  /** "" for what belongs to no layer: preprocessing, total variation, the sum of all, the optimiser */
  layer: string;
  /** `from`: index of the operation that made it; null: weights, the picture, targets, constants */
  inputs: { shape: number[]; from: number | null }[];
  /** of its first output */
  shape: number[];
  milliseconds: number;
  /** of its outputs; 0 for one that gives its input on in another shape */
  bytes: number;
  /** bytes of all tensors alive after it, above those before the step */
  alive: number;
}

/** One step, taken apart. */
export interface StepRecord {
  operations: StepOperation[];
  /** of the whole step, without what others computed in between */
  milliseconds: number;
  /** most bytes alive at once, above those before the step */
  peak: number;
  /** bytes of the feature maps of all layers that the step computes, together */
  activations: number;
  /** size of the wasm heap in bytes, 0 on other backends */
  heap: number;
  columns: string[];
  /** of the picture before the step */
  costs: number[];
  threads: number;
}

/** Calls: name → arguments and result. */
export interface Methods {
  status: { args: Record<string, never>; result: BackendStatus };
  /** seconds for one convolution of 64×64×64 to 64 channels, warmed up: what backends are compared by */
  calibrate: { args: Record<string, never>; result: number };
  /** decodes a picture file and keeps it in the worker */
  "picture.open": { args: { file: Blob; name: string }; result: OpenPicture };
  /** cuts out and resizes what `picture.open` keeps */
  "picture.crop": { args: { id: number; crop: CropRect; width: number; height: number }; result: Picture };
  "picture.close": { args: { id: number }; result: void };
  /** what the network reads: [height, width, 3] after channel order, mean and scale */
  "picture.preprocess": { args: { picture: Picture; card: ModelCard }; result: Float32Array };
  /** what layers make of a picture, by layer; one forward walk to the deepest */
  features: { args: FeatureRequest & { layers: string[] }; result: Record<string, FeatureMaps> };
  /** statistics of layers, by layer; one forward walk, nothing but numbers crosses */
  statistics: { args: FeatureRequest & { layers: string[] }; result: Record<string, LayerStatistics> };
  /** of a convolution: kernel [k, k, c_in, c_out], row by row, and bias [c_out] */
  weights: { args: { network: NetworkSource; layer: string }; result: { shape: [number, number, number, number]; kernel: Float32Array; bias: Float32Array } };
  /** what every layer answers to all of the pictures together, and to none, in the network's order */
  "network.answers": { args: { network: NetworkSource; pictures: Picture[]; pooling?: Pooling; input?: InputSpec }; result: LayerMeasure[] };
  "maps.gram": { args: { maps: FeatureMaps }; result: GramMatrix };
  "maps.statistics": { args: { maps: FeatureMaps }; result: ChannelStatistics };
  /** both have the same shape */
  "maps.difference": { args: { a: FeatureMaps; b: FeatureMaps }; result: MapsDifference };
  /** every position, with all its channels, moved to a random place */
  "maps.shuffle": { args: { maps: FeatureMaps; seed: number }; result: FeatureMaps };
  /** one step, from a checkpoint or from the picture that the settings begin with, watched operation by operation */
  "step.record": { args: { config: RunConfig; from?: Checkpoint }; result: StepRecord };
  /** the same step again, for the output of one of its operations, by its index in the record */
  "step.output": { args: { config: RunConfig; from?: Checkpoint; operation: number }; result: { shape: number[]; data: Float32Array } };
  /** positions mixed in random pairs by a rotation of `angle` radians: other maps, the same Gram matrix */
  "maps.rotate": { args: { maps: FeatureMaps; seed: number; angle: number }; result: FeatureMaps };
}

/** Streams: name → arguments, items, and the control messages that it takes. */
export interface Streams {
  run: { args: { config: RunConfig; from?: Checkpoint }; item: RunBatch; control: RunControl };
  /**
   * the steps of a run again, from a checkpoint or from its start: on wasm with the same number of threads the same bits.
   * Pixels are followed from a start, not from a checkpoint in mid-run
   */
  replay: { args: { config: RunConfig; from?: Checkpoint; changes: SettingsChange[]; to: number; follow?: { x: number; y: number }[] }; item: ReplayItem; control: never };
  /** costs of pictures as they are asked for */
  measure: { args: RunConfig; item: Measure | { id: number; error: string }; control: MeasureControl };
  /** gradient ascent on a channel, from noise */
  ascent: { args: AscentConfig; item: AscentBatch; control: Exclude<RunControl, { kind: "update" }> };
  /** for every channel of a layer the units that answer most, best first, over the pictures so far; an item a picture */
  patches: { args: { network: NetworkSource; layer: string; pictures: Picture[]; top: number; pooling?: Pooling }; item: { done: number; of: number; channels: Patch[][] }; control: never };
  /** mean of every channel of every convolution, over all pictures and positions; an item a picture, the means with the last */
  "network.means": { args: { network: NetworkSource; pictures: Picture[]; pooling?: Pooling }; item: { done: number; of: number; means?: Record<string, Float32Array> }; control: never };
  /** the same short run with two networks, from the content picture; an item a step, the difference with the last */
  "network.difference": { args: { a: NetworkSource; b: NetworkSource; content: Picture; style: Picture; size: number; steps: number }; item: { done: number; of: number; difference?: CopyDifference }; control: never };
}

/** In pixels of the upright source picture. */
export interface CropRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface OpenPicture {
  id: number;
  /** of the upright picture as kept (large ones are kept smaller) */
  width: number;
  height: number;
  /** what the file's header said, before turning and scaling */
  original: { width: number; height: number; type: string };
  /** things worth saying: "first frame of an animation", "transparent parts became white" … */
  notes: string[];
  /** for display, at most 768 px on the longer side */
  preview: ImageBitmap;
}

/** The first message to a worker: what it is, and what to compute on. */
export interface StartMessage {
  type: "start";
  role: WorkerRole;
  backend: BackendName;
  /** wasm threads wanted */
  threads?: number;
}

export type PageMessage =
  | StartMessage
  | { type: "call"; id: number; method: string; args: unknown }
  | { type: "stream"; id: number; method: string; args: unknown }
  | { type: "control"; id: number; message: unknown }
  | { type: "abort"; id: number };

export type WorkerMessage =
  | { type: "ready"; status: BackendStatus }
  /** the backend did not start */
  | { type: "failed"; message: string }
  /** the GPU is gone: nothing that this worker holds can be used any more */
  | { type: "lost"; message: string }
  | { type: "result"; id: number; value: unknown }
  | { type: "item"; id: number; value: unknown }
  | { type: "done"; id: number }
  | { type: "error"; id: number; name: string; message: string };
