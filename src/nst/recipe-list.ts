/** The recipes, read from the sources that each cites. Pure data. */
import type { AdamOptions, LbfgsOptions } from "./model-card";
import type { Recipe } from "./recipes";
import type { LayerWeights } from "./settings";

const { raw } = String;

const FIVE = [1, 2, 3, 4, 5].map((block) => `block${block}_conv1`);
const equal = (weight: number): LayerWeights => Object.fromEntries(FIVE.map((layer) => [layer, weight]));
const AFTER = { content: "after", style: "after" } as const;

/** Adam on pixels of 0 to 255, told in pixels of [0, 1]: the gradient is 255 times as large there, the steps 1/255. */
const adam255 = (learningRate: number, options: Partial<AdamOptions> = {}): AdamOptions => {
  const { epsilon = 1e-8 } = options;
  return { kind: "adam", beta1: 0.9, beta2: 0.999, ...options, learningRate: learningRate / 255, epsilon: epsilon * 255 };
};
/** What torch.optim.LBFGS, Torch's optim.lbfgs and SciPy come to without their line search and with a memory that a browser has room for. */
const LBFGS: LbfgsOptions = { kind: "lbfgs", learningRate: 1, history: 10 };

/** Total variation on pixels of 0 to 255: its squares, absolute values and powers 2.5 for pixels in [0, 1]. */
const [SQUARES_255, ABSOLUTE_255, POWER_255] = [255 ** 2, 255, 255 ** 2.5];

const CONTENT_NOISE = "nearly grey: very little noise about the mean colour";
const SAME_SHAPE = "Its Gram matrices are not divided by the number of positions; it resizes the style picture to the content's shape instead.";
const SUM_CONTENT = "Content is a sum over positions, style is not: twice the width and height give content four times the weight.";
const LINE_SEARCH = "Its L-BFGS searches along a line and remembers more steps than the one here.";

const MEAN_CONTENT = (weight: string) => raw`${weight}\cdot\frac{1}{N_lM_l}\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`;
const HALF_CONTENT = raw`\tfrac12\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`;
const LAYER_ERROR = raw`\frac{1}{4N_l^2M_l^2}\sum_{i,j}\left(G^l_{ij}-A^l_{ij}\right)^2`;
/** Gram matrices divided by something, mean of the squared differences. */
const MEAN_STYLE = (weight: string, divisor: string) => raw`${weight}\cdot\sum_l\frac{1}{N_l^2}\sum_{i,j}\left(\frac{G^l_{ij}-A^l_{ij}}{${divisor}}\right)^2`;

/** A part of a recipe that others share. */
type Part = Omit<Recipe, "styleLayers">;

const johnson: Part = {
  id: "neural-style", title: "Johnson’s neural-style", cite: { text: "J. Johnson, neural-style (Torch), 2015", url: "https://github.com/jcjohnson/neural-style" }, pack: "caffe-vgg19",
  formula: { content: MEAN_CONTENT("5"), style: MEAN_STYLE("100", "N_lM_l"), tv: raw`10^{-3}\cdot\tfrac12\sum\left(\Delta_x^2+\Delta_y^2\right)\ \text{(pixels 0 to 255)}` },
  contentLayer: "block4_conv2", styleWeights: equal(100), contentWeight: 5, contentReduction: "mean", styleReduction: "value-mean",
  variation: { kind: "sum-squares-inner", weight: 0.5e-3 * SQUARES_255 }, tap: AFTER,
  optimiser: { published: "L-BFGS", nearest: LBFGS }, initialisation: { published: CONTENT_NOISE, nearest: { kind: "noise" } },
  pooling: "maximum", size: 512, steps: 1000,
  special: ["The style weight of a layer falls with the square of its number of channels: conv1_1 counts 64 times as much as conv5_1.", "Total variation enters the gradient only; the printed loss leaves it out.", LINE_SEARCH],
  defects: [],
};

const cs231n: Part = {
  id: "cs231n", title: "CS231n, Composition VII", cite: { text: "Stanford CS231n, assignment 3, StyleTransfer-PyTorch", url: "https://github.com/seloufian/Deep-Learning-Computer-Vision/tree/master/cs231n/assignment3" }, pack: "squeezenet1_1",
  formula: { content: raw`0.05\cdot\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`, style: raw`\sum_l w_l\sum_{i,j}\left(\frac{G^l_{ij}-A^l_{ij}}{N_lM_l}\right)^2,\quad w=20000,\,500,\,12,\,1`, tv: raw`0.05\cdot\sum\left(\Delta_x^2+\Delta_y^2\right)\ \text{(normalised pixels)}` },
  layersOf: { block2_conv1: "conv1", block3_conv1: "fire2", block3_conv2: "fire3", block4_conv1: "fire4", block4_conv2: "fire5" },
  contentLayer: "block3_conv1", styleWeights: { block2_conv1: 20000, block3_conv2: 500, block4_conv1: 12, block4_conv2: 1 }, contentWeight: 5e-2, contentReduction: "sum", styleReduction: "value-sum",
  // pixels are divided by the standard deviations of the colours, 0.229, 0.224 and 0.225: their mean square here
  variation: { kind: "sum-squares", weight: 5e-2 / 0.226 ** 2 }, tap: AFTER,
  optimiser: { published: "Adam, learning rate 3 on normalised pixels, 0.1 from step 180", nearest: { kind: "adam", learningRate: 3 * 0.226, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 / 0.226, epsilonPlace: "pytorch" } },
  initialisation: { published: "content", nearest: { kind: "content" } },
  pooling: "maximum", size: 192, steps: 200,
  special: ["It reads SqueezeNet: content at its feature 3, style at 1, 4, 6 and 7, which are fire2, conv1, fire3, fire4 and fire5. On a VGG stand layers with as many pixels to a position.", SUM_CONTENT, "The shallowest style layer has 20000 times the weight of the deepest."],
  defects: ["The fall of the learning rate at step 180 has to be made by hand: change the settings in mid-run."],
};

/** The same recipe with the numbers that another picture was given. */
const cs231nWith = (id: string, painting: string, content: number, style: readonly [number, number, number, number], tv: number): Part => ({
  ...cs231n, id, title: `CS231n, ${painting}`, contentWeight: content, variation: { kind: "sum-squares", weight: tv / 0.226 ** 2 },
  styleWeights: Object.fromEntries(Object.keys(cs231n.styleWeights).map((layer, i) => [layer, style[i]])),
  formula: {
    content: cs231n.formula.content.replace("0.05", String(content)), tv: cs231n.formula.tv.replace("0.05", String(tv)),
    style: cs231n.formula.style.replace(/w=.*/, raw`w=${style.join(raw`,\,`)}`),
  },
  special: cs231n.special.map((text) => text.replace("20000", String(Math.round(style[0] / style[3])))),
});

const tensorflow: Part = {
  id: "tf-tutorial", title: "TensorFlow’s tutorial", cite: { text: "TensorFlow, Neural style transfer", url: "https://www.tensorflow.org/tutorials/generative/style_transfer" }, pack: "caffe-vgg19",
  formula: { content: MEAN_CONTENT("10^4"), style: MEAN_STYLE(raw`\frac{10^{-2}}{5}`, "M_l"), tv: "" },
  contentLayer: "block5_conv2", styleWeights: equal(1e-2 / 5), contentWeight: 1e4, contentReduction: "mean", styleReduction: "position-mean", variation: null, tap: AFTER,
  optimiser: { published: "Adam, learning rate 0.02, β₁ 0.99, ε 0.1", nearest: { kind: "adam", learningRate: 0.02, beta1: 0.99, beta2: 0.999, epsilon: 0.1 } },
  initialisation: { published: "content", nearest: { kind: "content" } },
  pooling: "maximum", size: 512, steps: 1000,
  special: ["Its ε of 0.1 is large beside most gradients: the first steps are then nearly those of a plain descent with momentum.", "In its E-units α is larger than every β: content counts far more here than in other recipes."],
  defects: [],
};

const PARTS: Part[] = [
  {
    id: "gatys-paper", title: "Gatys, Ecker, Bethge: the paper", cite: { text: "L. Gatys, A. Ecker, M. Bethge, A Neural Algorithm of Artistic Style, 2015", url: "https://arxiv.org/abs/1508.06576" }, pack: "normalised-vgg19",
    formula: { content: raw`\alpha\cdot${HALF_CONTENT},\quad\alpha=1`, style: raw`\beta\cdot\sum_l\tfrac15\cdot${LAYER_ERROR},\quad\beta=1000`, tv: "" },
    contentLayer: "block4_conv2", styleWeights: equal(1000 / 5), contentWeight: 1, contentReduction: "half-sum", styleReduction: "layer-error", variation: null, tap: AFTER,
    optimiser: { published: "L-BFGS", nearest: LBFGS }, initialisation: { published: "white noise", nearest: { kind: "noise" } },
    pooling: "average", size: 512, steps: 500,
    special: ["The paper names α/β from 10⁻⁵ to 10⁻²; this is 10⁻³.", SAME_SHAPE, SUM_CONTENT, "It does not say how many steps; 500 stand here.", LINE_SEARCH], defects: [],
  },
  {
    id: "gatys-code", title: "Gatys: his PyTorch code", cite: { text: "L. Gatys, PytorchNeuralStyleTransfer", url: "https://github.com/leongatys/PytorchNeuralStyleTransfer" }, pack: "caffe-vgg19",
    formula: { content: MEAN_CONTENT("1"), style: raw`\sum_l\frac{10^3}{N_l^2}\cdot\frac{1}{N_l^2}\sum_{i,j}\left(\frac{G^l_{ij}-A^l_{ij}}{M_l}\right)^2`, tv: "" },
    contentLayer: "block4_conv2", styleWeights: equal(1e3), overSquaredChannels: true, contentWeight: 1, contentReduction: "mean", styleReduction: "position-mean", variation: null, tap: AFTER,
    optimiser: { published: "L-BFGS", nearest: LBFGS }, initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 512, steps: 500,
    special: ["Weights of 10³/N² make conv1_1 count 64 times as much as conv5_1, where the paper has all alike.", "A second pass of 200 steps at 800 or 1024 px begins from the enlarged result.", LINE_SEARCH], defects: [],
  },
  johnson,
  {
    ...johnson, id: "neural-style-pt", title: "neural-style-pt", cite: { text: "ProGamerGov, neural-style-pt (PyTorch)", url: "https://github.com/ProGamerGov/neural-style-pt" },
    formula: { ...johnson.formula, tv: raw`10^{-3}\cdot\sum\left(|\Delta_x|+|\Delta_y|\right)\ \text{(pixels 0 to 255)}` },
    variation: { kind: "sum-absolute", weight: 1e-3 * ABSOLUTE_255 },
    special: [johnson.special[0], "Content and style as in Johnson’s neural-style; the total variation is another one, of absolute differences.", LINE_SEARCH],
  },
  {
    ...johnson, id: "anishathalye", title: "Athalye’s neural-style", cite: { text: "A. Athalye, neural-style (TensorFlow)", url: "https://github.com/anishathalye/neural-style" },
    formula: { ...johnson.formula, tv: raw`100\cdot\left(\overline{\Delta_x^2}+\overline{\Delta_y^2}\right)\ \text{(pixels 0 to 255)}` },
    variation: { kind: "mean-squares", weight: 1e2 * SQUARES_255 },
    optimiser: { published: "Adam, learning rate 10 on pixels of 0 to 255", nearest: adam255(10) },
    special: [johnson.special[0], "But for the total variation its loss is Johnson’s, number by number."],
  },
  {
    id: "neural-style-tf", title: "Smith’s neural-style-tf", cite: { text: "C. Smith, neural-style-tf (TensorFlow)", url: "https://github.com/cysmith/neural-style-tf" }, pack: "caffe-vgg19",
    formula: { content: raw`5\cdot\frac{1}{2\sqrt{N_l}\sqrt{M_l}}\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`, style: raw`10^4\cdot\tfrac15\sum_l 0.2\cdot${LAYER_ERROR}`, tv: raw`10^{-3}\cdot\sum\left(|\Delta_x|+|\Delta_y|\right)\ \text{(pixels 0 to 255)}` },
    contentLayer: "block4_conv2", styleWeights: equal((1e4 * 0.2) / 5), contentWeight: 5, contentReduction: "half-root", styleReduction: "layer-error",
    variation: { kind: "sum-absolute", weight: 1e-3 * ABSOLUTE_255 }, tap: { content: "before", style: "after" },
    optimiser: { published: "L-BFGS (SciPy)", nearest: LBFGS }, initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "average", size: 512, steps: 1000,
    special: ["Content is read before its ReLU, style after.", SAME_SHAPE, "Style is divided by the number of layers twice: by weights of 0.2, and by 5 again.", "Content grows with the root of the number of positions: twice the width and height give it twice the weight.", LINE_SEARCH], defects: [],
  },
  {
    id: "crowson", title: "Crowson’s style-transfer-pytorch", cite: { text: "K. Crowson, style-transfer-pytorch", url: "https://github.com/crowsonkb/style-transfer-pytorch" }, pack: "torchvision-vgg19",
    formula: {
      content: MEAN_CONTENT("0.015"),
      style: raw`\sum_l w_l\cdot\tfrac{1}{N_l}\left(\lVert\mu-\hat\mu\rVert^2+\operatorname{tr}\!\left(\Sigma+\hat\Sigma-2\left(\hat\Sigma^{\frac12}\Sigma\hat\Sigma^{\frac12}\right)^{\frac12}\right)\right),\quad w=\tfrac{256,\,64,\,16,\,4,\,1}{341}`,
      tv: raw`2\cdot 2\left(\tfrac13\left(\overline{\Delta_x^2}+\overline{\Delta_y^2}\right)+\tfrac1{12}\left(\overline{\Delta_\searrow^2}+\overline{\Delta_\swarrow^2}\right)\right)`,
    },
    contentLayer: "block4_conv2", styleWeights: Object.fromEntries(FIVE.map((layer, i) => [layer, 4 ** (4 - i) / 341])), contentWeight: 0.015, contentReduction: "mean", styleReduction: "wasserstein",
    variation: { kind: "crowson", weight: 2 }, tap: AFTER,
    optimiser: { published: "Adam, learning rate 0.02, β₂ 0.99", nearest: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, epsilonPlace: "pytorch" } },
    initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 512, steps: 500,
    special: ["Style is a distance between distributions (means and covariances), not between Gram matrices: its β_l cannot be compared with those of E_l.", "It works from 128 px up to 512 in five sizes, 3000 steps in all, and gives a running mean of the picture; here stand the 500 steps of one size.", "It repeats the border pixels before the first convolution, where zeros stand here."],
    defects: [],
  },
  {
    id: "aleksa", title: "Gordić’s pytorch-neural-style-transfer", cite: { text: "A. Gordić, pytorch-neural-style-transfer", url: "https://github.com/gordicaleksa/pytorch-neural-style-transfer" }, pack: "torchvision-vgg19",
    formula: { content: MEAN_CONTENT("10^5"), style: raw`3\cdot10^4\cdot\tfrac15\sum_l\sum_{i,j}\left(\frac{G^l_{ij}-A^l_{ij}}{N_lM_l}\right)^2`, tv: raw`1\cdot\sum\left(|\Delta_x|+|\Delta_y|\right)\ \text{(pixels 0 to 255)}` },
    contentLayer: "block4_conv2", styleWeights: equal(3e4 / 5), contentWeight: 1e5, contentReduction: "mean", styleReduction: "value-sum",
    variation: { kind: "sum-absolute", weight: ABSOLUTE_255 }, tap: AFTER,
    optimiser: { published: "L-BFGS with a line search (strong Wolfe)", nearest: LBFGS }, initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 400, steps: 1000,
    special: ["It names conv4_2 for content; torchvision's ReLU works in place, so that what is compared has passed it.", LINE_SEARCH],
    defects: ["It gives torchvision's network pixels of 0 to 255 less the mean, without the division by the standard deviation that it was trained with."],
  },
  tensorflow,
  {
    ...tensorflow, id: "tf-tutorial-tv", title: "TensorFlow’s tutorial, second run", formula: { ...tensorflow.formula, tv: raw`30\cdot\sum\left(|\Delta_x|+|\Delta_y|\right)` },
    variation: { kind: "sum-absolute", weight: 30 },
    special: [...tensorflow.special, "A sum of absolute differences grows with the number of pixels; content and style do not."],
  },
  {
    ...tensorflow, id: "tf-eager", title: "TensorFlow’s eager execution blog post", cite: { text: "R. Yuan, Neural Style Transfer with tf.keras and eager execution, 2018", url: "https://github.com/tensorflow/models/tree/master/research/nst_blogpost" },
    formula: { ...tensorflow.formula, content: MEAN_CONTENT("10^3") }, contentWeight: 1e3,
    optimiser: { published: "Adam, learning rate 5 on pixels of 0 to 255, β₁ 0.99, ε 0.1", nearest: adam255(5, { beta1: 0.99, epsilon: 0.1 }) },
    special: ["Content has a tenth of the weight that it has in the later tutorial.", "It gives the picture with the least cost on the way, not the last."],
    defects: ["Its text has the paper’s 1/(4N²M²); in the code that line is a comment, and the Gram matrices are divided by M alone."],
  },
  {
    id: "pytorch-tutorial", title: "PyTorch’s tutorial", cite: { text: "A. Jacq, Neural Transfer Using PyTorch", url: "https://pytorch.org/tutorials/advanced/neural_style_tutorial.html" }, pack: "torchvision-vgg19",
    formula: { content: MEAN_CONTENT("1"), style: MEAN_STYLE("10^6", "N_lM_l"), tv: "" },
    contentLayer: "block2_conv2", styleWeights: { block1_conv1: 1e6, block1_conv2: 1e6, block2_conv1: 1e6, block2_conv2: 1e6, block3_conv1: 1e6 }, contentWeight: 1, contentReduction: "mean", styleReduction: "value-mean", variation: null,
    tap: { content: "before", style: "before" },
    optimiser: { published: "L-BFGS, learning rate 1, 300 evaluations", nearest: LBFGS }, initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 512, steps: 300,
    special: ["Layers are read before their ReLU.", "Both pictures must have the same size.", "Its L-BFGS has no line search, as the one here; it remembers 100 steps, the one here 10."],
    defects: ["It counts convolutions in sequence: “conv_1” to “conv_5” are conv1_1, conv1_2, conv2_1, conv2_2 and conv3_1, so that style is shallow, and content is compared at conv2_2, where a unit sees 14 pixels."],
  },
  cs231n,
  cs231nWith("cs231n-scream", "The Scream", 3e-2, [200000, 800, 12, 1], 2e-2),
  cs231nWith("cs231n-starry-night", "Starry Night", 6e-2, [300000, 1000, 15, 3], 2e-2),
  {
    id: "dlai-tf1", title: "deeplearning.ai, TensorFlow 1", cite: { text: "deeplearning.ai, Art Generation with Neural Style Transfer", url: "https://www.coursera.org/learn/convolutional-neural-networks" }, pack: "caffe-vgg19",
    formula: { content: raw`10\cdot\frac{1}{4N_lM_l}\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`, style: raw`40\cdot\sum_l 0.2\cdot${LAYER_ERROR}`, tv: "" },
    contentLayer: "block4_conv2", styleWeights: equal(40 * 0.2), contentWeight: 10, contentReduction: "quarter-mean", styleReduction: "layer-error", variation: null, tap: AFTER,
    optimiser: { published: "Adam, learning rate 2 on pixels of 0 to 255", nearest: adam255(2) },
    initialisation: { published: "0.6 of weak noise about grey, 0.4 of the content picture", nearest: { kind: "blend", noise: 0.6 } },
    pooling: "average", size: 400, steps: 200,
    special: ["Both pictures have 400 × 300 px.", "A rest of a row or column is pooled as well, where it is left out here: 38 rows at conv4_2, not 37."], defects: [],
  },
  {
    id: "dlai-tf2", title: "deeplearning.ai, TensorFlow 2", cite: { text: "deeplearning.ai, Art Generation with Neural Style Transfer", url: "https://www.coursera.org/learn/convolutional-neural-networks" }, pack: "caffe-vgg19",
    formula: { content: raw`10\cdot\frac{1}{4N_lM_l}\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`, style: raw`40\cdot\sum_l 0.2\cdot${LAYER_ERROR}`, tv: "" },
    contentLayer: "block5_conv4", styleWeights: equal(40 * 0.2), contentWeight: 10, contentReduction: "quarter-mean", styleReduction: "layer-error", variation: null, tap: AFTER,
    optimiser: { published: "Adam, learning rate 0.01", nearest: { kind: "adam", learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } },
    initialisation: { published: "content with noise of ±0.25", nearest: { kind: "blend", noise: 0.25 } },
    pooling: "maximum", size: 400, steps: 2501,
    input: { channels: "RGB", range: [0, 1], mean: [0, 0, 0], scale: 1 },
    special: ["Both pictures have 400 × 400 px."],
    defects: ["Nothing is preprocessed: the network sees red, green and blue from 0 to 1, where it was trained on numbers from −124 to 151. Its biases then outweigh what it sees."],
  },
  {
    id: "keras-io", title: "keras.io’s example", cite: { text: "F. Chollet, Neural style transfer (keras.io)", url: "https://keras.io/examples/generative/neural_style_transfer/" }, pack: "caffe-vgg19",
    formula: { content: raw`2.5\cdot10^{-8}\cdot\sum_{i,j}\left(F_{ij}-P_{ij}\right)^2`, style: raw`\frac{10^{-6}}{5}\cdot\sum_l\frac{1}{4\cdot3^2S^2}\sum_{i,j}\left(G^l_{ij}-A^l_{ij}\right)^2,\quad S=\text{pixels}`, tv: raw`10^{-6}\cdot\sum\left(\Delta_x^2+\Delta_y^2\right)^{1.25}\ \text{(pixels 0 to 255)}` },
    contentLayer: "block5_conv2", styleWeights: equal(1e-6 / 5), contentWeight: 2.5e-8, contentReduction: "sum", styleReduction: "image",
    variation: { kind: "sum-power-1.25", weight: 1e-6 * POWER_255 }, tap: AFTER,
    optimiser: { published: "plain descent, learning rate 100 on pixels of 0 to 255, times 0.96 every 100 steps", nearest: { kind: "descent", learningRate: 100 / SQUARES_255, decay: { rate: 0.96, every: 100 } } },
    initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 400, steps: 4000,
    special: [SAME_SHAPE, SUM_CONTENT, "Every layer is divided by the size of the picture, not its own: the deeper, the less it counts, conv5_1 a thousandth of conv1_1."], defects: [],
  },
  {
    id: "zioul123", title: "web-style-transfer", cite: { text: "zioul123, web-style-transfer (WebGPU)", url: "https://github.com/zioul123/web-style-transfer" }, pack: "torchvision-vgg19",
    formula: { content: MEAN_CONTENT("1"), style: MEAN_STYLE(raw`5\cdot10^5`, "N_lM_l"), tv: "" },
    contentLayer: "block4_conv2", styleWeights: equal(5e5), contentWeight: 1, contentReduction: "mean", styleReduction: "value-mean", variation: null, tap: AFTER,
    optimiser: { published: "L-BFGS, learning rate 1, 10 steps remembered, no line search", nearest: LBFGS }, initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 192, steps: 200,
    special: ["The other one of these that computes in the browser.", "The number of steps is for the person to choose; 200 stand here."], defects: [],
  },
  {
    id: "seed-formula", title: "The seed’s formulas", cite: { text: "Neural Style Transfer with tf.keras and eager execution (chapter 9): its formulas, those of Gatys et al. 2015", url: "https://arxiv.org/abs/1508.06576" }, pack: "caffe-vgg19",
    formula: { content: raw`\alpha\cdot${HALF_CONTENT},\quad\alpha=1`, style: raw`\beta\cdot\sum_l\tfrac15\cdot${LAYER_ERROR},\quad\beta=1000`, tv: "" },
    contentLayer: "block5_conv2", styleWeights: equal(1000 / 5), contentWeight: 1, contentReduction: "half-sum", styleReduction: "layer-error", variation: null, tap: AFTER,
    optimiser: { published: "gradient descent; Adam in the code, learning rate 0.02", nearest: { kind: "adam", learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } },
    initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 512, steps: 1000,
    special: ["It gives no numbers for α, β and w: those of the paper at α/β = 10⁻³ stand here.", SAME_SHAPE, SUM_CONTENT], defects: [],
  },
  {
    id: "seed-code", title: "The seed’s code, as written", cite: { text: "Neural Style Transfer with tf.keras and eager execution (chapter 9): its code, after R. Yuan’s", url: "https://github.com/tensorflow/models/tree/master/research/nst_blogpost" }, pack: "caffe-vgg19",
    formula: { content: MEAN_CONTENT("1"), style: MEAN_STYLE("1", "M_l"), tv: "" },
    contentLayer: "block5_conv2", styleWeights: equal(1), contentWeight: 1, contentReduction: "mean", styleReduction: "position-mean", variation: null, tap: AFTER,
    optimiser: { published: "Adam, learning rate 0.02 on preprocessed pixels", nearest: adam255(0.02, { epsilon: 1e-7 }) },
    initialisation: { published: "content", nearest: { kind: "content" } },
    pooling: "maximum", size: 512, steps: 1000,
    special: ["In the code α and β of its formula are both 1, and the cost is another one: means in place of ½Σ and 1/(4N²M²)."],
    defects: [
      "After every step it clips the preprocessed picture, which runs from −124 to 151, to −1 … 1: one step leaves an even grey of the mean colour. Here pixels are clipped to what a picture can show.",
      "A learning rate of 0.02 on that scale is 0.02 of 255 levels: after 1000 steps a pixel has moved by 20 levels at most.",
      "It gives the result as it is, in the order blue, green, red and with the mean taken away.",
    ],
  },
];

export const RECIPE_LIST: readonly Recipe[] = PARTS.map((part) => ({ ...part, styleLayers: Object.keys(part.styleWeights) }));
