package dev.troupe.actors.rollout;

import dev.troupe.actors.policy.Policy;
import java.util.List;
import java.util.Optional;

/** Samples many trajectories together. One thread makes, owns and closes it. */
public interface SamplerEngine extends AutoCloseable {
  /** Takes up {@code policy}, counting its own use of it; the caller keeps its count. */
  void use(Policy policy);

  /** How many more samples can be taken up now. */
  int freeLanes();

  /** Takes up a sample; there must be a policy and a free lane. */
  void submit(Sample sample);

  /** Makes a few tokens or steps for every sample under way; returns what is finished. */
  List<Finished> advance();

  /**
   * What doesn't come back, given up as lost; asked by another thread than the engine's, which is
   * given up with it.
   */
  default Optional<Finished> overdue() {
    return Optional.empty();
  }

  /** Whether no sample is under way. */
  boolean idle();

  /** Tokens or environment steps made so far. */
  long tokens();

  @Override
  void close();
}
