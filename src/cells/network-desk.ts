import type { Importer, KeptNetwork, NetworkStore } from "../models/client";
import type { Kernels } from "./context";
import { NetworkChecks } from "./network-checks";
import { NetworkRemovals } from "./network-removals";

/** Where networks are brought along, measured and removed: one a page, whether its dialog is open or not. */
export class NetworkDesk extends EventTarget {
  readonly removals: NetworkRemovals;
  readonly checks: NetworkChecks;
  /** what is kept, by id, as it was read last */
  kept: ReadonlyMap<string, KeptNetwork> = new Map();
  /** what went wrong at last; "" if nothing */
  problem = "";
  #turn = 0;

  /** @param importer null: this page has no means to take networks in */
  constructor(
    readonly networks: NetworkStore,
    readonly importer: Importer | null,
    readonly kernels: Kernels,
  ) {
    super();
    this.removals = new NetworkRemovals(networks, (problem) => this.#tell(problem));
    this.checks = new NetworkChecks(networks, importer, kernels);
    const changed = () => this.dispatchEvent(new Event("changed"));
    networks.addEventListener("changed", () => void this.#read());
    void this.#read();
    importer?.addEventListener("jobs", changed);
    this.removals.addEventListener("changed", changed);
    this.checks.addEventListener("changed", changed);
  }

  async #read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const list = await this.networks.list();
      if (turn !== this.#turn) return; // something newer is being read
      this.kept = new Map(list.map((network) => [network.id, network]));
      this.#tell("");
    } catch (error) {
      this.#tell((error as Error).message);
    }
  }

  #tell(problem: string): void {
    this.problem = problem;
    this.dispatchEvent(new Event("changed"));
  }
}
