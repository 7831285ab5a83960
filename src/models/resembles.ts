import type { ArchiveTensor } from "./archive";
import { LONGEST_NAME } from "./tensor-names";

/** Networks that are not taken, by what only their tensors are called. */
const FAMILIES: readonly { pattern: RegExp; what: string }[] = [
  { pattern: /(?:^|\.)(?:lora_(?:A|B|up|down)|lora_unet)/, what: "a LoRA: differences to a network that is not in the file" },
  { pattern: /(?:down_blocks|input_blocks)\.\d+|diffusion_model/, what: "a diffusion model" },
  { pattern: /(?:embed_tokens|lm_head|word_embeddings|wte\.weight|self_attn\.q_proj)/, what: "a language model" },
  { pattern: /relative_position_bias_table/, what: "a Swin transformer" },
  { pattern: /(?:patch_embed|cls_token|encoder\.layers?\.(?:encoder_layer_)?\d+\.(?:self_attention|attention)|blocks\.\d+\.attn\.)/, what: "a vision transformer (ViT)" },
  { pattern: /denseblock\d|conv\d_block\d+_\d_conv.*concat/, what: "a DenseNet" },
  { pattern: /(?:Mixed_\d[a-e]|^mixed\d|inception_?\d[a-e])/, what: "an Inception network" },
  { pattern: /stages\.\d+\.blocks\.\d+\.(?:conv_dw|dwconv|gamma)/, what: "a ConvNeXt" },
  { pattern: /(?:_depthwise_conv|conv_dw|depthwise_kernel|features\.\d+\.conv\.\d+\.0\.weight|blocks\.\d+\.\d+\.conv_pw|features\.\d+\.\d+\.block\.\d)/, what: "a MobileNet or an EfficientNet" },
  { pattern: /(?:^|[./])(?:layer[1-4]\.\d+\.(?:conv|bn)[123]|conv[2-5]_block\d+_\d_conv|res[2-5][a-f]_branch)/, what: "a ResNet" },
  { pattern: /(?:^|[./])(?:res\d+\.conv[12]|residual\d|deconv\d|up\d\.|in[1-5]\.(?:weight|scale))/, what: "a network that stylises a picture in one go (Johnson’s fast neural style), which has no features to compare pictures by" },
];

const NEEDED = "What can be used: VGG-11, 13, 16 or 19 (with batch normalisation too, and with fewer filters), SqueezeNet 1.0 or 1.1, AlexNet as in torchvision, and files that this workbench has saved.";

/** What an unknown weights file holds, what it resembles, and what would be needed: for the message that refuses it. */
export function refusal(name: string, tensors: readonly ArchiveTensor[], nearMiss: string): string {
  const some = tensors.slice(0, 3).map((tensor) => `${shortened(tensor.name)} ${tensor.shape.join("×") || "a single number"}`);
  const found = `“${name}” holds ${tensors.length} tensor${tensors.length === 1 ? "" : "s"} (${some.join(", ")}${tensors.length > some.length ? ", …" : ""})`;
  if (nearMiss) return `${found}. ${nearMiss}. ${NEEDED}`;
  return `${found}${likeness(tensors)}. ${NEEDED}`;
}

function likeness(all: readonly ArchiveTensor[]): string {
  const tensors = all.filter(({ name }) => name.length <= LONGEST_NAME);
  // the family with most tensors of its own, so that one odd name does not decide
  const counted = FAMILIES.map(({ pattern, what }) => ({ what, count: tensors.filter(({ name }) => pattern.test(name)).length }));
  const best = counted.reduce((a, b) => (b.count > a.count ? b : a));
  if (best.count > 0) return `, which look like ${best.what}`;
  const begins = tensors.find(({ shape }) => shape.length === 4);
  if (begins && /^(?:.*\.)?0\.weight$/.test(begins.name) && begins.shape.join() === "3,3,1,1")
    return ", which look like the normalised VGG of AdaIN: it begins with a 1×1 convolution and pads with mirrored pixels, so it is not VGG’s function any more";
  if (tensors.every(({ name }) => /^(?:arr_|param_|.*[./]param_)?\d+$/.test(name)))
    return ", whose names are only numbers: nothing says which layer each belongs to, and Lasagne and Theano, which write such files, store their kernels turned round";
  return tensors.some(({ shape }) => shape.length === 4) ? ", whose names and order are those of no network that is known here" : ", and none of them is a convolution’s kernel";
}

const shortened = (name: string) => (name.length > 48 ? `${name.slice(0, 45)}…` : name);
