import * as tf from "@tensorflow/tfjs";
import { contentTargets, createNetwork, disposeNetwork, disposeTargets, disposeTransfer, finish, styleTargets, transferStart, transferStep, transferTerms, type LiveSettings } from "../../src/nst";
import type { Problem, Stepper } from "./problem";

/** The project's own engine: src/nst, as a run uses it. */
export function ours(problem: Problem): Stepper {
  const network = createNetwork(problem.card, problem.weights);
  const [content, style, start] = [problem.content, problem.style, problem.start].map(({ data, height, width }) => tf.tensor3d(data, [height, width, 3]));
  const settings: LiveSettings & { tap: "after"; pooling: "average" | "maximum" } = { ...problem.settings, tap: "after" };
  const options = { pooling: settings.pooling };
  const targets = {
    content: finish(contentTargets(network, content, [problem.settings.contentLayer], options)),
    style: finish(styleTargets(network, style, Object.keys(settings.styleLayers), options)),
  };
  const terms = transferTerms(network, settings, targets);
  let state = transferStart(start);
  return {
    async step() {
      const { values, state: next } = transferStep(network, state, terms, settings);
      disposeTransfer(state);
      state = next;
      const costs = await values.data();
      values.dispose();
      return terms.reduce((J, term, i) => J + term.weight * costs[i], 0);
    },
    dispose() {
      disposeTransfer(state);
      disposeTargets(targets);
      disposeNetwork(network);
      tf.dispose([content, style]);
    },
  };
}
