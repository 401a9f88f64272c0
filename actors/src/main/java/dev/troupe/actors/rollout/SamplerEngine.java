package dev.troupe.actors.rollout;

import dev.troupe.actors.policy.Policy;
import dev.troupe.protocol.trajectory.Trajectory;
import java.util.List;

/** Samples many trajectories together. One thread makes, owns and closes it. */
public interface SamplerEngine extends AutoCloseable {
  /** Takes up {@code policy}, counting its own use of it; the caller keeps its count. */
  void use(Policy policy);

  /** How many more samples can be taken up now. */
  int freeLanes();

  /** Takes up a sample; there must be a policy and a free lane. */
  void submit(Sample sample);

  /** Makes a few tokens for every sample under way; returns what is finished. */
  List<Trajectory> advance();

  /** Whether no sample is under way. */
  boolean idle();

  /** Tokens made so far. */
  long tokens();

  @Override
  void close();
}
