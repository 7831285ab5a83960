/** Networks that cells have loaded: one for all cells that use it, freed with the last of them. */
import { createNetwork, createNetworkFrom, openSafetensors, parseModelCard, randomWeights, type ModelCard, type Network } from "../nst";
import { Holding } from "./holding";

interface Loaded {
  network: Network;
  holding: Holding;
}

export interface NetworkSurroundings {
  file(path: string): Promise<Blob | ArrayBuffer>;
  /** runs work whose tensors belong to `holding` */
  within<T>(holding: Holding, work: () => T): T;
}

export class Networks {
  private readonly loaded = new Map<string, Promise<Loaded>>();

  constructor(private readonly around: NetworkSurroundings) {}

  /**
   * @param seed of random weights; undefined: the trained ones
   * @returns the network; it is kept for as long as `holding`
   */
  async get(id: string, card: ModelCard | null, seed: number | undefined, holding: Holding): Promise<Network> {
    if (!/^[\w.-]+$/.test(id) || /^\.+$/.test(id)) throw new Error(`“${id}” is no name of a network. Networks are called like “vgg19-slim”; see the network cell.`);
    const key = `${id} ${seed ?? "trained"} ${card ? JSON.stringify(card) : ""}`;
    let loading = this.loaded.get(key);
    // one that has been freed meanwhile is loaded anew
    if (loading && (await loading.then(({ holding }) => holding.over, () => true))) loading = undefined;
    if (!loading) {
      loading = this.load(id, card, seed);
      this.loaded.set(key, loading);
    }
    const { network, holding: own } = await loading;
    holding.need(own);
    own.release();
    return network;
  }

  private async load(id: string, known: ModelCard | null, seed: number | undefined): Promise<Loaded> {
    const folder = `models/${id}`;
    const card = known ?? parseModelCard(JSON.parse(await text(await this.around.file(`${folder}/model.json`))));
    const holding = new Holding();
    if (seed !== undefined) return { network: this.around.within(holding, () => createNetwork({ ...card, weights: { ...card.weights, kernelLayout: "HWIO" } }, randomWeights(card, seed))), holding };
    const weights = await openSafetensors(await this.around.file(`${folder}/${card.weights.file}`), `${card.weights.file} of ${card.title}`);
    return { network: await createNetworkFrom(card, (key) => weights.read(key), (work) => this.around.within(holding, work)), holding };
  }
}

const text = async (file: Blob | ArrayBuffer): Promise<string> => new TextDecoder().decode(file instanceof ArrayBuffer ? file : await file.arrayBuffer());
