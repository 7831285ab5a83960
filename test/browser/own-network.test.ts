/** A real network of one's own, from its file to a picture: SqueezeNet 1.1 as its authors trained it. */
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunView } from "../../src/cells/run-view";
import type { SanityResult } from "../../src/models/kept-network";
import { extraModel } from "../support/extra-models";
import { fixture } from "../support/fixtures";
import { relativeError } from "../support/parity";
import type {} from "./pages/workbench";
import { launch } from "./support/chrome";
import { eventually, openNotebook, settled, unexpected } from "./support/own-notebook";

const FILE = extraModel("squeezenet1_1.safetensors");
const STEPS = 6;
const NOTEBOOK = `# A test

<nst-image as="content" src="neuschwanstein.jpg" size="64"></nst-image>
<nst-image as="style" src="great-wave.jpg" size="64"></nst-image>

<nst-network as="network"></nst-network>

<nst-settings as="settings" network="network" steps="${STEPS}" without="size"></nst-settings>

<nst-run as="G" of="content style" network="network" settings="settings"></nst-run>`;

let browser: Browser;
let page: Page;
let errors: string[];
let dialog: Locator;

describe.skipIf(!FILE)("SqueezeNet's own file", () => {
  beforeAll(async () => {
    browser = await launch({ gpu: false });
    ({ page, errors } = await openNotebook(browser, NOTEBOOK));
    dialog = page.getByRole("dialog", { name: "Networks" });
  });
  afterAll(() => browser?.close());

  it("is recognised, kept, and answers the sample photographs as it should with its own preprocessing", async () => {
    await page.getByRole("button", { name: "Networks…" }).first().click();
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), dialog.getByRole("button", { name: "Choose a file…" }).click()]);
    await chooser.setFiles(FILE!);
    const sanity = () => page.evaluate(async () => (await document.querySelector("nst-app")!.networks!.get("squeezenet1_1"))?.sanity ?? null) as Promise<SanityResult | null>;
    await eventually(sanity).not.toBeNull();
    const { verdict, layers, says } = (await sanity())!;
    expect([verdict, says.join(" ")]).toEqual(["fits", expect.stringContaining("SqueezeNet 1.1")]);
    for (const { layer, mean, usual } of layers) expect([layer, mean > usual![0] && mean < usual![1]]).toEqual([layer, true]);
  });

  it("gives the features that PyTorch has for the same picture, with both poolings", async () => {
    const { json, tensors } = fixture("squeezenet");
    const { shape, data } = tensors.get("picture")!;
    for (const pooling of ["average", "maximum"] as const) {
      const layers = Object.keys(json[pooling]);
      const found = await page.evaluate(
        async ({ shape: [height, width], levels, layers, pooling, samples }) => {
          const { kernels, networks } = document.querySelector("nst-app")!;
          const { card } = (await networks!.get("squeezenet1_1"))!;
          const picture = { height, width, data: Float32Array.from(levels, (level) => level / 255) };
          const maps = await kernels!.lab.call("features", { network: { card, base: "kept:squeezenet1_1/" }, picture, layers, pooling });
          return layers.map((layer) => {
            const { data, height, width, channels } = maps[layer];
            return { shape: [height, width, channels], samples: Array.from({ length: samples }, (_, i) => data[Math.floor((i * data.length) / samples)]), mean: data.reduce((sum, x) => sum + x, 0) / data.length };
          });
        },
        { shape, levels: [...data], layers, pooling, samples: json.samples as number },
      );
      layers.forEach((layer, i) => {
        const known = json[pooling][layer];
        expect([layer, found[i].shape]).toEqual([layer, known.shape]);
        expect([layer, found[i].mean / known.mean]).toEqual([layer, expect.closeTo(1, 3)]);
        expect([layer, relativeError(found[i].samples, tensors.get(`${pooling}/${layer}`)!.data) < 1e-4]).toEqual([layer, true]);
      });
    }
  });

  it("runs in the notebook with the layers that are recommended for it, and its cost falls", async () => {
    await dialog.getByRole("button", { name: /^Details of SqueezeNet/ }).click();
    await dialog.getByRole("button", { name: "Use it in this notebook" }).click();
    await dialog.waitFor({ state: "detached" });
    await settled(page);
    const run = page.locator('[as="G"]');
    await run.getByRole("button", { name: "Start", exact: true }).click();
    const seen = () => run.evaluate((cell) => {
      const { state, history, problems } = cell.shadowRoot!.querySelector<RunView>("nst-run-view")!;
      return { state, problems: [...problems], columns: [...history.columns], total: [...history.column("total")] };
    });
    await eventually(async () => (await seen()).state).toBe("finished");
    const { columns, total, problems } = await seen();
    expect(problems).toEqual([]);
    const recommended = await page.evaluate(async () => Object.keys((await document.querySelector("nst-app")!.networks!.get("squeezenet1_1"))!.card.defaults.styleLayers));
    expect(columns.slice(4).sort()).toEqual(recommended.sort());
    expect(total).toHaveLength(STEPS + 1);
    expect(total.at(-1)!).toBeLessThan(total[0]);
    expect(unexpected(errors)).toEqual([]);
  });
});
