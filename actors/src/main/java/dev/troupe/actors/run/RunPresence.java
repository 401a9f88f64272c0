package dev.troupe.actors.run;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who of a run is there.
 *
 * @param nodes that take part
 * @param samplers that have begun, by name, in order
 * @param samplersWanted as many as there will be once all have begun
 */
record RunPresence(
    Set<String> nodes,
    boolean learner,
    List<String> samplers,
    int samplersWanted,
    boolean rewards) {
  static final RunPresence NOBODY = new RunPresence(Set.of(), false, List.of(), 0, false);

  RunPresence {
    nodes = Set.copyOf(nodes);
    samplers = List.copyOf(samplers);
  }

  boolean areAllSamplersThere() {
    return samplers.size() >= samplersWanted;
  }

  /** The node that is missing; samplers and rewards are for reinforcement learning only. */
  Optional<String> missing(boolean reinforced) {
    if (!learner) {
      return Optional.of("a learner node");
    }
    if (reinforced && samplers.isEmpty()) {
      return Optional.of("a rollout node");
    }
    return reinforced && !rewards ? Optional.of("a reward node") : Optional.empty();
  }
}
