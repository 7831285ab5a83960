import type * as tf from "@tensorflow/tfjs";

/**
 * The tensors that one piece of work owns. `tf.tidy` cannot serve here: its scopes are a stack, and a step that gives way
 * between layers would find another run's scope on top of its own when it goes on.
 */
export class Owner {
  private readonly tensors = new Set<tf.Tensor>();

  /** Takes ownership. */
  keep<T extends tf.Tensor>(tensor: T): T {
    this.tensors.add(tensor);
    return tensor;
  }

  /** Disposes a tensor that is owned; anything else is left alone. */
  drop(tensor: tf.Tensor | undefined | null): void {
    if (tensor && this.tensors.delete(tensor)) tensor.dispose();
  }

  /** Gives a tensor up: the caller disposes it. */
  release<T extends tf.Tensor>(tensor: T): T {
    this.tensors.delete(tensor);
    return tensor;
  }

  /** Disposes all that is still owned. Safe to call twice, and on a backend that has been lost. */
  dispose(): void {
    for (const tensor of this.tensors) {
      try {
        if (!tensor.isDisposed) tensor.dispose();
      } catch {
        // a lost GPU context cannot free what it has lost already
      }
    }
    this.tensors.clear();
  }
}
