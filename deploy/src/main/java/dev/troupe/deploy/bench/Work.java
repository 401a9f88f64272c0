package dev.troupe.deploy.bench;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;

/** Floating-point operations that a decoder needs, whoever computes it. */
final class Work {
  private Work() {}

  /** Of drawing one token after {@code context} others: a product with every matrix, attention. */
  static double drawing(DecoderShape shape, double context) {
    double attention = 4.0 * shape.layers() * shape.heads() * shape.headSize() * context;
    return 2.0 * multiplied(shape) + attention;
  }

  /** Of training on one token: forward, and twice that backward. */
  static double training(DecoderShape shape, double context) {
    return 3 * drawing(shape, context);
  }

  /** Weights that multiply: the embedding is looked up, but a tied head multiplies with it. */
  private static double multiplied(DecoderShape shape) {
    long embedding = (long) shape.vocabulary() * shape.hidden();
    long all = new DecoderNetwork(shape).elements();
    return shape.tied() ? all : all - embedding;
  }
}
