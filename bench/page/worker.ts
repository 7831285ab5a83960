/** Runs one case, in a worker as the workbench does, and posts its result. */
import { heapBytes, startBackend } from "../../src/kernel/backends";
import { type BenchCase, type BenchResult, MOST_STEPS, TIMED_MS, WARM_LIMIT_MS } from "./cases";
import { BytesMeter } from "./meter";
import { newcomer } from "./newcomer";
import { ours } from "./ours";
import { activationBytes, loadNetworkData, problem, type Problem, type Stepper } from "./problem";

const WARM_UP_SIZE = 32;

async function measure(one: BenchCase, base: string): Promise<BenchResult> {
  const status = await startBackend(one.backend, { threads: one.threads });
  if (status.threads !== one.threads) throw new Error(`${one.threads} wasm threads were asked for, ${status.threads} are there`);
  const network = await loadNetworkData(one.network, base);

  // a small one first: code is compiled, and the backend's own one-time work is done
  const small = stepper(one, problem(network, WARM_UP_SIZE));
  await small.step();
  small.dispose();

  const full = problem(network, one.size);
  const meter = new BytesMeter();
  const path = stepper(one, full);
  const residentBytes = meter.now;
  meter.restart();

  const costs: number[] = [];
  const timedStep = async () => {
    const start = performance.now();
    const J = await path.step();
    if (costs.length < 2) costs.push(J);
    return performance.now() - start;
  };
  const first = await timedStep();
  const warm = first < WARM_LIMIT_MS;
  const times: number[] = warm ? [] : [first];
  for (const end = performance.now() + TIMED_MS; warm && times.length < MOST_STEPS && (times.length === 0 || performance.now() < end); ) times.push(await timedStep());
  return {
    ...one,
    secondsPerStep: median(times) / 1000,
    steps: times.length,
    warm,
    peakBytes: meter.peak,
    residentBytes,
    activationBytes: activationBytes(full, one.size),
    heapBytes: heapBytes(),
    costs,
  };
}

function median(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function stepper({ path }: BenchCase, problem: Problem): Stepper {
  return path === "ours" ? ours(problem) : newcomer(problem, path === "tape");
}

self.onmessage = ({ data: { one, base } }: MessageEvent<{ one: BenchCase; base: string }>) => {
  measure(one, base).then(
    (result) => self.postMessage({ result }),
    (error: Error) => self.postMessage({ error: error.stack ?? error.message ?? String(error) }),
  );
};
