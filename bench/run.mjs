// `npm run bench`: the programme is TypeScript and shares the tests' browser finder; Vite loads it without a build.
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const { module } = await runnerImport(fileURLToPath(new URL("./measure.ts", import.meta.url)), { configFile: false, logLevel: "error" });
process.exitCode = await module.bench(process.argv.slice(2));
