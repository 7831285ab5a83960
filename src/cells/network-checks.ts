import { keptBase, type Importer, type KeptNetwork, type NetworkStore } from "../models/client";
import type { NetworkSource } from "../kernel/protocol";
import { FITTED, NOT_FITTED } from "../nst/fitted-defaults";
import type { Kernels } from "./context";
import { differenceOf, sanityOf } from "./network-measures";
import { fittedSettings } from "./network-settings";
import { sameInput } from "./network-words";

/** What is being measured of a network. */
export interface GoingCheck {
  what: "sanity" | "settings" | "difference";
  /** parts */
  done: number;
  of: number;
}

/** How the kernel knows a kept network. */
export const sourceOf = ({ id, card }: KeptNetwork): NetworkSource => ({ card, base: keptBase(id) });

/**
 * Measures networks that have come in: whether they answer as their family does, and what a copy costs against the network
 * that it was made of. What is measured is kept with the network.
 *
 * Fires "changed" when a measurement begins, comes on, ends or fails.
 */
export class NetworkChecks extends EventTarget {
  /** by id of the network */
  readonly going = new Map<string, GoingCheck>();
  /** what went wrong at last, by id of the network */
  readonly problems = new Map<string, string>();
  readonly #seen = new Set<object>();

  constructor(
    private readonly networks: NetworkStore,
    importer: Importer | null,
    private readonly kernels: Kernels,
  ) {
    super();
    importer?.addEventListener("jobs", () => {
      for (const job of importer.jobs) {
        const { phase, network } = job.state;
        if (phase !== "done" || !network || this.#seen.has(job)) continue;
        this.#seen.add(job);
        void this.check(network);
      }
    });
  }

  /** All that can be measured of a network. */
  async check(network: KeptNetwork): Promise<void> {
    await this.reading(network);
    if (network.copyOf === undefined || this.problems.has(network.id)) return;
    // with the settings that have just been fitted
    const [copy, original] = await Promise.all([network.id, network.copyOf].map((id) => this.networks.get(id).catch(() => null)));
    if (copy && original) await this.difference(copy, original);
  }

  /** All that depends on how a network reads pixels: the sanity test, and the settings that are recommended for it. */
  async reading(network: KeptNetwork): Promise<void> {
    await this.sanity(network);
    const settings = network.card.notes?.["settings"];
    // fewer bits leave the terms what they are
    const toFit = (network.copyOf === undefined || network.made === "rescaled") && (settings === NOT_FITTED || settings === FITTED);
    if (!toFit || this.problems.has(network.id)) return;
    await this.#measure(network, "settings", async (progress) => {
      const defaults = await fittedSettings(this.kernels, sourceOf(network), { progress });
      const now = (await this.networks.get(network.id))?.card;
      // how pixels are read may have been changed meanwhile: then these numbers are of something else
      if (!defaults || !now || !sameInput(now.input, network.card.input)) return {};
      return { card: { ...now, defaults, notes: { ...now.notes, settings: FITTED } } };
    });
  }

  /** The sanity test: reads known pictures, and judges what the layers answer. */
  sanity(network: KeptNetwork): Promise<void> {
    return this.#measure(network, "sanity", async (progress) => ({ sanity: await sanityOf(this.kernels, sourceOf(network), { progress }) }));
  }

  /** The same short run with a network and with a copy of it. */
  difference(copy: KeptNetwork, original: KeptNetwork): Promise<void> {
    return this.#measure(copy, "difference", async (progress) => ({ difference: { ...(await differenceOf(this.kernels, sourceOf(original), sourceOf(copy), { progress })), against: original.id } }));
  }

  async #measure({ id }: KeptNetwork, what: GoingCheck["what"], work: (progress: (done: number, of: number) => void) => Promise<Parameters<NetworkStore["update"]>[1]>): Promise<void> {
    if (this.going.has(id)) return;
    const tell = (done: number, of: number) => {
      this.going.set(id, { what, done, of });
      this.#changed();
    };
    this.problems.delete(id);
    tell(0, 0);
    try {
      const found = await work(tell);
      // it may have been removed meanwhile
      if (await this.networks.get(id)) await this.networks.update(id, found);
    } catch (error) {
      this.problems.set(id, (error as Error).message);
    } finally {
      this.going.delete(id);
      this.#changed();
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("changed"));
  }
}
