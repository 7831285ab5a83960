/** Builds and serves pages exactly as `npm run build` and `npm run preview` do: same vite.config.ts, same minifier. */
import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, createServer, preview } from "vite";

const repository = fileURLToPath(new URL("../../..", import.meta.url));
const configFile = join(repository, "vite.config.ts");

/** Builds the workbench into `outDir` (absolute, or relative to the repository). */
export async function buildApp(outDir: string): Promise<void> {
  await inProduction(() => build({ root: repository, configFile, logLevel: "warn", build: { outDir, emptyOutDir: true } }));
}

/** Builds every *.html of `folder` (relative to the repository) into `outDir` (as above); the repository's public/ goes with them. */
export async function buildPages(folder: string, outDir: string): Promise<void> {
  const root = resolve(repository, folder);
  const input = readdirSync(root).filter((name) => name.endsWith(".html")).map((name) => join(root, name));
  if (input.length === 0) throw new Error(`there is no page (*.html) in ${relative(repository, root)}`);
  await inProduction(() =>
    build({
      root,
      configFile,
      publicDir: join(repository, "public"),
      logLevel: "warn",
      build: { outDir: resolve(repository, outDir), emptyOutDir: true, rolldownOptions: { input } },
    }),
  );
}

export interface Served {
  /** with a slash at the end */
  url: string;
  close(): Promise<void>;
}

/**
 * Serves a built folder (absolute, or relative to the repository) on a free port of this machine.
 * @param isolated false: without the headers of vite.config.ts, as plain static hosting would
 */
export async function serve(outDir: string, { isolated = true } = {}): Promise<Served> {
  const server = await preview({
    root: repository,
    configFile: isolated ? configFile : false,
    logLevel: "warn",
    build: { outDir },
    preview: { host: "127.0.0.1", port: 0, open: false },
  });
  const address = server.httpServer.address();
  if (address === null || typeof address === "string") throw new Error("the preview server has no port");
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/**
 * Serves the workbench from its sources, as `npm start` does, on a free port of this machine.
 * @param cacheDir an empty folder: the libraries are prepared anew, as on a machine where this is the first start
 */
export async function develop(cacheDir: string): Promise<Served> {
  const server = await inMode("development", () => createServer({ root: repository, configFile, cacheDir, logLevel: "warn", server: { host: "127.0.0.1", port: 0, open: false } }));
  await server.listen();
  const address = server.httpServer!.address();
  if (address === null || typeof address === "string") throw new Error("the development server has no port");
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

/** A test runner sets NODE_ENV to "test", and Vite would take the libraries' development builds. */
const inProduction = <T>(work: () => Promise<T>): Promise<T> => inMode("production", work);

async function inMode<T>(mode: string, work: () => Promise<T>): Promise<T> {
  const before = process.env["NODE_ENV"];
  process.env["NODE_ENV"] = mode;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}
