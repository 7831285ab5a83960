/** Where the page fetches weights from. To add a network: an entry here, and its hosts below. */

/** A public weights file of which the convolutions are fetched, by ranges. */
export interface WeightsSource {
  /** as notebooks name the network once it is here */
  id: string;
  title: string;
  /** the file itself, of a revision that does not change */
  url: string;
  /** the file as it is now: taken where that revision is gone, and checked alike */
  newest: string;
  /** where people read about it */
  page: string;
  /** who offers it, for people */
  from: string;
  licence: string;
  /** bytes of the whole file, about */
  fileBytes: number;
  /** bytes that are fetched of it: kernels and biases of the convolutions */
  bytes: number;
  /** the same network as a file that any browser can save by itself, to be dropped on the page */
  instead: { url: string; name: string; bytes: number; md5: string; licence: string };
}

const REVISION = "128d4708565b3a414bcbb9bbad440b2fe37b9f18";

export const SOURCES: Readonly<Record<"vgg19", WeightsSource>> = {
  vgg19: {
    id: "vgg19",
    title: "VGG-19",
    url: `https://huggingface.co/timm/vgg19.tv_in1k/resolve/${REVISION}/model.safetensors`,
    newest: "https://huggingface.co/timm/vgg19.tv_in1k/resolve/main/model.safetensors",
    page: "https://huggingface.co/timm/vgg19.tv_in1k",
    from: "Hugging Face, timm/vgg19.tv_in1k (torchvision's ImageNet weights)",
    licence: "BSD-3-Clause",
    // 143,667,240 numbers of 32 bits, of which 20,024,384 belong to the sixteen convolutions
    fileBytes: 574_668_960,
    bytes: 80_097_536,
    instead: {
      url: "https://storage.googleapis.com/tensorflow/keras-applications/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
      name: "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
      bytes: 80_134_624,
      md5: "253f8cb515780f3b799900260a226db6",
      licence: "CC BY 4.0",
    },
  },
};

/** The source that a network came from, by its origin. */
export const sourceOfOrigin = (origin: string): WeightsSource | undefined => Object.values(SOURCES).find(({ url, newest }) => origin === url || origin === newest);

/** What the page may connect to for them: a file's address leads on to a signed one, at one of several hosts. */
export const SOURCE_HOSTS: readonly string[] = ["https://huggingface.co", "https://*.huggingface.co", "https://hf.co", "https://*.hf.co"];
