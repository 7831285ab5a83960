/** models/index.json of a served or built workbench: what lies in public/models when it is made, in whatever way it came there. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runnerImport, type Plugin } from "vite";
import type { Broken, IndexEntry } from "../src/models/command/shipped-networks";

export const INDEX_FILE = "models/index.json";

/** Files of weights above this are fetched when a person asks for their network, never before. */
export const MOST_BYTES_AHEAD = 10e6;

type ShippedNetworks = typeof import("../src/models/command/shipped-networks");

let shipped: Promise<ShippedNetworks> | null = null;

/** Not imported: Vite starts anew whenever a file changes that its configuration imports, and this reads weights as the page does. */
async function networksIn(publicDir: string): ReturnType<ShippedNetworks["networksIn"]> {
  shipped ??= runnerImport<ShippedNetworks>(fileURLToPath(new URL("../src/models/command/shipped-networks.ts", import.meta.url)), { configFile: false, logLevel: "error" }).then(({ module }) => module);
  return (await shipped).networksIn(publicDir);
}

/** Files of public/ that every copy of the workbench brings along: all but large weights. @param names relative, with slashes */
export function broughtAlong(publicDir: string, names: readonly string[]): string[] {
  const large = (name: string) => name.endsWith(".safetensors") && statSync(join(publicDir, name)).size > MOST_BYTES_AHEAD;
  return names.filter((name) => !large(name));
}

/** models/index.json of a page that holds its files itself, for the networks that are there whole. @param names as `broughtAlong` gives them */
export async function indexAmong(publicDir: string, names: readonly string[]): Promise<string> {
  const here = new Set(names);
  const whole = (id: string) => readdirSync(join(publicDir, "models", id)).every((file) => here.has(`models/${id}/${file}`));
  return indexText((await networksIn(publicDir)).entries.filter(({ id }) => whole(id)));
}

/** Makes models/index.json anew for every build, and in development whenever it is asked for. */
export function modelsIndex(): Plugin {
  let publicDir = "";
  return {
    name: "models-index",
    configResolved: (config) => void (publicDir = config.publicDir),
    async generateBundle() {
      if (!existsSync(join(publicDir, "models"))) return;
      const { entries, broken } = await networksIn(publicDir);
      for (const one of broken) this.warn(inWords(one));
      // written after public/ is copied: it takes the place of the committed file
      this.emitFile({ type: "asset", fileName: INDEX_FILE, source: indexText(entries) });
    },
    configureServer(server) {
      const told = new Set<string>();
      // who opens the page waits less; what is wrong is said when the list is asked for
      if (existsSync(join(publicDir, "models"))) networksIn(publicDir).catch(() => {});
      server.middlewares.use((request, response, next) => {
        if (request.url?.split("?")[0] !== `/${INDEX_FILE}`) return next();
        networksIn(publicDir).then(({ entries, broken }) => {
          for (const text of broken.map(inWords)) if (!told.has(text)) server.config.logger.warn(text);
          for (const one of broken) told.add(inWords(one));
          response.setHeader("Content-Type", "application/json").setHeader("Cache-Control", "no-cache").end(indexText(entries));
        }, next);
      });
    },
  };
}

export const indexText = (entries: readonly IndexEntry[]): string => `${JSON.stringify(entries, null, 2)}\n`;

const inWords = ({ folder, why }: Broken): string => `public/models/${folder} is left out: ${why.replace(/\.$/, "")}.`;
