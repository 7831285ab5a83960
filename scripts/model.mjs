// `npm run model -- <file or address> …`: puts a network into public/models. It is TypeScript, shared with the page; Vite loads it without a build.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const { module } = await runnerImport(at("../src/models/command/main.ts"), { configFile: false, logLevel: "error" });
process.exitCode = await module.main(process.argv.slice(2), { models: at("../public/models") });
