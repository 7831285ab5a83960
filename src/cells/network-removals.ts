import type { KeptNetwork, NetworkStore } from "../models/client";

/** So long a network that was removed can be brought back, in ms. */
export const REMOVAL_MS = 60_000;

/**
 * Networks that the person has removed from the list and may still bring back: their numbers are deleted when the time to do
 * so is over, or when the person says so.
 *
 * Fires "changed" when one is removed, brought back or deleted.
 */
export class NetworkRemovals extends EventTarget {
  #pending = new Map<string, { network: KeptNetwork; timer: ReturnType<typeof setTimeout> }>();

  /** @param problem hears of what could not be done, in a sentence */
  constructor(
    private readonly networks: Pick<NetworkStore, "remove" | "restore" | "purge">,
    private readonly problem: (message: string) => void,
  ) {
    super();
  }

  /** In the order in which they were removed. */
  get pending(): readonly KeptNetwork[] {
    return [...this.#pending.values()].map(({ network }) => network);
  }

  async remove(network: KeptNetwork): Promise<void> {
    const { id } = network;
    await this.finish(id); // an earlier one of that name cannot come back any more
    await this.#try(`“${network.card.title}” could not be removed`, async () => {
      await this.networks.remove(id);
      this.#pending.set(id, { network, timer: setTimeout(() => void this.finish(id), REMOVAL_MS) });
    });
  }

  async undo(id: string): Promise<void> {
    const network = this.#taken(id);
    if (!network) return;
    const { title } = network.card;
    await this.#try(`“${title}” could not be brought back`, async () => {
      if (!(await this.networks.restore(id))) throw new Error("another network has its name meanwhile, or it was deleted in another tab");
    });
  }

  /** Deletes it for good. */
  async finish(id: string): Promise<void> {
    const network = this.#taken(id);
    if (network) await this.#try(`“${network.card.title}” could not be deleted`, () => this.networks.purge(id));
  }

  #taken(id: string): KeptNetwork | null {
    const pending = this.#pending.get(id);
    clearTimeout(pending?.timer);
    this.#pending.delete(id);
    return pending?.network ?? null;
  }

  async #try(failed: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.problem(`${failed}: ${(error as Error).message}`);
    }
    this.dispatchEvent(new Event("changed"));
  }
}
