/** The Chromium inside the npm package `@sparticuz/chromium`: Linux x64 only, but it needs nothing but `npm ci`. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import chromium from "@sparticuz/chromium";

const run = promisify(execFile);
const cache = fileURLToPath(new URL("../../../.cache", import.meta.url));

export interface PackagedChrome {
  path: string;
  /** what the browser needs in its environment, beside what is there already */
  env: Record<string, string>;
}

/**
 * Unpacks the packaged Chromium into .cache (once for each version, about 3 s and 200 MB) and finds out what it needs here.
 * @throws when it cannot run on this machine, with the loader's own words
 */
export async function packagedChrome(): Promise<PackagedChrome> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`@sparticuz/chromium is for Linux on x64, this is ${process.platform} on ${process.arch}`);
  }
  const folder = await unpack();
  const path = join(folder, "chromium");
  const env: Record<string, string> = {};
  if (!existsSync("/etc/fonts/fonts.conf")) env["FONTCONFIG_PATH"] = folder;

  // A bare machine lacks libnss3 and its kin. Only then use the package's copies: elsewhere they could clash with the system's.
  const trouble = await startingTrouble(path, env);
  if (trouble === null) return { path, env };
  const libraries = join(folder, "al2023", "lib");
  env["LD_LIBRARY_PATH"] = [libraries, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  const stillTrouble = await startingTrouble(path, env);
  if (stillTrouble === null) return { path, env };
  throw new Error(`${path} does not start: ${trouble}\nwith the libraries that came with it: ${stillTrouble}`);
}

/** @returns the loader's complaint, null when the program starts */
async function startingTrouble(path: string, env: Record<string, string>): Promise<string | null> {
  try {
    await run(path, ["--version"], { env: { ...process.env, ...env }, timeout: 20_000 });
    return null;
  } catch (error) {
    return String((error as { stderr?: string }).stderr || error).trim();
  }
}

async function unpack(): Promise<string> {
  const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..", "..");
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;

  await mkdir(cache, { recursive: true });
  // Unpack beside the goal and rename: an unpacking that is broken off, or two at once, leave no half browser behind.
  const growing = await mkdtemp(`${folder}-`);
  try {
    await unpackInto(growing, () => chromium.executablePath());
    await writeFile(join(growing, "fonts.conf"), `<?xml version="1.0"?>\n<fontconfig><dir>${join(folder, "fonts")}</dir><cachedir>${join(folder, "fonts-cache")}</cachedir></fontconfig>\n`);
    await rename(growing, folder);
  } catch (error) {
    await rm(growing, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * The package unpacks into the system's temporary folder, and its libraries only on AWS Lambda. It reads both from the
 * environment before its first await, so that a change of the environment around the call is seen by nobody else.
 */
function unpackInto<T>(folder: string, start: () => Promise<T>): Promise<T> {
  const names = { TMPDIR: folder, AWS_EXECUTION_ENV: "AWS_Lambda_nodejs20.x" };
  const before = Object.keys(names).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, names);
  try {
    return start();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
